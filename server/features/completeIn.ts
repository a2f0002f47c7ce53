import type { Completion, CompletionRequest } from '../complete/completer.js';
import type { Call } from '../lsp/feature.js';
import type { OpenDocument } from '../lsp/documents.js';
import type { DocumentPosition } from '../lsp/read.js';
import type { Session } from '../lsp/session.js';
import { originText } from './originText.js';

export interface Completed {
  readonly item: Completion;
  readonly document: OpenDocument;
}

/** What both completion methods do: take the document as it is now, ask the completer, note for the trace what came. */
export async function completeIn(
  session: Session,
  call: Call,
  { uri, position }: DocumentPosition,
  contextOf: (document: OpenDocument) => Pick<CompletionRequest, 'trigger' | 'selected' | 'withImports'>,
): Promise<readonly Completed[]> {
  const document = session.documents.get(uri);
  if (document === null) {
    call.note({ reason: 'not-open' });
    return [];
  }
  session.setActiveUri(uri);
  const core = session.loadedCore() ?? (await session.core());
  // While the core was loading, the text may have moved on under the position.
  if (session.documents.get(uri) !== document) {
    call.note({ reason: 'superseded' });
    return [];
  }
  const request = { snapshot: document.snapshot, offset: document.offsetAt(position), ...contextOf(document) };
  const { items, reason, steps } = await core.completer.complete(request, call.signal);
  const [first] = items;
  call.note({
    steps,
    ...(reason === null ? {} : { reason }),
    ...(first === undefined ? {} : { source: first.source, origin: originText(first.origin, session.folders()) }),
  });
  return items.map(item => ({ item, document }));
}
