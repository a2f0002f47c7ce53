import { Failure } from '../base/failure.js';
import { isRecord } from '../base/record.js';
import type { Feature } from '../lsp/feature.js';
import { readNumber, readRecord, readUri } from '../lsp/read.js';
import { applyImports } from './applyImports.js';

/**
 * What a client says of a suggestion by itself: the command after acceptance, and the extra notifications that plugins
 * for Copilot's server send. Nothing depends on them: acceptance is inferred from the text anyway.
 */
export const accepting: Feature = {
  id: 'accepting',
  register(session, handlers) {
    handlers.command('understudy.accepted', args => {
      const id = args['id'];
      if (typeof id === 'string') {
        const completer = session.loadedCore()?.completer;
        completer?.accepted(id);
        // A client may wait for this answer before it reads on.
        if (completer !== undefined) void applyImports(session, completer, id);
      } else if (id !== undefined) throw new Failure('bad-input', 'id must be a string.');
      return null;
    });
    handlers.notification({
      method: 'textDocument/didFocus',
      read: readUri,
      handle: uri => session.documents.get(uri) !== null && session.setActiveUri(uri),
    });
    handlers.notification({
      method: 'textDocument/didShowCompletion',
      read: params => itemId(readRecord(params)['item']),
      handle(id) {
        if (id !== null) session.loadedCore()?.completer.shown(id);
      },
    });
    handlers.notification({
      method: 'textDocument/didPartiallyAcceptCompletion',
      read: params => ({
        id: itemId(readRecord(params)['item']),
        length: readNumber(readRecord(params), 'acceptedLength'),
      }),
      handle({ id, length }) {
        if (id !== null) session.loadedCore()?.completer.partlyAccepted(id, length);
      },
    });
  },
};

/** Items carry their id as the argument of the command that is run after acceptance. */
function itemId(item: unknown): string | null {
  const command = isRecord(item) ? item['command'] : null;
  const args = isRecord(command) ? command['arguments'] : null;
  const first: unknown = Array.isArray(args) ? args[0] : null;
  const id = isRecord(first) ? first['id'] : null;
  return typeof id === 'string' ? id.slice(0, 80) : null;
}
