import { Worker } from 'node:worker_threads';
import { Failure } from './failure.js';
import type { Log } from './log.js';
import { onAbort } from './onAbort.js';

export interface ThreadCallerOptions {
  /** A worker_threads entry that answers each message `{...request, id}` with one `{...reply, id}`. */
  readonly entry: URL;
  readonly workerData?: unknown;
  /** In messages: "The thread of NAME". */
  readonly name: string;
  readonly log: Log;
  /** A thread that says nothing for so long while it is asked is ended; the first question starts it. */
  readonly deadlineMs?: number;
  /** How long the thread outlives the last question. */
  readonly idleMs?: number;
}

/** Questions to a thread that starts at the first one, ends when idle, and is replaced when it fails. */
export interface ThreadCaller<Request, Reply> {
  /** Rejects with the signal's reason, or with a Failure where the thread has failed or did not answer in time. */
  ask(request: Request, signal: AbortSignal): Promise<Reply>;
  /** Ends the thread; the next question starts another. */
  rest(): Promise<void>;
}

interface Question<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

export function createThreadCaller<Request extends object, Reply extends { readonly id: number }>({
  entry,
  workerData,
  name,
  log,
  deadlineMs = 10_000,
  idleMs = 120_000,
}: ThreadCallerOptions): ThreadCaller<Request, Reply> {
  let thread: Worker | null = null;
  let idleTimer: NodeJS.Timeout | null = null;
  let watchdog: NodeJS.Timeout | null = null;
  /** Asked and not answered, also where nobody waits any more. */
  let unanswered = 0;
  let nextId = 0;
  const questions = new Map<number, Question<Reply>>();

  return { ask, rest };

  async function ask(request: Request, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    postponeRest();
    const worker = wake();
    const id = nextId++;
    return new Promise<Reply>((resolve, reject) => {
      const end = (): void => {
        questions.delete(id);
        stop();
      };
      const stop = onAbort(signal, () => {
        end();
        reject(signal.reason as Error);
      });
      questions.set(id, {
        resolve(reply) {
          end();
          resolve(reply);
        },
        reject(error) {
          end();
          reject(error as Error);
        },
      });
      unanswered++;
      if (unanswered === 1) watch(worker);
      worker.postMessage({ ...request, id });
    });
  }

  /** Questions wait in the thread's queue: what counts is how long ago it has answered the last one, or was asked the first. */
  function watch(worker: Worker): void {
    if (watchdog !== null) clearTimeout(watchdog);
    watchdog = null;
    if (unanswered === 0) return;
    watchdog = setTimeout(() => {
      fail(worker, new Failure('timeout', `The thread of ${name} did not answer within ${deadlineMs} ms.`));
    }, deadlineMs);
  }

  function wake(): Worker {
    if (thread !== null) return thread;
    const worker = new Worker(entry, { workerData });
    thread = worker;
    worker.unref();
    unanswered = 0;
    worker.on('message', (reply: Reply) => {
      if (worker !== thread) return;
      unanswered--;
      watch(worker);
      questions.get(reply.id)?.resolve(reply);
    });
    worker.on('error', error => fail(worker, error));
    worker.on('exit', () => fail(worker, null));
    return worker;
  }

  function fail(worker: Worker, cause: unknown): void {
    if (worker !== thread) return;
    thread = null;
    unanswered = 0;
    watch(worker);
    if (cause !== null) log.warn(`The thread of ${name} failed; the next question starts another.`, cause);
    void worker.terminate(); // Nothing waits for the end of a thread that is given up.
    const failure =
      cause instanceof Failure ? cause : new Failure('unavailable', `The thread of ${name} has ended.`, { cause });
    for (const { reject } of [...questions.values()]) reject(failure);
  }

  async function rest(): Promise<void> {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = null;
    const worker = thread;
    if (worker === null) return;
    fail(worker, null);
    await worker.terminate();
  }

  function postponeRest(): void {
    if (idleTimer !== null) return void idleTimer.refresh();
    idleTimer = setTimeout(() => void rest(), idleMs); // Nothing waits for the end of an idle thread.
    idleTimer.unref();
  }
}
