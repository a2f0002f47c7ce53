import assert from 'node:assert/strict';
import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { accepting } from '../../../server/features/accepting.js';
import { completion } from '../../../server/features/completion.js';
import { documentSync } from '../../../server/features/documentSync.js';
import { executeCommand } from '../../../server/features/executeCommand.js';
import { inlineCompletion } from '../../../server/features/inlineCompletion.js';
import type { TextEdit } from '../../../server/base/snapshot.js';
import { openEditor, type TestEditor } from '../../support/editor.js';
import type { Completer } from '../../../server/complete/completer.js';
import type { Core } from '../../../server/core.js';
import { completionAt, createFakeCore } from '../../support/fakeCore.js';
import { waitFor } from '../../support/waitFor.js';

const features = [documentSync, inlineCompletion, completion, accepting, executeCommand];
const uri = 'file:///project/src/main.ts';
const head = "import { a } from './a.js';\n";
const importLine = "import { send } from './send.js';\n";

/** A core whose suggestion needs an import, in the popup below the first line, and when accepted where it is said then. */
function core(imports: readonly TextEdit[] = [{ start: head.length, end: head.length, text: importLine }]): Core {
  const fake = createFakeCore({
    complete: request => {
      const item = completionAt(request, 'send();');
      return Promise.resolve({
        items: [{ ...item, imports: request.withImports === true ? imports : [] }],
        reason: null,
        steps: [],
      });
    },
  });
  const importsOf: Completer['importsOf'] = (id, current) => {
    const snapshot = id === 'one' ? current(uri) : null;
    const start = snapshot?.text.indexOf(head) ?? -1;
    if (snapshot === null || start < 0 || snapshot.text.includes(importLine)) return Promise.resolve(null);
    const at = start + head.length;
    return Promise.resolve({ snapshot, edits: [{ start: at, end: at, text: importLine }] });
  };
  return { ...fake, completer: { ...fake.completer, importsOf } };
}

const inline = { textDocument: { inlineCompletion: {} } };
const changing = {
  capabilities: { ...inline, workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } } },
};

async function withEditor(
  initialize: object,
  run: (editor: TestEditor) => Promise<void>,
  withCore = core(),
): Promise<void> {
  const editor = await openEditor({ core: withCore, features, initialize: { ...initialize } });
  editor.rpc.onRequest('workspace/applyEdit', () => ({ applied: true }));
  try {
    await run(editor);
  } finally {
    await editor.close();
  }
}

const asked = (editor: TestEditor): readonly unknown[] =>
  editor.rpc.requests.filter(({ method }) => method === 'workspace/applyEdit').map(({ params }) => params);

async function acceptOne(editor: TestEditor): Promise<void> {
  const [item] = await editor.complete();
  assert.ok(item);
  await editor.accept(item);
}

describe('imports of an accepted suggestion', () => {
  it('are asked for as one change of the text as it is then', async () => {
    await withEditor(changing, async editor => {
      editor.open(uri, `${head}\n/*cursor*/`);
      await acceptOne(editor);
      await waitFor(() => asked(editor).length > 0);
      assert.deepEqual(asked(editor), [
        {
          label: 'Add missing imports',
          edit: {
            documentChanges: [
              {
                textDocument: { uri, version: 2 },
                edits: [
                  { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, newText: importLine },
                ],
              },
            ],
          },
        },
      ]);
    });
  });

  it('are asked for without a version where the client knows none', async () => {
    await withEditor({ capabilities: { ...inline, workspace: { applyEdit: true } } }, async editor => {
      editor.open(uri, `${head}\n/*cursor*/`);
      await acceptOne(editor);
      await waitFor(() => asked(editor).length > 0);
      const [params] = asked(editor) as [{ edit: { changes: Record<string, readonly { newText: string }[]> } }];
      assert.deepEqual(
        params.edit.changes[uri]?.map(({ newText }) => newText),
        [importLine],
      );
    });
  });

  it('follow what was typed above the cursor meanwhile', async () => {
    await withEditor(changing, async editor => {
      editor.open(uri, `${head}\n/*cursor*/`);
      const [item] = await editor.complete();
      assert.ok(item?.command);
      editor.moveTo(0);
      editor.type('// first\n');
      await editor.rpc.request('workspace/executeCommand', item.command);
      await waitFor(() => asked(editor).length > 0);
      const [params] = asked(editor) as [
        { edit: { documentChanges: [{ edits: [{ range: { start: { line: number } } }] }] } },
      ];
      assert.equal(params.edit.documentChanges[0].edits[0].range.start.line, 2);
    });
  });

  it('are not asked for when they stand there by now, nor without the ability', async () => {
    await withEditor(changing, async editor => {
      editor.open(uri, `${head}\n/*cursor*/`);
      const [item] = await editor.complete();
      assert.ok(item?.command);
      editor.moveTo(head.length);
      editor.type(importLine);
      await editor.rpc.request('workspace/executeCommand', item.command);
      await editor.complete();
      assert.deepEqual(asked(editor), []);
    });
    await withEditor({ capabilities: inline }, async editor => {
      editor.open(uri, `${head}\n/*cursor*/`);
      await acceptOne(editor);
      await editor.complete();
      assert.deepEqual(asked(editor), []);
    });
  });

  it('are left where the document is closed, or another one is meant', async () => {
    await withEditor(changing, async editor => {
      editor.open(uri, `${head}\n/*cursor*/`);
      const [item] = await editor.complete();
      assert.ok(item?.command);
      await editor.rpc.request('workspace/executeCommand', { ...item.command, arguments: [{ id: 'another' }] });
      editor.rpc.notify('textDocument/didClose', { textDocument: { uri } });
      await editor.rpc.request('workspace/executeCommand', item.command);
      assert.deepEqual(asked(editor), []);
    });
  });

  it('may be refused', async () => {
    await withEditor(changing, async editor => {
      editor.rpc.onRequest('workspace/applyEdit', () => ({ applied: false }));
      editor.open(uri, `${head}\n/*cursor*/`);
      await acceptOne(editor);
      await waitFor(() => asked(editor).length > 0);
      assert.equal((await editor.complete()).length, 1);
    });
  });

  describe('in a popup', () => {
    const popup = { capabilities: { textDocument: { completion: {} } } };
    const itemOf = async (source: string, withCore = core()): Promise<CompletionItem | undefined> => {
      let found: CompletionItem | undefined;
      await withEditor(
        popup,
        async editor => {
          editor.open(uri, source);
          const params = { textDocument: { uri }, position: editor.cursor(), context: { triggerKind: 1 } };
          found = ((await editor.rpc.request('textDocument/completion', params)) as CompletionList).items[0];
        },
        withCore,
      );
      return found;
    };

    it('come with the item itself', async () => {
      const item = await itemOf(`${head}\n/*cursor*/`);
      assert.deepEqual(item?.additionalTextEdits, [
        { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, newText: importLine },
      ]);
    });

    it('never touch what the item changes', async () => {
      const item = await itemOf('/*cursor*/', core([{ start: 0, end: 0, text: importLine }]));
      assert.equal(item?.additionalTextEdits, undefined);
    });

    it('are no edits where nothing is missing', async () => {
      assert.equal((await itemOf(`${head}\n/*cursor*/`, core([])))?.additionalTextEdits, undefined);
    });
  });
});
