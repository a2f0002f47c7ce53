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

/**
 * Questions to a thread that starts at the first one, ends when idle, and is replaced when it fails. The thread answers in the
 * order in which it is asked: where it fails, the question under way fails with it, and those behind are asked of the next thread.
 */
export interface ThreadCaller<Request, Reply> {
  /** Rejects with the signal's reason, or with a Failure where the thread has failed or did not answer in time. */
  ask(request: Request, signal: AbortSignal): Promise<Reply>;
  /** Ends the thread; the next question starts another. */
  rest(): Promise<void>;
}

interface Question<Request, Reply> {
  readonly id: number;
  readonly request: Request;
  /** Whoever asked may have left meanwhile. */
  isWanted: boolean;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** So that it never has to wait for its next question, and few are lost on whoever left. */
const mostPosted = 4;
/** A thread that answers nothing so many times in a row does not fail over single questions. */
const mostFalls = 16;

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
  let nextId = 0;
  let falls = 0;
  /** Posted and not answered, oldest first: the first is under way, also where nobody waits for it any more. */
  let posted: Question<Request, Reply>[] = [];
  let waiting: Question<Request, Reply>[] = [];

  return { ask, rest };

  async function ask(request: Request, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    postponeRest();
    return new Promise<Reply>((resolve, reject) => {
      const end = (): void => {
        question.isWanted = false;
        stop();
      };
      const stop = onAbort(signal, () => {
        end();
        reject(signal.reason as Error);
      });
      const question: Question<Request, Reply> = {
        id: nextId++,
        request,
        isWanted: true,
        resolve(reply) {
          end();
          resolve(reply);
        },
        reject(error) {
          end();
          reject(error as Error);
        },
      };
      waiting.push(question);
      post();
    });
  }

  function post(): void {
    waiting = waiting.filter(({ isWanted }) => isWanted);
    const isNew = posted.length === 0;
    const next = waiting.splice(0, mostPosted - posted.length);
    if (next.length === 0) return;
    const worker = wake();
    posted.push(...next);
    for (const { id, request } of next) worker.postMessage({ ...request, id });
    if (isNew) watch(worker);
  }

  /** What counts is how long ago it has answered the last question, or was asked the first. */
  function watch(worker: Worker): void {
    if (watchdog !== null) clearTimeout(watchdog);
    watchdog = null;
    if (posted.length === 0) return;
    watchdog = setTimeout(() => {
      fall(worker, new Failure('timeout', `The thread of ${name} did not answer within ${deadlineMs} ms.`));
    }, deadlineMs);
  }

  function wake(): Worker {
    if (thread !== null) return thread;
    const worker = new Worker(entry, { workerData });
    thread = worker;
    worker.unref();
    worker.on('message', (reply: Reply) => {
      if (worker !== thread) return;
      falls = 0;
      const answered = posted.find(({ id }) => id === reply.id);
      posted = posted.filter(question => question !== answered);
      watch(worker);
      answered?.resolve(reply);
      post();
    });
    let cause: unknown = null;
    worker.on('error', error => (cause = error));
    // Not before: what it answered until then has arrived by now.
    worker.on('exit', () => fall(worker, cause));
    return worker;
  }

  /** The thread has ended, or is ended, under a question. */
  function fall(worker: Worker, cause: unknown): void {
    if (worker !== thread) return;
    const [underWay, ...others] = giveUp(worker);
    if (cause !== null) log.warn(`The thread of ${name} failed; the next question starts another.`, cause);
    const failure =
      cause instanceof Failure ? cause : new Failure('unavailable', `The thread of ${name} has ended.`, { cause });
    falls += 1;
    const isHopeless = falls >= mostFalls;
    if (isHopeless) falls = 0;
    else waiting.unshift(...others);
    const lost = isHopeless ? [...others, ...waiting.splice(0)] : [];
    underWay?.reject(failure);
    for (const question of lost) question.reject(failure);
    post();
  }

  /** Returns what it was asked and has not answered. */
  function giveUp(worker: Worker): Question<Request, Reply>[] {
    const unanswered = posted;
    thread = null;
    posted = [];
    watch(worker);
    void worker.terminate(); // Nothing waits for the end of a thread that is given up.
    return unanswered;
  }

  async function rest(): Promise<void> {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = null;
    const worker = thread;
    if (worker === null) return;
    const lost = [...giveUp(worker), ...waiting.splice(0)];
    for (const question of lost) question.reject(new Failure('unavailable', `The thread of ${name} has ended.`));
    await worker.terminate();
  }

  function postponeRest(): void {
    if (idleTimer !== null) return void idleTimer.refresh();
    idleTimer = setTimeout(() => void rest(), idleMs); // Nothing waits for the end of an idle thread.
    idleTimer.unref();
  }
}
