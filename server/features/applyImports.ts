import { isRecord } from '../base/record.js';
import type { Session } from '../lsp/session.js';
import { importsToApply } from './offeredImports.js';

/** Asks the client to put in what an accepted suggestion needs, unless it stands there by now. Never throws. */
export async function applyImports(session: Session, id: string): Promise<void> {
  if (!session.client.applyEdit) return;
  try {
    const missing = importsToApply(session, id);
    if (missing === null) return;
    const { document, edits } = missing;
    const { uri, version } = document.snapshot;
    const textEdits = edits.map(({ start, end, text }) => ({ range: document.rangeAt(start, end), newText: text }));
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
