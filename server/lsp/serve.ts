import type { Readable, Writable } from 'node:stream';
import { createMessageConnection, ResponseError, type Message } from 'vscode-jsonrpc/node';
import { isRecord } from '../base/record.js';
import { watchProcess } from '../base/watchProcess.js';
import { createDispatcher } from './dispatcher.js';
import type { Feature } from './feature.js';
import { errorCodes, type MessageId } from './messages.js';
import { createLiveSession, type LiveSession, type LoadCore } from './liveSession.js';
import { createTraceBook } from './traceBook.js';
import { createTransport } from './transport.js';

export interface ServeOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly features: readonly Feature[];
  readonly loadCore: LoadCore;
  /** The platform's configuration folder, `understudy`. */
  readonly configFolder: string;
  readonly version: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly now: () => number;
  /** Called once, when all is disposed of: 0 after `shutdown`, else 1. */
  readonly exit: (code: number) => void;
  /** For what must be said when no editor listens. */
  readonly stderr: (line: string) => void;
}

/** Speaks LSP over two streams until the client leaves. */
export function serve(options: ServeOptions): void {
  const trace = createTraceBook();
  let phase: 'new' | 'running' | 'shutdown' | 'gone' = 'new';
  let currentId: MessageId = 0;
  let stopWatching = (): void => {};

  const session: LiveSession = createLiveSession({
    loadCore: options.loadCore,
    configFolder: options.configFolder,
    trace,
    now: options.now,
    notify: (method, params) => {
      if (phase === 'gone') return;
      connection.sendNotification(method, params).catch(ignoreClosed);
    },
    request: (method, params) =>
      phase === 'gone' ? Promise.reject(new Error('The client has left.')) : connection.sendRequest(method, params),
  });
  const { log } = session;
  const dispatcher = createDispatcher(log, trace, options.now);
  const transport = createTransport(options.input, options.output, log, () => {
    options.stderr('understudy: the input holds no messages any more; giving up.');
    void leave(1);
  });
  const connection = createMessageConnection(
    transport.reader,
    transport.writer,
    // Its own words could quote messages, and messages hold code; what matters is logged by the parts themselves.
    { error: () => log.debug('The connection reported an error.'), warn: () => {}, info: () => {}, log: () => {} },
    {
      messageStrategy: {
        // The handler of all methods is not told the id; it runs before this function returns.
        handleMessage(message: Message, next: (message: Message) => Promise<void> | void) {
          if ('id' in message) currentId = message.id as MessageId;
          return next(message);
        },
      },
    },
  );

  connection.onRequest(async (method, params, token) => {
    const id = currentId;
    if (method === 'initialize') return initialize(params);
    if (phase === 'new') return new ResponseError(errorCodes.notInitialized, 'initialize comes first.');
    if (method === 'shutdown') return shutdown();
    if (phase !== 'running') return new ResponseError(errorCodes.invalidRequest, 'The server is shutting down.');
    return dispatcher.request(id, method, params, token);
  });
  connection.onNotification((method, params) => {
    if (method === 'exit') void leave(phase === 'shutdown' ? 0 : 1);
    else if (method === 'initialized' && phase === 'running') session.initialized();
    else if (phase === 'running') dispatcher.notification(method, params);
  });
  connection.onClose(() => void leave(phase === 'shutdown' ? 0 : 1));
  connection.onError(([error]) => {
    if (isRecord(error) && 'code' in error && error['code'] === 'EPIPE') void leave(1);
  });
  connection.listen();

  function initialize(params: unknown): unknown {
    if (phase !== 'new') return new ResponseError(errorCodes.invalidRequest, 'initialize comes once.');
    phase = 'running';
    session.initialize(params);
    const client = isRecord(params) ? params['processId'] : null;
    // The stream ends with the client, unless another child of it still holds the other end.
    if (typeof client === 'number') stopWatching = watchProcess(client, () => void leave(1));
    const capabilities: Record<string, unknown> = { positionEncoding: 'utf-16' };
    for (const feature of options.features) {
      for (const [key, value] of Object.entries(feature.capabilities?.(session.client) ?? {}))
        capabilities[key] = isRecord(value) && isRecord(capabilities[key]) ? { ...capabilities[key], ...value } : value;
      feature.register(session, session.handlersInto(dispatcher));
    }
    return { capabilities, serverInfo: { name: 'understudy', version: options.version } };
  }

  async function shutdown(): Promise<null> {
    phase = 'shutdown';
    dispatcher.end();
    await session.dispose();
    return null;
  }

  async function leave(code: number): Promise<void> {
    if (phase === 'gone') return;
    phase = 'gone';
    stopWatching();
    await session.dispose();
    connection.dispose();
    options.exit(code);
  }
}

/** Whoever sends to a client that has just left learns it from the closing stream. */
function ignoreClosed(): void {}
