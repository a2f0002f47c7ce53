import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Entries } from '../server/base/entries.js';
import { Failure } from '../server/base/failure.js';
import type { Log } from '../server/base/log.js';
import { onAbort } from '../server/base/onAbort.js';
import type { Answers, Job } from './jobs.js';
import { failureAsError, type PoolReply, type PoolRequest } from './poolMessages.js';
import { ThreadDied, type WorkerPool } from './workerPool.js';

export interface ProcessPoolOptions {
  readonly entries: Pick<Entries, 'indexProcess' | 'indexWorker' | 'wasmFolder' | 'queryFolder'>;
  /** Threads in the process. */
  readonly size: number;
  readonly log: Log;
  /** The process ends when it had no work for so long. */
  readonly idleMs?: number;
  readonly stuckMs?: number;
}

interface Waiting {
  resolve(answer: never): void;
  reject(reason: unknown): void;
}

interface Child {
  readonly process: ChildProcess;
  readonly waiting: Map<number, Waiting>;
  readonly gone: Promise<void>;
}

/**
 * A pool of threads in a process of its own, for one reason: memory. What parsing thousands of files leaves behind in the
 * allocator's arenas is never given back by a process that lives on; this one starts with the first job and ends when idle.
 */
export function createProcessPool({ entries, size, log, idleMs = 5_000, stuckMs }: ProcessPoolOptions): WorkerPool {
  let child: Child | null = null;
  let idleTimer: NodeJS.Timeout | null = null;
  let lastId = 0;
  let closed = false;

  return {
    size,
    run<Kind extends Job['kind']>(
      job: Extract<Job, { kind: Kind }>,
      urgency: Extract<PoolRequest, { kind: 'run' }>['urgency'],
      signal: AbortSignal,
    ): Promise<Answers[Kind]> {
      return new Promise<Answers[Kind]>((resolve, reject) => {
        signal.throwIfAborted();
        if (closed) throw new Failure('unavailable', 'The index has been closed.');
        const target = (child ??= start());
        const id = ++lastId;
        const abort = (): void => {
          send(target, { kind: 'abort', id });
          settle(() => reject(signal.reason));
        };
        const settle = (finish: () => void): void => {
          if (!target.waiting.delete(id)) return;
          stop();
          finish();
          if (target.waiting.size === 0) rest(target);
        };
        target.waiting.set(id, {
          resolve: answer => settle(() => resolve(answer)),
          reject: reason => settle(() => reject(reason)),
        });
        const stop = onAbort(signal, abort);
        wake(target);
        send(target, { kind: 'run', id, job, urgency });
      });
    },
    async close() {
      closed = true;
      const ending = child;
      if (ending === null) return;
      for (const one of [...ending.waiting.values()])
        one.reject(new Failure('unavailable', 'The index has been closed.'));
      await end(ending);
    },
  };

  function start(): Child {
    const started = fork(fileURLToPath(entries.indexProcess), [], {
      serialization: 'advanced',
      // stdout belongs to the protocol; nothing of this process may get there.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // One arena for all threads, read by the allocator before the program starts: half the memory.
      env: { ...process.env, MALLOC_ARENA_MAX: '2' },
    });
    yieldToPeople(started);
    const gone = new Promise<void>(resolve => {
      started.once('exit', () => resolve());
      started.once('error', () => resolve());
    });
    const made: Child = { process: started, waiting: new Map(), gone };
    started.on('message', (reply: PoolReply) => receive(made, reply));
    void gone.then(() => bury(made));
    const { indexWorker, wasmFolder, queryFolder } = entries;
    const urls = { indexWorker: indexWorker.href, wasmFolder: wasmFolder.href, queryFolder: queryFolder.href };
    send(made, { kind: 'start', start: { ...urls, size, stuckMs: stuckMs ?? null } });
    started.unref();
    return made;
  }

  function receive(from: Child, reply: PoolReply): void {
    if (reply.kind === 'log') log[reply.level](reply.message);
    else if (reply.kind === 'failed') from.waiting.get(reply.id)?.reject(failureAsError(reply.failure));
    // The process answers a job with that job's kind of answer.
    else from.waiting.get(reply.id)?.resolve(reply.answer as never);
  }

  /** All its threads are gone with it: who waits may ask again, as after the death of one thread. */
  function bury(dead: Child): void {
    if (child === dead) child = null;
    if (dead.waiting.size > 0) log.warn(`The index process ended with ${dead.waiting.size} jobs under way.`);
    for (const one of [...dead.waiting.values()]) one.reject(new ThreadDied(-1, new Error('the index process ended')));
  }

  function wake(target: Child): void {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = null;
    target.process.channel?.ref();
  }

  function rest(target: Child): void {
    target.process.channel?.unref();
    if (child === target) idleTimer = setTimeout(() => void end(target), idleMs).unref();
  }

  async function end(ending: Child): Promise<void> {
    if (idleTimer !== null) clearTimeout(idleTimer);
    if (child === ending) child = null;
    // Who waits for the end must not see this process end before.
    ending.process.ref();
    ending.process.kill('SIGKILL');
    await ending.gone;
  }
}

/** The first index takes all cores: the server's own threads, and the person's programs, come before it. */
function yieldToPeople({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not allow it: then it runs as any other.
  }
}

function send({ process: target }: Child, request: PoolRequest): void {
  if (target.connected) target.send(request, undefined, undefined, () => {});
}
