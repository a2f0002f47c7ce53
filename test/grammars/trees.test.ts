import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTrees, type TreesOptions } from '../../grammars/treesClient.js';
import type { Trees } from '../../grammars/trees.js';
import { silentLog } from '../../server/base/log.js';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import { grammarFolders } from '../support/grammarFolders.js';
import { trapEveryFunction } from '../support/trapEveryFunction.js';

const never = new AbortController().signal;
const entry = new URL('../../grammars/treeThread.js', import.meta.url);

describe('trees in their thread', () => {
  let trees: Trees;
  const begin = (options: Partial<TreesOptions> = {}): void => {
    trees = createTrees({ entry, ...grammarFolders, log: silentLog, deadlineMs: 5_000, ...options });
  };
  afterEach(() => trees.dispose());

  it('answer unknown while they start, and then judge', async () => {
    begin();
    trees.open(snapshotOf('typescript', 'f(\n'));
    const request = { uri: 'file:///typescript', version: 1, start: 2, end: 2, text: 'a));' };
    assert.deepEqual(await trees.check(request, never), { keep: 4, verdict: 'unknown' });
    await untilKnown(trees, 'typescript');
    assert.deepEqual(await trees.check(request, never), { keep: 2, verdict: 'cut' });
  });

  it('follow the edits of a document, and know no other version', async () => {
    begin();
    const opened = snapshotOf('typescript', 'function f() {\n}\n');
    trees.open(opened);
    await untilKnown(trees, 'typescript');
    trees.change({ ...opened, version: 2, text: 'function f() {\n  "a b"\n}\n' }, [
      { start: 15, end: 15, text: '  ""\n' },
      { start: 18, end: 18, text: 'a b' },
    ]);
    assert.deepEqual(await trees.surroundings('file:///typescript', 2, 19, never), {
      inComment: false,
      inString: true,
      scopes: ['f'],
    });
    assert.equal(await trees.surroundings('file:///typescript', 1, 19, never), null);
    trees.close('file:///typescript');
    assert.equal(await trees.surroundings('file:///typescript', 2, 19, never), null);
  });

  it('say how much may be written at a place, and nothing of another version', async () => {
    begin();
    trees.open(snapshotOf('typescript', 'function f() {\n}\n'));
    await untilKnown(trees, 'typescript');
    const shape = { extent: 'block', blockColumn: 0, opener: '{', isQuoted: false };
    assert.deepEqual(await trees.shape('file:///typescript', 1, 14, never), shape);
    assert.equal(await trees.shape('file:///typescript', 2, 14, never), null);
  });

  it('take a document anew when its edits do not lead to its text', async () => {
    begin();
    const opened = snapshotOf('python', 'a = 1\n');
    trees.open(opened);
    await untilKnown(trees, 'python');
    trees.change({ ...opened, version: 2, text: '# a comment\n' }, [{ start: 0, end: 1, text: 'b' }]);
    await eventually(async () => (await trees.surroundings('file:///python', 2, 5, never))?.inComment === true);
  });

  it('reject only with the reason of the signal', async () => {
    begin();
    trees.open(snapshotOf('go', 'package a\n'));
    await untilKnown(trees, 'go');
    const abort = new AbortController();
    const asked = trees.check({ uri: 'file:///go', version: 1, start: 0, end: 0, text: 'x' }, abort.signal);
    abort.abort(new Error('superseded'));
    await assert.rejects(asked, /superseded/);
    await assert.rejects(trees.surroundings('file:///go', 1, 0, abort.signal), /superseded/);
  });

  it('answer unknown for what has no grammar, was never opened, or is asked after the end', async () => {
    begin();
    trees.open(snapshotOf('ruby', 'a = 1\n'));
    const request = { version: 1, start: 0, end: 0, text: 'b' };
    for (const uri of ['file:///ruby', 'file:///nowhere']) {
      assert.deepEqual(await trees.check({ uri, ...request }, never), { keep: 1, verdict: 'unknown' });
    }
    await trees.dispose();
    assert.equal((await trees.check({ uri: 'file:///ruby', ...request }, never)).verdict, 'unknown');
  });

  it('end when told to, or when idle, and begin again from the snapshots', async () => {
    begin({ idleMs: 1 });
    trees.open(snapshotOf('rust', 'fn f() { /* a */ }\n'));
    await trees.rest();
    begin({ idleMs: 60_000 });
    trees.open(snapshotOf('rust', 'fn f() { /* a */ }\n'));
    await untilKnown(trees, 'rust');
    await trees.rest();
    assert.equal(await trees.surroundings('file:///rust', 1, 12, never), null);
    await untilKnown(trees, 'rust');
    assert.equal((await trees.surroundings('file:///rust', 1, 12, never))?.inComment, true);
  });

  describe('with a grammar that aborts', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'understudy-trees-'));
      cpSync(grammarFolders.wasmFolder, folder, { recursive: true });
      const sound = readFileSync(new URL('go.wasm', grammarFolders.wasmFolder));
      writeFileSync(join(folder, 'go.wasm'), trapEveryFunction(sound));
    });
    after(() => rmSync(folder, { recursive: true }));

    it('other languages go on working, and so does this one once its grammar is sound', async () => {
      const warnings: string[] = [];
      const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
      begin({ wasmFolder: pathToFileURL(`${folder}/`), log, backOffMs: 1 });
      trees.open(snapshotOf('typescript', 'f(\n'));
      await untilKnown(trees, 'typescript');
      trees.open(snapshotOf('go', 'package a\n'));
      await eventually(async () => {
        await trees.surroundings('file:///go', 1, 0, never);
        return warnings.length >= 2;
      });
      assert.match(warnings[0] ?? '', /grammar go aborted/);
      // The document that killed two threads is left alone, and the others are served.
      await untilKnown(trees, 'typescript');
      assert.equal(await trees.surroundings('file:///go', 1, 0, never), null);
      assert.equal(warnings.length, 2);

      cpSync(new URL('go.wasm', grammarFolders.wasmFolder), join(folder, 'go.wasm'));
      await trees.rest();
      trees.close('file:///go');
      trees.open(snapshotOf('go', 'package a\n'));
      await untilKnown(trees, 'go');
      await untilKnown(trees, 'typescript');
    });
  });

  it('say once that a grammar cannot be loaded, and do without it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'understudy-trees-'));
    try {
      cpSync(grammarFolders.wasmFolder, folder, { recursive: true });
      writeFileSync(join(folder, 'java.wasm'), 'no module');
      const warnings: string[] = [];
      const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
      begin({ wasmFolder: pathToFileURL(`${folder}/`), log });
      trees.open(snapshotOf('java', 'class A {}\n'));
      trees.open(snapshotOf('c', 'int a;\n'));
      await untilKnown(trees, 'c');
      assert.equal(await trees.surroundings('file:///java', 1, 0, never), null);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? '', /java/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function snapshotOf(languageId: string, text: string): DocSnapshot {
  return { uri: `file:///${languageId}`, path: null, languageId, version: 1, text };
}

function untilKnown(trees: Trees, languageId: string): Promise<void> {
  return eventually(async () => (await trees.surroundings(`file:///${languageId}`, 1, 0, never)) !== null);
}

/** Turns of the event loop until it holds; mocha's own limit ends it otherwise. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 5));
}
