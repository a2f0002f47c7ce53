import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGrammars, type Grammars } from '../../../grammars/parse.js';
import { languageOfId, otherText } from '../../../grammars/registry.js';
import type { Trees } from '../../../grammars/trees.js';
import { createTrees } from '../../../grammars/treesClient.js';
import { createRecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import { voteRanker } from '../../../index/recall/voteRanker.js';
import { silentLog } from '../../../server/base/log.js';
import { createCompleter } from '../../../server/complete/createCompleter.js';
import { balanceOf } from '../../../server/complete/filters/brackets.js';
import { grammarFolders } from '../../support/grammarFolders.js';
import { errorCount } from './support/errorCount.js';
import { cursorMark, openGhostEditor, type GhostEditor } from './support/ghostEditor.js';
import { inlineDefaults, scriptedRecall } from './support/scripted.js';

const typescript = languageOfId('typescript') ?? otherText;
const treeThread = new URL('../../../grammars/treeThread.js', import.meta.url);

describe('the pipeline over real trees', () => {
  let grammars: Grammars;
  let trees: Trees;

  before(async () => {
    grammars = await createGrammars(grammarFolders);
    trees = createTrees({ ...grammarFolders, entry: treeThread, log: silentLog, deadlineMs: 5000 });
  });
  after(async () => {
    grammars.dispose();
    await trees.dispose();
  });

  /** What is shown where an engine says `says`; null when nothing is. */
  async function shown(marked: string, says: string, languageId = 'typescript'): Promise<string | null> {
    const editor = await openWith(scriptedRecall(says), marked, languageId);
    await editor.ask();
    const picture = editor.ghost() === null ? null : editor.picture();
    editor.close();
    return picture;
  }

  async function openWith(
    recall: ReturnType<typeof scriptedRecall> | ReturnType<typeof createRecallInProcess>,
    marked: string,
    languageId = 'typescript',
  ): Promise<GhostEditor> {
    const editor = openGhostEditor({
      completer: createCompleter({
        recall,
        trees,
        settings: () => ({ ...inlineDefaults, minChars: 4, minConfidence: 0.5 }),
        exclusion: () => null,
        now: () => 0,
        log: silentLog,
        checkDeadlineMs: 5000,
      }),
      followers: [recall, trees],
      languageId,
      path: languageId === 'python' ? '/project/main.py' : '/project/main.ts',
      marked,
    });
    // The thread starts at the first call; what it cannot answer yet passes unchecked, which is not what is tested.
    const signal = new AbortController().signal;
    for (let tries = 0; tries < 200; tries++) {
      if ((await trees.surroundings(editor.uri, 1, 0, signal)) !== null) return editor;
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    throw new Error('the tree thread does not answer');
  }

  it('cuts back what closes more than is open', async () => {
    assert.equal(
      await shown('function f() {\n  const a = ▮\n}\n', 'compute(first));'),
      'function f() {\n  const a = ⟦compute(first)⟧\n}\n',
    );
  });

  it('lets a block be left open', async () => {
    const picture = await shown('function f() {\n  ▮\n}\n', 'for (const item of list) {');
    assert.equal(picture, 'function f() {\n  ⟦for (const item of list) {⟧\n}\n');
  });

  it('knows a documentation comment by its tree', async () => {
    assert.equal(await shown('/**\n * What this ▮\n */\nfunction f() {}\n', 'function does is'), null);
  });

  it('knows a documentation string by its tree', async () => {
    assert.equal(await shown('def f():\n    """\n    What this ▮\n    """\n', 'function does is', 'python'), null);
  });

  it('completes code inside a template string', async () => {
    assert.equal(await shown('const a = `one ${▮}`;\n', 'user.name'), 'const a = `one ${⟦user.name⟧}`;\n');
  });

  it('shows nothing that breaks a real file where it ends a statement', async () => {
    const folder = join('server', 'complete');
    const target = join(folder, 'createCompleter.ts');
    const recall = createRecallInProcess({ ranker: voteRanker });
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      if (name.endsWith('.ts') && path !== target) recall.updateFile(`/project/${path}`, readFileSync(path, 'utf8'));
    }
    const source = readFileSync(target, 'utf8');
    const start = source.indexOf('\n', source.length * 0.6) + 1;
    const end = source.indexOf('\n', source.length * 0.68) + 1;
    const editor = await openWith(recall, `${source.slice(0, start)}${cursorMark}\n${source.slice(end)}`);
    const seen = new Set<string>();
    let checked = 0;
    for (const unit of source.slice(start, end).trimEnd()) {
      const answer = await editor.type(unit);
      const item = editor.ghost();
      if (item === null || seen.has(item.id) || answer.steps.some(step => step.name === 'unchecked')) continue;
      seen.add(item.id);
      const text = editor.text();
      const { waiting, foreign } = balanceOf(item.text);
      if (!/[;}]$/.test(item.text) || waiting.length > 0 || foreign.length > 0) continue;
      checked++;
      const accepted = text.slice(0, item.start) + item.text + text.slice(item.end);
      assert.ok(
        errorCount(grammars, typescript, accepted) <= errorCount(grammars, typescript, text),
        `breaks what follows: ${JSON.stringify(item.text)}`,
      );
    }
    assert.ok(seen.size > 5, `${seen.size} suggestions, ${checked} of them ended a statement`);
    editor.close();
  });
});
