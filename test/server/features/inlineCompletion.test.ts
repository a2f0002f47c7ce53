import assert from 'node:assert/strict';
import { accepting } from '../../../server/features/accepting.js';
import { documentSync } from '../../../server/features/documentSync.js';
import { executeCommand } from '../../../server/features/executeCommand.js';
import { inlineCompletion } from '../../../server/features/inlineCompletion.js';
import { tracing } from '../../../server/features/tracing.js';
import { openEditor, type TestEditor } from '../../support/editor.js';
import { completingCore, type CompletingCore } from './completingCore.js';

const features = [documentSync, inlineCompletion, accepting, tracing, executeCommand];
const uri = 'file:///project/src/main.ts';

async function withEditor(
  core: CompletingCore,
  run: (editor: TestEditor) => Promise<void>,
  initialize: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const editor = await openEditor({ core, features, initialize });
  try {
    await run(editor);
  } finally {
    assert.equal(await editor.close(), 0);
  }
}

describe('textDocument/inlineCompletion', () => {
  it('is declared statically, to clients that have it only', async () => {
    await withEditor(completingCore(null), async ({ capabilities }) => {
      assert.equal(capabilities['inlineCompletionProvider'], true);
      assert.equal(capabilities['completionProvider'], undefined);
    });
    const without = { capabilities: { textDocument: { completion: {} } } };
    await withEditor(
      completingCore(null),
      async ({ capabilities }) => assert.equal(capabilities['inlineCompletionProvider'], undefined),
      without,
    );
  });

  it('answers plain text that begins with what its range replaces, on one line, and nothing null', async () => {
    await withEditor(completingCore('pute(first,\n    second);'), async editor => {
      editor.open(uri, 'one();\nconst a = com/*cursor*/;\n');
      const [item] = await editor.complete();
      assert.deepEqual(item, {
        insertText: 'compute(first,\n    second);'.replace(/;$/, ''),
        filterText: 'compute(first,\n    second)',
        range: { start: { line: 1, character: 10 }, end: { line: 1, character: 13 } },
        command: { title: 'Accepted', command: 'understudy.accepted', arguments: [{ id: 'u1' }] },
      });
    });
  });

  it('answers an empty list, never null, when there is nothing', async () => {
    await withEditor(completingCore(null), async editor => {
      editor.open(uri, 'const a = /*cursor*/');
      assert.deepEqual(await editor.complete(), []);
    });
  });

  it('answers an empty list for a document that was never opened', async () => {
    await withEditor(completingCore('x'), async editor => {
      const params = { textDocument: { uri: 'file:///never.ts' }, position: { line: 9, character: 9 }, context: {} };
      assert.deepEqual(await editor.rpc.request('textDocument/inlineCompletion', params), { items: [] });
    });
  });

  it('follows typing, keeps the range, and is accepted with its command', async () => {
    const core = completingCore('compute(first);');
    await withEditor(core, async editor => {
      editor.open(uri, 'const a = /*cursor*/');
      const [first] = await editor.complete();
      editor.type('comp');
      const [second] = await editor.complete();
      assert.deepEqual(second?.command, first?.command);
      assert.deepEqual(second?.range, { start: { line: 0, character: 10 }, end: { line: 0, character: 14 } });
      assert.ok(second !== undefined);
      await editor.accept(second);
      assert.equal(editor.text(), 'const a = compute(first);');
      assert.equal(core.completer.outcomes()['typescript']?.accepted, 1);
    });
  });

  it('infers acceptance from the text where no command comes', async () => {
    const core = completingCore('compute(first);');
    await withEditor(core, async editor => {
      editor.open(uri, 'const a = /*cursor*/');
      const [item] = await editor.complete();
      assert.ok(item !== undefined);
      editor.acceptSilently(item);
      await editor.complete();
      assert.equal(core.completer.outcomes()['typescript']?.accepted, 1);
    });
  });

  it('answers each request of a burst once, also when nobody cancels', async () => {
    await withEditor(completingCore('compute(first);'), async editor => {
      editor.open(uri, 'const a = /*cursor*/');
      const answers = [];
      for (const unit of 'compute(') {
        editor.type(unit);
        answers.push(editor.complete());
      }
      const items = await Promise.all(answers);
      assert.equal(items.length, 8);
      assert.equal(items.at(-1)?.length, 1);
    });
  });

  it('extends what the popup has selected, over the same range', async () => {
    await withEditor(completingCore('Each(run);'), async editor => {
      editor.open(uri, 'list.for/*cursor*/');
      const range = { start: { line: 0, character: 5 }, end: { line: 0, character: 8 } };
      const ask = (text: unknown): Promise<unknown> =>
        editor.rpc.request('textDocument/inlineCompletion', {
          textDocument: { uri },
          position: editor.cursor(),
          context: { triggerKind: 2, selectedCompletionInfo: { range, text } },
        });
      const { items } = (await ask('forEach')) as { items: { insertText: string; range: unknown }[] };
      assert.deepEqual([items[0]?.insertText, items[0]?.range], ['forEach(run);', range]);
      assert.deepEqual(await ask('format'), { items: [] });
    });
  });

  it('notes steps, source, origin and reason for the trace, and no code', async () => {
    await withEditor(completingCore('computeSecretly(first);'), async editor => {
      editor.open(uri, 'const a = /*cursor*/');
      await editor.complete();
      editor.type('// ');
      await editor.complete();
      const trace = await editor.rpc.request('understudy/trace', {});
      const { requests } = trace as { requests: { reason: string; source: string; origin: string; steps: object[] }[] };
      const [newer, older] = requests.filter(entry => entry.steps.length > 0);
      assert.equal(newer?.reason, 'in-comment');
      assert.deepEqual([older?.source, older?.origin], ['recall', '/project/src/origin.ts:41']);
      assert.ok(!JSON.stringify(trace).includes('computeSecretly'));
    });
  });

  it('refuses parameters that it cannot read, and goes on', async () => {
    await withEditor(completingCore('compute();'), async editor => {
      editor.open(uri, 'const a = /*cursor*/');
      for (const bad of [{}, { textDocument: { uri } }, { textDocument: { uri }, position: { line: 'x' } }]) {
        await assert.rejects(editor.rpc.request('textDocument/inlineCompletion', bad));
      }
      assert.equal((await editor.complete()).length, 1);
    });
  });

  it('clamps positions out of range', async () => {
    await withEditor(completingCore('compute();'), async editor => {
      editor.open(uri, 'const a = ');
      for (const position of [
        { line: 0, character: 999 },
        { line: 999, character: 0 },
        { line: -1, character: -1 },
      ]) {
        const params = { textDocument: { uri }, position, context: { triggerKind: 2 } };
        const { items } = (await editor.rpc.request('textDocument/inlineCompletion', params)) as { items: unknown[] };
        assert.ok(Array.isArray(items));
      }
    });
  });
});
