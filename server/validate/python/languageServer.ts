import { spawn, type ChildProcess } from 'node:child_process';
import { Failure } from '../../base/failure.js';
import { isRecord } from '../../base/record.js';
import { frame, readFrames } from './framing.js';

export interface LanguageServerOptions {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Answers what the server asks: the value of one section of the settings. */
  readonly settings: (section: string) => unknown;
}

/** A language server as a child, in a process group of its own that is ended as a whole. */
export interface LanguageServer {
  readonly pid: number | null;
  /** Rejects with the signal's reason, or with a Failure `unavailable` when the server ends or answers with an error. */
  request(method: string, params: object, signal: AbortSignal): Promise<unknown>;
  notify(method: string, params: object): void;
  /** Resolves with a reason when it is gone, whoever ended it. */
  readonly ended: Promise<string>;
  end(): Promise<void>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function startLanguageServer({ file, args, cwd, env, settings }: LanguageServerOptions): LanguageServer {
  const child = spawn(file, [...args], {
    cwd,
    env: { ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let why: string | null = null;

  const kill = (): void => endGroup(child);
  // What the person's editor leaves behind when it ends us is nothing.
  process.once('exit', kill);

  const ended = new Promise<string>(resolve => {
    const finish = (reason: string): void => {
      why ??= reason;
      process.removeListener('exit', kill);
      for (const { reject } of waiting.values()) reject(new Failure('unavailable', why));
      waiting.clear();
      resolve(why);
    };
    child.on('error', error => finish(`It cannot be started: ${error.message}.`));
    child.on('exit', () => {
      // A wrapper that has ended may have left the server itself.
      kill();
      finish('It has ended.');
    });
  });

  const send = (message: object): void => {
    if (why === null) child.stdin.write(frame(message));
  };
  const hear = (message: unknown): void => {
    if (!isRecord(message)) return;
    const { id, method, params, result, error } = message;
    if (typeof method === 'string') {
      if (id !== undefined) send({ id, result: replyTo(method, params, settings) });
      return;
    }
    if (typeof id !== 'number') return;
    const question = waiting.get(id);
    waiting.delete(id);
    if (isRecord(error)) question?.reject(new Failure('unavailable', `It answered with ${String(error['message'])}`));
    else question?.resolve(result);
  };

  // A pipe breaks when the server ends, which is heard of anyway.
  child.stdin.on('error', () => {});
  child.stdout.on('error', () => {});
  const read = readFrames(hear);
  child.stdout.on('data', (bytes: Buffer) => {
    try {
      read(bytes);
    } catch {
      why ??= 'What it says is not understood.';
      kill();
    }
  });

  return {
    pid: child.pid ?? null,
    ended,
    async request(method, params, signal) {
      signal.throwIfAborted();
      if (why !== null) throw new Failure('unavailable', why);
      const id = nextId++;
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
      const onAbort = (): void => {
        send({ method: '$/cancelRequest', params: { id } });
        waiting.get(id)?.reject(signal.reason);
        waiting.delete(id);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        send({ id, method, params });
        return await answer;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    notify: (method, params) => send({ method, params }),
    async end() {
      kill();
      await ended;
    },
  };
}

function replyTo(method: string, params: unknown, settings: (section: string) => unknown): unknown {
  if (method !== 'workspace/configuration' || !isRecord(params) || !Array.isArray(params['items'])) return null;
  return params['items'].map((item: unknown) =>
    isRecord(item) && typeof item['section'] === 'string' ? settings(item['section']) : null,
  );
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill();
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // There is nobody left in it.
  }
}
