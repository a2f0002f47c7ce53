import { readFileSync } from 'node:fs';
import { Failure } from '../base/failure.js';
import { nearestFolder, realPathOr, uriToPath } from '../base/paths.js';
import { isRecord, type UnknownRecord } from '../base/record.js';
import type { OpenDocument } from '../lsp/documents.js';
import type { Feature } from '../lsp/feature.js';
import type { Session } from '../lsp/session.js';
import type { OpenFiles } from '../trust/journal/createJournal.js';

/** understudy.undo: takes back the last edit of several files that was applied in the workspace. */
export const undoing: Feature = {
  id: 'undoing',
  register(session, handlers) {
    handlers.command('understudy.undo', async (args, call) => {
      const { journal } = await session.core();
      const { files, task } = await journal.undo(folderOf(session, args), openFiles(session), call.signal);
      return { files, task };
    });
  },
};

/** That of the document named or focused, else the first. Another window's edits are none of ours. */
function folderOf(session: Session, args: UnknownRecord): string {
  const uri = typeof args['uri'] === 'string' ? args['uri'] : session.activeUri();
  const path = uri === null ? null : uriToPath(uri);
  const folder = (path === null ? null : nearestFolder(path, session.folders())) ?? session.folders()[0];
  if (folder === undefined) throw new Failure('not-found', 'No folder is open: there is nothing to undo.');
  return folder;
}

/** What is open is changed by the editor, where it can be asked to: it may not have been saved. */
function openFiles(session: Session): OpenFiles {
  const documents = new Map<string, OpenDocument>();
  for (const document of session.documents.all())
    if (document.snapshot.path !== null) documents.set(realPathOr(document.snapshot.path), document);
  return {
    textOf(path) {
      const document = documents.get(path);
      if (document === undefined) return null;
      // One that is saved can be changed on the disk as well; its editor will see it.
      return session.client.applyEdit || !isSaved(document, path) ? document.snapshot.text : null;
    },
    async replace(files) {
      const texts = files.flatMap(({ path, text }) => {
        const document = documents.get(path);
        return document === undefined || text === null ? [] : [{ path, document, text }];
      });
      // A file that goes is closed by its editor when it is gone.
      if (texts.length === 0) return new Set();
      if (!session.client.applyEdit) {
        throw new Failure(
          'unavailable',
          'Your editor has files open that are not saved, and cannot be asked to change them.',
          {
            remedy: 'Save or close them first.',
          },
        );
      }
      const answer = await session.request('workspace/applyEdit', { label: 'Undo', edit: editOf(session, texts) });
      if (!isRecord(answer) || answer['applied'] !== true)
        throw new Failure('unavailable', 'Your editor did not take the change back.', {
          remedy: 'Close the files first, then try again.',
        });
      return new Set(texts.map(({ path }) => path));
    },
  };
}

function isSaved({ snapshot }: OpenDocument, path: string): boolean {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '') === snapshot.text;
  } catch {
    return false;
  }
}

/** With the version a client refuses what was made for a text that has moved on. */
function editOf(
  session: Session,
  texts: readonly { readonly document: OpenDocument; readonly text: string }[],
): object {
  const changes = texts.map(({ document, text }) => ({
    textDocument: { uri: document.snapshot.uri, version: document.snapshot.version },
    edits: [{ range: document.rangeAt(0, document.snapshot.text.length), newText: text }],
  }));
  if (session.client.documentChanges) return { documentChanges: changes };
  return { changes: Object.fromEntries(changes.map(({ textDocument, edits }) => [textDocument.uri, edits])) };
}
