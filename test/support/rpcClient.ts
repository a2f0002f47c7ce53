import type { Readable, Writable } from 'node:stream';
import { createFrameParser } from '../../server/lsp/framing.js';
import { isRecord } from '../../server/base/record.js';

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export interface Answer {
  readonly result?: unknown;
  readonly error?: RpcError;
}

export interface Sent {
  readonly method: string;
  readonly params: unknown;
}

/** The client's end of a JSON-RPC connection, plain enough to send nonsense and to see every answer. */
export interface RpcClient {
  /** Resolves with the result, rejects with an Error whose `code` is the protocol's. */
  request(method: string, params?: unknown): Promise<unknown>;
  /** The same, with its id, and an answer that never rejects. */
  ask(method: string, params?: unknown): { readonly id: number; readonly answer: Promise<Answer> };
  cancel(id: number): void;
  notify(method: string, params?: unknown): void;
  raw(bytes: string | Buffer): void;
  /** How this client answers what the server asks; null for what is not named. */
  onRequest(method: string, answer: (params: unknown) => unknown): void;
  /** All notifications so far. */
  readonly notifications: readonly Sent[];
  /** All requests of the server so far. */
  readonly requests: readonly Sent[];
  /** Resolves with the first notification that fits, past ones included. */
  notification(method: string, fits?: (params: unknown) => boolean): Promise<unknown>;
  /** How many answers each id has got. */
  readonly answers: ReadonlyMap<string, number>;
  /** Answers without an id: complaints about messages that had none. */
  readonly complaints: readonly RpcError[];
}

export function createRpcClient(input: Readable, output: Writable): RpcClient {
  const waiting = new Map<string, (answer: Answer) => void>();
  const answers = new Map<string, number>();
  const complaints: RpcError[] = [];
  const notifications: Sent[] = [];
  const requests: Sent[] = [];
  const handlers = new Map<string, (params: unknown) => unknown>();
  const listeners = new Set<(sent: Sent) => void>();
  let nextId = 1;

  const parser = createFrameParser({
    message: receive,
    unreadable: () => {
      throw new Error('The server sent what is no JSON.');
    },
    skipped: bytes => {
      throw new Error(`The server sent ${bytes} bytes that belong to no message.`);
    },
    lost: () => {},
  });
  input.on('data', (chunk: Buffer) => parser.push(chunk));

  const client: RpcClient = {
    async request(method, params) {
      const { result, error } = await client.ask(method, params).answer;
      if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    ask(method, params) {
      const id = nextId++;
      const answer = new Promise<Answer>(resolve => waiting.set(String(id), resolve));
      send({ id, method, params });
      return { id, answer };
    },
    cancel: id => send({ method: '$/cancelRequest', params: { id } }),
    notify: (method, params) => send({ method, params }),
    raw: bytes => void output.write(bytes),
    onRequest: (method, answer) => void handlers.set(method, answer),
    notifications,
    requests,
    notification(method, fits = () => true) {
      const found = notifications.find(sent => sent.method === method && fits(sent.params));
      if (found !== undefined) return Promise.resolve(found.params);
      return new Promise(resolve => {
        const listener = (sent: Sent): void => {
          if (sent.method !== method || !fits(sent.params)) return;
          listeners.delete(listener);
          resolve(sent.params);
        };
        listeners.add(listener);
      });
    },
    answers,
    complaints,
  };
  return client;

  function send(message: object): void {
    const content = JSON.stringify({ jsonrpc: '2.0', ...message });
    output.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`);
  }

  function receive(message: unknown): void {
    if (!isRecord(message)) throw new Error('The server sent what is no message.');
    const { id, method, params } = message;
    if (typeof method !== 'string') {
      takeAnswer(id, message);
    } else if (id === undefined) {
      const sent = { method, params };
      notifications.push(sent);
      for (const listener of listeners) listener(sent);
    } else {
      requests.push({ method, params });
      send({ id, result: handlers.get(method)?.(params) ?? null });
    }
  }

  function takeAnswer(id: unknown, message: Readonly<Record<string, unknown>>): void {
    // A server's answer has one of both, in the protocol's shape; tests compare what is inside.
    const answer = message as Answer;
    if (id === null) {
      if (answer.error !== undefined) complaints.push(answer.error);
      return;
    }
    const key = String(id);
    answers.set(key, (answers.get(key) ?? 0) + 1);
    waiting.get(key)?.(answer);
    waiting.delete(key);
  }
}
