import { Worker } from 'node:worker_threads';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import type { RuffDiagnostic, RuffReply, RuffRequest, RuffStyle } from './ruffMessages.js';

export interface RuffOptions {
  /** server/validate/python/ruffThread. */
  readonly entry: URL;
  readonly log: Log;
  /** How long one question may take; the first starts the thread and compiles its WebAssembly. */
  readonly deadlineMs?: number;
  /** How long the thread outlives the last question. */
  readonly idleMs?: number;
}

/** Ruff's linter and formatter, in a thread that starts at the first question and ends when idle. Reads no files. */
export interface Ruff {
  /**
   * `select` names rules or families of them, as in Ruff's settings. Rejects with the signal's reason, or with a Failure
   * where the thread has failed or did not answer in time.
   */
  check(text: string, select: readonly string[], signal: AbortSignal): Promise<readonly RuffDiagnostic[]>;
  /** The whole text laid out; null where it is no Python. Rejects as `check` does. */
  format(text: string, style: RuffStyle, signal: AbortSignal): Promise<string | null>;
  /** Ends the thread; the next question starts another. */
  dispose(): Promise<void>;
}

interface Question {
  readonly resolve: (reply: RuffReply) => void;
  readonly reject: (error: unknown) => void;
}

type Asked = RuffRequest extends infer Request ? (Request extends RuffRequest ? Omit<Request, 'id'> : never) : never;

export function createRuff({ entry, log, deadlineMs = 10_000, idleMs = 120_000 }: RuffOptions): Ruff {
  let thread: Worker | null = null;
  let idleTimer: NodeJS.Timeout | null = null;
  let nextId = 0;
  const questions = new Map<number, Question>();

  const wake = (): Worker => {
    if (thread !== null) return thread;
    const worker = new Worker(entry);
    thread = worker;
    worker.unref();
    worker.on('message', (reply: RuffReply) => {
      questions.get(reply.id)?.resolve(reply);
      questions.delete(reply.id);
    });
    worker.on('error', error => fail(worker, error));
    worker.on('exit', () => fail(worker, null));
    return worker;
  };

  const fail = (worker: Worker, cause: unknown): void => {
    if (worker !== thread) return;
    thread = null;
    if (cause !== null) log.warn('The thread of Ruff failed; the next question starts another.', cause);
    // What waits is answered; nothing waits for the end of the thread.
    void worker.terminate();
    const waiting = [...questions.values()];
    questions.clear();
    for (const { reject } of waiting) reject(new Failure('unavailable', 'The thread of Ruff has ended.', { cause }));
  };

  const rest = async (): Promise<void> => {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = null;
    const worker = thread;
    if (worker === null) return;
    fail(worker, null);
    await worker.terminate();
  };

  const postponeRest = (): void => {
    if (idleTimer !== null) return void idleTimer.refresh();
    idleTimer = setTimeout(() => void rest(), idleMs); // Nothing waits for the end of an idle thread.
    idleTimer.unref();
  };

  const ask = async (asked: Asked, signal: AbortSignal): Promise<RuffReply> => {
    signal.throwIfAborted();
    postponeRest();
    const worker = wake();
    const id = nextId++;
    const { promise, resolve, reject } = newPromise<RuffReply>();
    const onAbort = (): void => reject(signal.reason);
    const timer = setTimeout(
      () => fail(worker, new Failure('timeout', `Ruff did not answer within ${deadlineMs} ms.`)),
      deadlineMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    questions.set(id, { resolve, reject });
    try {
      worker.postMessage({ ...asked, id });
      const reply = await promise;
      if (reply.type === 'failed') throw new Failure('unavailable', `Ruff failed: ${reply.message}`);
      return reply;
    } finally {
      questions.delete(id);
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  };

  return {
    async check(text, select, signal) {
      const reply = await ask({ type: 'check', text, select }, signal);
      return reply.type === 'checked' ? reply.diagnostics : [];
    },
    async format(text, style, signal) {
      const reply = await ask({ type: 'format', text, style }, signal);
      return reply.type === 'formatted' ? reply.text : null;
    },
    dispose: rest,
  };
}

function newPromise<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Value>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}
