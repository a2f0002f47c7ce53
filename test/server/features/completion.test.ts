import assert from 'node:assert/strict';
import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { completion, labelOf } from '../../../server/features/completion.js';
import { documentSync } from '../../../server/features/documentSync.js';
import { inlineCompletion } from '../../../server/features/inlineCompletion.js';
import { openEditor } from '../../support/editor.js';
import { completingCore } from './completingCore.js';

const features = [documentSync, inlineCompletion, completion];
const uri = 'file:///project/src/main.ts';
const helix = {
  capabilities: { textDocument: { completion: { completionItem: { insertReplaceSupport: true } } } },
  workspaceFolders: [{ uri: 'file:///project', name: 'project' }],
};

async function itemFor(source: string, says: string, initialize: object = helix): Promise<CompletionItem | undefined> {
  const editor = await openEditor({ core: completingCore(says), features, initialize: { ...initialize } });
  editor.open(uri, source);
  const params = { textDocument: { uri }, position: editor.cursor(), context: { triggerKind: 1 } };
  const list = (await editor.rpc.request('textDocument/completion', params)) as CompletionList;
  await editor.close();
  assert.equal(list.isIncomplete, true);
  return list.items[0];
}

describe('textDocument/completion', () => {
  it('is declared to clients without inline completion only', async () => {
    for (const [initialize, expected] of [
      [helix, true],
      [{}, false],
    ] as const) {
      const editor = await openEditor({ core: completingCore(null), features, initialize });
      assert.equal('completionProvider' in editor.capabilities, expected);
      assert.equal('inlineCompletionProvider' in editor.capabilities, !expected);
      await editor.close();
    }
  });

  it('answers one item, first in the menu, that replaces the typed part and says where it is from', async () => {
    assert.deepEqual(await itemFor('const a = com/*cursor*/', 'pute(first);'), {
      label: 'compute(first);',
      kind: 1,
      detail: 'from src/origin.ts:41',
      documentation: {
        kind: 'markdown',
        value: '```typescript\ncompute(first);\n```\n\nfrom src/origin.ts:41',
      },
      preselect: true,
      sortText: '!',
      filterText: 'compute(first);',
      insertTextMode: 1,
      textEdit: {
        range: { start: { line: 0, character: 10 }, end: { line: 0, character: 13 } },
        newText: 'compute(first);',
      },
    });
  });

  it('keeps to plain text where the client wants that', async () => {
    const plain = {
      ...helix,
      capabilities: { textDocument: { completion: { completionItem: { documentationFormat: ['plaintext'] } } } },
    };
    const item = await itemFor('const a = com/*cursor*/', 'pute();', plain);
    assert.deepEqual(item?.documentation, { kind: 'plaintext', value: 'compute();\n\nfrom src/origin.ts:41' });
  });

  it('is not led astray by fences in the text', async () => {
    const item = await itemFor('/*cursor*/', 'const fence = "````";');
    assert.ok(JSON.stringify(item?.documentation).includes('`````typescript'));
  });

  it('labels in one short line', () => {
    assert.equal(labelOf('compute();'), 'compute();');
    assert.equal(labelOf('if (a) {\n  b();\n}'), 'if (a) {…');
    assert.equal(Array.from(labelOf('é'.repeat(100))).length, 60);
    assert.equal(labelOf(`${'a'.repeat(58)}😀😀`), `${'a'.repeat(58)}😀😀`);
  });
});
