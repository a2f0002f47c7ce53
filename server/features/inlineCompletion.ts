import type { InlineCompletionItem, InlineCompletionList } from 'vscode-languageserver';
import type { Range } from '../base/position.js';
import { isRecord } from '../base/record.js';
import type { Completion, CompletionRequest } from '../complete/completer.js';
import type { Feature } from '../lsp/feature.js';
import type { OpenDocument } from '../lsp/documents.js';
import { readDocumentPosition, readRange, readRecord, type DocumentPosition } from '../lsp/read.js';
import { completeIn } from './completeIn.js';

/** textDocument/inlineCompletion of LSP 3.18: ghost text. */
export const inlineCompletion: Feature = {
  id: 'inlineCompletion',
  // Static: Neovim registers nothing later.
  capabilities: client => (client.inlineCompletion ? { inlineCompletionProvider: true } : {}),
  register(session, handlers) {
    handlers.request<InlineParams, InlineCompletionList>({
      method: 'textDocument/inlineCompletion',
      read: readInlineParams,
      // Null would leave the last ghost text standing in Neovim.
      empty: { items: [] },
      supersedeKey: params => params.uri,
      async handle(params, call) {
        const answered = await completeIn(session, call, params, requestOf(params));
        return { items: answered.map(({ item, document }) => inlineItem(item, document)) };
      },
    });
  },
};

interface InlineParams extends DocumentPosition {
  readonly trigger: CompletionRequest['trigger'];
  readonly selected: { readonly range: Range; readonly text: string } | null;
}

const invokedKind = 1;

function readInlineParams(params: unknown): InlineParams {
  const context = readRecord(params)['context'];
  const selected = isRecord(context) ? context['selectedCompletionInfo'] : null;
  return {
    ...readDocumentPosition(params),
    trigger: isRecord(context) && context['triggerKind'] === invokedKind ? 'invoked' : 'automatic',
    selected: isRecord(selected) ? { range: readRange(selected['range']), text: selectedText(selected['text']) } : null,
  };
}

/** The released specification has a string here; drafts of it had a snippet's shape. */
function selectedText(text: unknown): string {
  const value: unknown = isRecord(text) ? text['value'] : text;
  return typeof value === 'string' ? value : '';
}

function requestOf({ trigger, selected }: InlineParams): (document: OpenDocument) => RequestContext {
  return document => ({
    trigger,
    selected: selected && {
      start: document.offsetAt(selected.range.start),
      end: document.offsetAt(selected.range.end),
      text: selected.text,
    },
  });
}

type RequestContext = Pick<CompletionRequest, 'trigger' | 'selected'>;

/**
 * Always a range, on one line, from where the text begins; always a plain string that begins with what stands in the
 * range: Neovim expands a snippet at the cursor and ignores its range, and a null range throws there.
 */
function inlineItem(item: Completion, document: OpenDocument): InlineCompletionItem {
  return {
    insertText: item.text,
    filterText: item.text,
    range: document.rangeAt(item.start, item.end),
    command: { title: 'Accepted', command: 'understudy.accepted', arguments: [{ id: item.id }] },
  };
}
