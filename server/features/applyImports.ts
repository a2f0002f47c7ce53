import { isRecord } from '../base/record.js';
import type { Completer } from '../complete/completer.js';
import type { Session } from '../lsp/session.js';

/** Asks the client to put in what an accepted suggestion needs, unless it stands there by now. Never throws. */
export async function applyImports(session: Session, completer: Completer, id: string): Promise<void> {
  if (!session.client.applyEdit) return;
  try {
    const renewed = await completer.importsOf(id, uri => session.documents.get(uri)?.snapshot ?? null);
    if (renewed === null) return;
    const { uri, version } = renewed.snapshot;
    const document = session.documents.get(uri);
    if (document?.snapshot !== renewed.snapshot) return;
    const textEdits = renewed.edits.map(({ start, end, text }) => ({
      range: document.rangeAt(start, end),
      newText: text,
    }));
    // With the version a client refuses what was made for a text that has moved on.
    const edit = session.client.documentChanges
      ? { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] }
      : { changes: { [uri]: textEdits } };
    const answer = await session.request('workspace/applyEdit', { label: 'Add missing imports', edit });
    if (isRecord(answer) && answer['applied'] === false)
      session.log.debug('The editor did not add the missing imports.');
  } catch (error) {
    if (!session.ended.aborted) session.log.warn('The missing imports could not be added.', error);
  }
}
