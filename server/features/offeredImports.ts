import type { TextEdit } from '../base/snapshot.js';
import { renewImports } from '../complete/missingImports.js';
import type { Completed } from './completeIn.js';
import type { OpenDocument } from '../lsp/documents.js';
import type { Session } from '../lsp/session.js';

/** Nobody accepts what was shown longer ago. */
const kept = 20;

/** Suggestions that were answered with imports, by id, the newest last; each as when it was answered first. */
const offered = new WeakMap<Session, Map<string, Completed>>();

/** The imports that a suggestion needs in a document as it is now, and remembers them for when it is accepted. */
export function importsNow(session: Session, { item, document }: Completed): readonly TextEdit[] {
  if (item.imports.length === 0) return [];
  const book = offered.get(session) ?? new Map<string, Completed>();
  offered.set(session, book);
  // While it is typed along it is answered again; its imports fit the text that they were made for.
  const first = book.get(item.id) ?? { item, document };
  book.set(item.id, first);
  for (const id of [...book.keys()].slice(0, -kept)) book.delete(id);
  return renewImports(first.document.snapshot, first.item.imports, document.snapshot);
}

/** What is still missing in the document of a suggestion that was accepted, as one change of it. Once for each. */
export function importsToApply(
  session: Session,
  id: string,
): { readonly document: OpenDocument; readonly edits: readonly TextEdit[] } | null {
  const first = offered.get(session)?.get(id);
  const document = first === undefined ? null : session.documents.get(first.document.snapshot.uri);
  if (first === undefined || document === null) return null;
  offered.get(session)?.delete(id);
  const edits = renewImports(first.document.snapshot, first.item.imports, document.snapshot);
  return edits.length === 0 ? null : { document, edits };
}
