import type { Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  StreamMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import type { Log } from '../base/log.js';
import { createFrameParser } from './framing.js';
import { checkMessage, errorCodes, type MessageId } from './messages.js';

export interface Transport {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

/**
 * Streams to messages and back, with everything refused here that the connection could not answer: broken frames,
 * values that are no messages, ids in use.
 */
export function createTransport(input: Readable, output: Writable, log: Log, onLost: () => void): Transport {
  const stream = new StreamMessageWriter(output);
  const pending = new Set<string>();
  const writer: MessageWriter = {
    onError: stream.onError,
    onClose: stream.onClose,
    write(message) {
      if ('id' in message && !('method' in message)) pending.delete(String(message.id));
      return stream.write(message);
    },
    end: () => stream.end(),
    dispose: () => stream.dispose(),
  };
  const reader = new GuardedReader(input, log, {
    refuse: (id, code, message) => {
      // A stream that is gone is noticed by the reader's side; there is nobody left to tell.
      stream.write(refusal(id, code, message)).catch(() => {});
    },
    // Keyed as text, because the connection keeps 1 and "1" in one place.
    claim: id => !pending.has(String(id)) && Boolean(pending.add(String(id))),
    lost: onLost,
  });
  return { reader, writer };
}

interface Border {
  refuse(id: MessageId | null, code: number, message: string): void;
  /** False when a request of that id is still unanswered. */
  claim(id: MessageId): boolean;
  lost(): void;
}

class GuardedReader extends AbstractMessageReader {
  readonly #input: Readable;
  readonly #log: Log;
  readonly #border: Border;

  constructor(input: Readable, log: Log, border: Border) {
    super();
    this.#input = input;
    this.#log = log;
    this.#border = border;
  }

  listen(callback: DataCallback): Disposable {
    const parser = createFrameParser({
      message: value => this.#deliver(value, callback),
      unreadable: () => this.#border.refuse(null, errorCodes.parseError, 'The content is not JSON.'),
      skipped: bytes => this.#log.warn(`Skipped ${bytes} bytes that belong to no message.`),
      lost: () => this.#border.lost(),
    });
    const onData = (chunk: Buffer | string): void =>
      parser.push(typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk);
    const onError = (error: unknown): void => this.fireError(error);
    const onEnd = (): void => this.fireClose();
    this.#input.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    return {
      dispose: () => {
        this.#input.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      },
    };
  }

  #deliver(value: unknown, callback: DataCallback): void {
    const checked = checkMessage(value);
    switch (checked.kind) {
      case 'drop':
        this.#log.warn(`Dropped a message: ${checked.why}.`);
        return;
      case 'refuse':
        this.#border.refuse(checked.id, errorCodes.invalidRequest, checked.why);
        return;
      case 'request':
        if (!this.#border.claim(checked.id)) {
          this.#border.refuse(checked.id, errorCodes.invalidRequest, 'A request of this id is under way.');
          return;
        }
    }
    // Checked just above; the connection's own type cannot be narrowed to from unknown.
    callback(value as Message);
  }
}

function refusal(id: MessageId | null, code: number, message: string): Message {
  return { jsonrpc: '2.0', id, error: { code, message } } as Message;
}
