import { Worker } from 'node:worker_threads';
import type { Entries } from '../server/base/entries.js';
import { Failure } from '../server/base/failure.js';
import type { Log } from '../server/base/log.js';
import { onAbort } from '../server/base/onAbort.js';
import type { AnswerMessage, Answers, Job, JobMessage, WorkerStart } from './jobs.js';

export interface WorkerPoolOptions {
  readonly entries: Pick<Entries, 'indexWorker' | 'wasmFolder' | 'queryFolder'>;
  readonly size: number;
  readonly log: Log;
  /** A thread without work ends after so long. */
  readonly idleMs?: number;
  /** A thread that stays so long at one file is ended. */
  readonly stuckMs?: number;
}

/** `now`: a person just saved. `soon`: the index. `later`: what only completes it. */
export type Urgency = 'now' | 'soon' | 'later';

/** Threads that read and parse, shared by all workspaces of a session. They start with the first job and end when idle. */
export interface WorkerPool {
  readonly size: number;
  /** Rejects with ThreadDied when the thread ended in the middle, and with the signal's reason. */
  run<Kind extends Job['kind']>(
    job: Extract<Job, { kind: Kind }>,
    urgency: Urgency,
    signal: AbortSignal,
  ): Promise<Answers[Kind]>;
  close(): Promise<void>;
}

/** A thread ended while it worked: an aborted grammar, no memory, or it hung. `at` is the number of the file, -1 before the first. */
export class ThreadDied extends Error {
  override readonly name = 'ThreadDied';
  readonly at: number;

  constructor(at: number, cause: unknown) {
    super(`An index thread ended at file ${at} of its job.`, { cause });
    this.at = at;
  }
}

export function defaultPoolSize(cores: number): number {
  // On two cores both parse: the main thread only routes, and the first index is done in half the time.
  return Math.max(1, Math.min(cores === 2 ? 2 : cores - 1, 6));
}

interface Task {
  readonly job: Job;
  readonly urgency: Urgency;
  settle(outcome: Answers[Job['kind']] | Error): void;
}

interface Thread {
  readonly worker: Worker;
  readonly progress: Int32Array;
  task: Task | null;
  taskId: number;
  idleTimer: NodeJS.Timeout | null;
  seenProgress: number;
  seenAtMs: number;
}

