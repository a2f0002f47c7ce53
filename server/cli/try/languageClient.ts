import { spawn, type ChildProcess } from 'node:child_process';
import { Failure } from '../../base/failure.js';
import { isRecord } from '../../base/record.js';
import { createFrameParser } from '../../lsp/framing.js';

export interface LanguageClientOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onNotification: (method: string, params: unknown) => void;
}

/** A language server as an editor starts it: a child process that speaks over its own stdin and stdout. */
export interface LanguageClient {
  /** Rejects with a Failure when the server answers with an error or ends before it has answered. */
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  /** Asks it to end, as the protocol has it, and waits; a server that does not end is killed. */
  stop(): Promise<void>;
}

const stopMs = 5_000;

export function startLanguageServer(options: LanguageClientOptions): LanguageClient {
  const [program = '', ...args] = options.command;
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: unknown) => void }>();
  let nextId = 1;
  let lastWords = '';

  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });
  // The end of the process says it all; a broken pipe on the way there says nothing more.
  child.stdin.on('error', () => {});
  const ended = new Promise<void>(resolve => {
    const end = (why: string): void => {
      for (const { reject } of waiting.values()) reject(new Failure('unavailable', `The server ${why}. ${lastWords}`));
      waiting.clear();
      resolve();
    };
    child.once('error', error => end(`cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => end(`ended (${signal ?? String(code)})`));
  });

  const parser = createFrameParser({ message: receive, unreadable: () => {}, skipped: () => {}, lost: () => {} });
  child.stdout.on('data', (chunk: Buffer) => parser.push(chunk));

  return {
    request(method, params) {
      if (hasEnded(child)) return Promise.reject(new Failure('unavailable', `The server has ended. ${lastWords}`));
      const id = nextId++;
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
      send({ id, method, params });
      return answer;
    },
    notify: (method, params) => send({ method, params }),
    async stop() {
      const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      try {
        if (!hasEnded(child)) {
          await Promise.race([this.request('shutdown', null).catch(() => null), ended]);
          send({ method: 'exit' });
          child.stdin.end();
        }
        await ended;
      } finally {
        clearTimeout(killer);
      }
    },
  };

  function send(message: object): void {
    const content = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`);
  }

  function receive(message: unknown): void {
    if (!isRecord(message)) return;
    const { id, method, params, result, error } = message;
    if (typeof method === 'string') {
      // What a server asks of an editor can all be answered with nothing.
      if (id === undefined) options.onNotification(method, params);
      else send({ id, result: null });
      return;
    }
    if (typeof id !== 'number') return;
    const caller = waiting.get(id);
    waiting.delete(id);
    if (isRecord(error)) caller?.reject(new Failure('unavailable', `The server answered: ${String(error['message'])}`));
    else caller?.resolve(result);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}
