import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { renewImports } from '../complete/missingImports.js';
import type { Feature } from '../lsp/feature.js';
import { readDocumentPosition } from '../lsp/read.js';
import type { Session } from '../lsp/session.js';
import { completeIn, type Completed } from './completeIn.js';
import { originText } from './originText.js';

/**
 * textDocument/completion, only for clients without inline completion: elsewhere our own item in the popup would hide the
 * ghost text. One item, the first of the menu.
 */
export const completion: Feature = {
  id: 'completion',
  capabilities: client =>
    client.inlineCompletion ? {} : { completionProvider: { triggerCharacters: [...triggerCharacters] } },
  register(session, handlers) {
    if (session.client.inlineCompletion) return;
    handlers.request({
      method: 'textDocument/completion',
      read: readDocumentPosition,
      empty: listOf([]),
      supersedeKey: params => params.uri,
      async handle(params, call) {
        // The method cannot tell a key from a keystroke.
        const context = { trigger: 'automatic', selected: null, withImports: true } as const;
        const completed = await completeIn(session, call, params, () => context);
        return listOf(completed.map(each => menuItem(each, session)));
      },
    });
  },
};

/** After these something worth reading may follow; words ask by themselves. */
const triggerCharacters = ['.', ':', '(', '[', '{', ',', '=', ' ', '>', '/', '"', "'"] as const;

/** Incomplete: the next keystroke may have another answer, or the first one. */
function listOf(items: CompletionItem[]): CompletionList {
  return { isIncomplete: true, items };
}

const longestLabel = 60;
const asIs = 1;
const textKind = 1;

function menuItem(completed: Completed, session: Session): CompletionItem {
  const { item, document } = completed;
  const origin = originText(item.origin, session.folders());
  return {
    label: labelOf(item.text),
    kind: textKind,
    detail: `from ${origin}`,
    documentation: documentationOf(item.text, origin, document.snapshot.languageId, session.client.completionMarkdown),
    preselect: true,
    // Before what other servers send.
    sortText: '!',
    // All of it, so that the item stays while the person types along.
    filterText: item.text,
    insertTextMode: asIs,
    textEdit: { range: document.rangeAt(item.start, item.end), newText: item.text },
    ...importsWith(completed),
  };
}

/** Imports beside the text: the editor makes them in the same step, so that one undo takes both back. */
function importsWith({ item, document }: Completed): Pick<CompletionItem, 'additionalTextEdits'> {
  // Made for the text when it was shown first: seen anew in the one there is. They must not touch what the item changes.
  const edits = renewImports(document.snapshot, item.imports, document.snapshot).filter(({ end }) => end < item.start);
  if (edits.length === 0) return {};
  return {
    additionalTextEdits: edits.map(({ start, end, text }) => ({ range: document.rangeAt(start, end), newText: text })),
  };
}

/** One short line: Helix once crashed on long ones of several lines. */
export function labelOf(text: string): string {
  const [first = '', ...more] = text.trim().split(/\r\n|\n|\r/);
  const units = Array.from(first.replaceAll('\t', ' '));
  const isCut = more.length > 0 || units.length > longestLabel;
  return isCut
    ? `${units
        .slice(0, longestLabel - 1)
        .join('')
        .trimEnd()}…`
    : units.join('');
}

function documentationOf(
  text: string,
  origin: string,
  languageId: string,
  markdown: boolean,
): { kind: 'markdown' | 'plaintext'; value: string } {
  if (!markdown) return { kind: 'plaintext', value: `${text}\n\nfrom ${origin}` };
  // A fence longer than any in the text cannot be closed by it.
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return { kind: 'markdown', value: `${fence}${languageId}\n${text}\n${fence}\n\nfrom ${origin}` };
}
