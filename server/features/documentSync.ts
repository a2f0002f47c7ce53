import type { TextDocumentSyncKind } from 'vscode-languageserver';
import { uriToPath } from '../base/paths.js';
import type { UnknownRecord } from '../base/record.js';
import type { ContentChange } from '../lsp/documents.js';
import type { Feature } from '../lsp/feature.js';
import { readList, readNumber, readRange, readRecord, readString, readUri } from '../lsp/read.js';
import type { Session } from '../lsp/session.js';

const incremental: typeof TextDocumentSyncKind.Incremental = 2;

/** textDocument/didOpen, didChange, didSave, didClose. */
export const documentSync: Feature = {
  id: 'documentSync',
  capabilities: () => ({
    textDocumentSync: { openClose: true, change: incremental, save: { includeText: false } },
  }),
  register(session, handlers) {
    handlers.notification({
      method: 'textDocument/didOpen',
      read: params => readRecord(readRecord(params)['textDocument'], 'textDocument'),
      handle(document) {
        const uri = readString(document, 'uri');
        session.documents.open(
          uri,
          languageIdOf(document),
          readNumber(document, 'version'),
          readString(document, 'text'),
        );
        session.setActiveUri(uri);
      },
    });
    handlers.notification({
      method: 'textDocument/didChange',
      read: readChange,
      handle({ uri, version, changes }) {
        if (session.documents.change(uri, version, changes)) session.setActiveUri(uri);
        else session.log.warn('A document changed that was never opened; the change is ignored.');
      },
    });
    handlers.notification({
      method: 'textDocument/didSave',
      read: readUri,
      handle: uri => tellSaved(session, uri),
    });
    handlers.notification({
      method: 'textDocument/didClose',
      read: readUri,
      handle: uri => void session.documents.close(uri),
    });
  },
};

/** Some clients leave it out for what they do not know. */
function languageIdOf(document: UnknownRecord): string {
  return typeof document['languageId'] === 'string' ? document['languageId'] : '';
}

/** All changes are read before one is applied: half a notification would leave a text that nobody has seen. */
function readChange(params: unknown): { uri: string; version: number; changes: readonly ContentChange[] } {
  const record = readRecord(params);
  const document = readRecord(record['textDocument'], 'textDocument');
  const version = document['version'];
  const changes = readList(record, 'contentChanges').map((item): ContentChange => {
    const change = readRecord(item, 'contentChanges[]');
    const range = change['range'];
    return {
      range: range === undefined || range === null ? null : readRange(range),
      text: readString(change, 'text'),
    };
  });
  return { uri: readString(document, 'uri'), version: typeof version === 'number' ? version : 0, changes };
}

function tellSaved(session: Session, uri: string): void {
  const path = uriToPath(uri);
  if (path === null || session.settingsFileChanged(path)) return;
  session.loadedCore()?.fileChanged(path);
}