export function createWorkerPool({ entries, size, log, idleMs, stuckMs }: WorkerPoolOptions): WorkerPool {
  const waiting: Record<Urgency, Task[]> = { now: [], soon: [], later: [] };
  const threads = new Set<Thread>();
  const stuckAfterMs = stuckMs ?? 20_000;
  let lastId = 0;
  let closed = false;
  let watchdog: NodeJS.Timeout | null = null;

  return {
    size,
    run: (job, urgency, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (closed) throw new Failure('unavailable', 'The index has been closed.');
        const abort = () => task.settle(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        const task: Task = {
          job,
          urgency,
          settle(outcome) {
            stop();
            if (outcome instanceof Error) reject(outcome);
            // The thread answers a job with that job's kind of answer.
            else resolve(outcome as Answers[typeof job.kind]);
            const queue = waiting[urgency];
            const place = queue.indexOf(task);
            if (place >= 0) queue.splice(place, 1);
          },
        };
        const stop = onAbort(signal, abort);
        waiting[urgency].push(task);
        dispatch();
      }),
    async close() {
      closed = true;
      const tasks = [...Object.values(waiting).flat(), ...[...threads].flatMap(thread => thread.task ?? [])];
      for (const task of tasks) task.settle(new Failure('unavailable', 'The index has been closed.'));
      if (watchdog !== null) clearInterval(watchdog);
      await Promise.all([...threads].map(thread => end(thread)));
    },
  };

  function dispatch(): void {
    while (!closed) {
      const queue = [waiting.now, waiting.soon, waiting.later].find(tasks => tasks.length > 0);
      if (queue === undefined || (queue === waiting.later && hasEnoughForLater())) return;
      const idle = [...threads].find(thread => thread.task === null);
      const thread = idle ?? (threads.size < size ? startThread() : null);
      if (thread === null) return;
      const task = queue.shift();
      if (task !== undefined) give(thread, task);
    }
  }

  /** Where there are several threads one stays free of background work, so that a save does not wait for it. */
  function hasEnoughForLater(): boolean {
    const busy = [...threads].filter(thread => thread.task?.urgency === 'later').length;
    return busy >= Math.max(1, size - 1);
  }

  function give(thread: Thread, task: Task): void {
    if (thread.idleTimer !== null) clearTimeout(thread.idleTimer);
    thread.idleTimer = null;
    thread.task = task;
    thread.taskId = ++lastId;
    thread.seenAtMs = performance.now();
    thread.seenProgress = -1;
    Atomics.store(thread.progress, 0, -1);
    thread.worker.ref();
    thread.worker.postMessage({ id: thread.taskId, job: task.job } satisfies JobMessage);
    watchdog ??= setInterval(endStuck, Math.max(50, stuckAfterMs / 4)).unref();
  }

  function startThread(): Thread {
    const progress = new Int32Array(new SharedArrayBuffer(4));
    const start: WorkerStart = {
      wasmFolder: entries.wasmFolder.href,
      queryFolder: entries.queryFolder.href,
      progress,
    };
    const worker = new Worker(entries.indexWorker, {
      name: 'understudy-index',
      workerData: start,
      // stdout belongs to the protocol; nothing of a thread may get there.
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: 768 },
    });
    const thread: Thread = { worker, progress, task: null, taskId: 0, idleTimer: null, seenProgress: 0, seenAtMs: 0 };
    threads.add(thread);
    worker.on('message', (message: AnswerMessage) => receive(thread, message));
    worker.on('error', error => bury(thread, error));
    worker.on('exit', code => bury(thread, new Error(`exit code ${code}`)));
    return thread;
  }

  function receive(thread: Thread, message: AnswerMessage): void {
    const { task } = thread;
    if (task === null || message.id !== thread.taskId || !threads.has(thread)) return;
    thread.task = null;
    thread.worker.unref();
    thread.idleTimer = setTimeout(() => void end(thread), idleMs ?? 10_000).unref();
    if ('answer' in message) task.settle(message.answer);
    else task.settle(Object.assign(new Error(message.failed), message.code === null ? {} : { code: message.code }));
    dispatch();
  }

  function bury(thread: Thread, cause: unknown): void {
    if (!threads.delete(thread)) return;
    if (thread.idleTimer !== null) clearTimeout(thread.idleTimer);
    const at = Atomics.load(thread.progress, 0);
    if (thread.task !== null) log.warn(`An index thread ended at file ${at} of a ${thread.task.job.kind} job.`, cause);
    thread.task?.settle(new ThreadDied(at, cause));
    thread.task = null;
    void thread.worker.terminate();
    dispatch();
  }

  async function end(thread: Thread): Promise<void> {
    threads.delete(thread);
    if (thread.idleTimer !== null) clearTimeout(thread.idleTimer);
    // Who waits for the end must not see the process end before.
    thread.worker.ref();
    await thread.worker.terminate();
  }

  /** Starting takes its time, most of all where many threads start at once. */
  function allowedMs(progress: number): number {
    return progress < 0 ? stuckAfterMs + 60_000 : stuckAfterMs;
  }

  function endStuck(): void {
    const now = performance.now();
    let working = false;
    for (const thread of threads) {
      if (thread.task === null) continue;
      working = true;
      const progress = Atomics.load(thread.progress, 0);
      if (progress !== thread.seenProgress) {
        thread.seenProgress = progress;
        thread.seenAtMs = now;
      } else if (thread.task.job.kind === 'read' && now - thread.seenAtMs > allowedMs(progress)) {
        bury(thread, new Error(`no progress for ${Math.round(now - thread.seenAtMs)} ms`));
      }
    }
    if (!working && watchdog !== null) {
      clearInterval(watchdog);
      watchdog = null;
    }
  }
}
