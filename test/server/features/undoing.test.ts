import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToUri } from '../../../server/base/paths.js';
import { noAudit } from '../../../server/trust/audit.js';
import { createJournal, type Journal } from '../../../server/trust/journal/createJournal.js';
import { versionOf } from '../../../server/trust/journal/edit.js';
import { openEditor, type TestEditor } from '../../support/editor.js';
import { createFakeCore } from '../../support/fakeCore.js';

const never = new AbortController().signal;

describe('understudy.undo', () => {
  let outer: string;
  let root: string;
  let journal: Journal;

  beforeEach(async () => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-undoing-')));
    root = join(outer, 'workspace');
    mkdirSync(root);
    journal = createJournal({ stateRoot: join(outer, 'state'), audit: noAudit });
    writeFileSync(join(root, 'a.ts'), 'a\n');
    writeFileSync(join(root, 'b.ts'), 'b\n');
    await journal.apply(
      {
        root,
        task: 'refactor',
        files: [
          { kind: 'change', path: 'a.ts', version: versionOf('a\n'), text: 'A\n' },
          { kind: 'change', path: 'b.ts', version: versionOf('b\n'), text: 'B\n' },
          { kind: 'create', path: 'c.ts', text: 'c\n' },
        ],
      },
      never,
    );
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  async function withEditor(workspace: object, test: (editor: TestEditor) => Promise<void>): Promise<void> {
    const editor = await openEditor({
      core: { ...createFakeCore(), journal },
      initialize: { workspaceFolders: [{ uri: pathToUri(root), name: 'w' }], capabilities: { workspace } },
    });
    try {
      await test(editor);
    } finally {
      await editor.close();
    }
  }
  const undo = (editor: TestEditor): Promise<unknown> =>
    editor.rpc.request('workspace/executeCommand', { command: 'understudy.undo', arguments: [] });
  const text = (name: string): string | null =>
    existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : null;
  const texts = (): (string | null)[] => ['a.ts', 'b.ts', 'c.ts'].map(text);
  const paths = (): string[] => ['a.ts', 'b.ts', 'c.ts'].map(name => join(root, name));
  const applied = (editor: TestEditor): unknown[] =>
    editor.rpc.requests.filter(({ method }) => method === 'workspace/applyEdit').map(({ params }) => params);
  const versioned = { applyEdit: true, workspaceEdit: { documentChanges: true } };

  it('takes an edit back on the disk where nothing of it is open', async () => {
    await withEditor(versioned, async editor => {
      assert.deepEqual(await undo(editor), { files: paths(), task: 'refactor' });
      assert.deepEqual(texts(), ['a\n', 'b\n', null]);
      assert.deepEqual(applied(editor), []);
      await assert.rejects(undo(editor), /nothing to undo/);
    });
  });

  it('has the editor change what it has open, saved or not, in the version that it shows', async () => {
    await withEditor(versioned, async editor => {
      editor.rpc.onRequest('workspace/applyEdit', () => ({ applied: true }));
      editor.open(pathToUri(join(root, 'a.ts')), 'A\n/*cursor*/');
      await undo(editor);
      const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
      assert.deepEqual(applied(editor), [
        {
          label: 'Undo',
          edit: {
            documentChanges: [
              { textDocument: { uri: pathToUri(join(root, 'a.ts')), version: 1 }, edits: [{ range, newText: 'a\n' }] },
            ],
          },
        },
      ]);
      assert.deepEqual(texts(), ['A\n', 'b\n', null]);
    });
  });

  it('takes nothing back where what is open has changed, or the editor would not', async () => {
    await withEditor(versioned, async editor => {
      editor.rpc.onRequest('workspace/applyEdit', () => ({ applied: false }));
      editor.open(pathToUri(join(root, 'a.ts')), 'A\n/*cursor*/');
      await assert.rejects(undo(editor), /did not take the change back/);
      editor.type('typed since');
      await assert.rejects(undo(editor), /a\.ts changed since/);
      assert.deepEqual(texts(), ['A\n', 'B\n', 'c\n']);
      editor.erase('typed since'.length);
      editor.rpc.onRequest('workspace/applyEdit', () => ({ applied: true }));
      await undo(editor);
      assert.deepEqual(texts(), ['A\n', 'b\n', null]);
    });
  });

  it('changes the disk for an editor that cannot be asked, where all is saved', async () => {
    await withEditor({}, async editor => {
      editor.open(pathToUri(join(root, 'a.ts')), 'A\nnot saved\n/*cursor*/');
      await assert.rejects(undo(editor), /a\.ts changed since/);
      editor.erase('not saved\n'.length);
      await undo(editor);
      assert.deepEqual(texts(), ['a\n', 'b\n', null]);
    });
  });

  it("leaves alone what was applied in somebody else's folder", async () => {
    const other = join(outer, 'other');
    mkdirSync(other);
    await journal.apply({ root: other, task: 'test', files: [{ kind: 'create', path: 'x.ts', text: '' }] }, never);
    await withEditor(versioned, async editor => {
      await undo(editor);
      assert(existsSync(join(other, 'x.ts')));
      assert.deepEqual(texts(), ['a\n', 'b\n', null]);
    });
  });
});
