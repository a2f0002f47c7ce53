import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../server/base/failure.js';
import type { Log } from '../../server/base/log.js';
import {
  failureOf,
  goodbye,
  type StoreAnswer,
  type StoreCall,
  type StoreRequest,
  type StoreResults,
} from './protocol.js';

export interface ChildCaller {
  /** Starts the process when there is none, and once more when it dies under the call: every call may be repeated. */
  call<Method extends StoreCall['method']>(
    databaseFolder: string,
    write: boolean,
    call: Extract<StoreCall, { readonly method: Method }>,
  ): Promise<StoreResults[Method]>;
  pid(): number | null;
  rest(): Promise<void>;
  dispose(): Promise<void>;
}

export interface ChildCallerOptions {
  readonly entry: URL;
  readonly idleMs: number;
  readonly log: Log;
  readonly environment: Readonly<Record<string, string>>;
}

interface Child {
  readonly process: ChildProcess;
  readonly pending: Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>;
  readonly gone: Promise<void>;
  writes: number;
}

class ChildDied extends Error {}

/** A process that dies so often within a minute is not started again for as long. */
const maxDeaths = 4;
/**
 * LanceDB's memory grows by about a third of a megabyte with each commit, and does not shrink after a compaction:
 * after so many commits a fresh process takes over, or sooner when it has grown large.
 */
const writesPerProcess = 300;
const writesWhenLarge = 40;
const largeBytes = 400e6;
const deathWindowMs = 60_000;

export function createChildCaller({ entry, idleMs, log, environment }: ChildCallerOptions): ChildCaller {
  let child: Child | null = null;
  let leaving: Promise<void> = Promise.resolve();
  let nextId = 1;
  let idleTimer: NodeJS.Timeout | undefined;
  let disposed = false;
  let deathsMs: number[] = [];

  const start = (): Child => {
    if (disposed) throw new Failure('unavailable', 'The index is closed.');
    deathsMs = deathsMs.filter(at => Date.now() - at < deathWindowMs);
    if (deathsMs.length >= maxDeaths) {
      throw new Failure('unavailable', 'The process of the index keeps dying; search is off for a minute.', {
        remedy: 'If this goes on, run `understudy clean`.',
      });
    }
    const started = startChild(entry, environment);
    void started.gone.then(() => {
      if (child === started) child = null;
      if (started.pending.size === 0) return;
      // Told to go, it did: that whoever asked last gets no answer is no news to anybody.
      if (!disposed) {
        deathsMs.push(Date.now());
        log.warn(`The process of the index died with ${started.pending.size} calls under way.`);
      }
      for (const { reject } of started.pending.values()) reject(new ChildDied());
      started.pending.clear();
    });
    child = started;
    return started;
  };

  const send = async (request: Omit<StoreRequest, 'id'>): Promise<unknown> => {
    await leaving;
    clearTimeout(idleTimer);
    const target = child ?? start();
    const id = nextId++;
    if (request.call.method === 'commit' || request.call.method === 'putVectors') target.writes += 1;
    target.process.channel?.ref();
    try {
      return await new Promise((resolve, reject) => {
        target.pending.set(id, { resolve, reject });
        // Whoever cannot be told anything is gone, or has to go: its end rejects all that waits, and makes room for another.
        const refused = (error: Error | null) => {
          if (error !== null && target.pending.has(id)) target.process.kill('SIGKILL');
        };
        target.process.send({ ...request, id } satisfies StoreRequest, refused);
      });
    } finally {
      target.pending.delete(id);
      if (target.pending.size === 0) rested(target);
    }
  };
  const rested = (target: Child) => {
    target.process.channel?.unref();
    if (child !== target) return;
    clearTimeout(idleTimer);
    if (isWorn(target)) return void rest();
    idleTimer = setTimeout(() => void rest(), idleMs);
    idleTimer.unref();
  };
  const rest = (): Promise<void> => {
    clearTimeout(idleTimer);
    const ending = child;
    if (ending === null || ending.pending.size > 0) return leaving;
    child = null;
    leaving = say(ending);
    return leaving;
  };

  return {
    async call(databaseFolder, write, call) {
      const request = { databaseFolder, write, call };
      try {
        return (await send(request)) as never;
      } catch (error) {
        if (!(error instanceof ChildDied)) throw error;
      }
      try {
        return (await send(request)) as never;
      } catch (error) {
        if (!(error instanceof ChildDied)) throw error;
        throw new Failure('unavailable', 'The process of the index died twice under the same call.', { cause: error });
      }
    },
    pid: () => child?.process.pid ?? null,
    rest,
    async dispose() {
      disposed = true;
      clearTimeout(idleTimer);
      const ending = child;
      child = null;
      if (ending !== null) await say(ending);
      await leaving;
    },
  };
}

function isWorn({ writes, process: { pid } }: Child): boolean {
  if (writes >= writesPerProcess) return true;
  return writes >= writesWhenLarge && (residentBytes(pid ?? null) ?? 0) > largeBytes;
}

const pageBytes = 4096;

/** The second field of /proc/PID/statm, in pages (proc(5)); null where the system does not tell. */
export function residentBytes(pid: number | null): number | null {
  if (pid === null) return null;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
  } catch {
    return null;
  }
}

const farewellMs = 5000;

/** Lets it finish what it writes; one that does not go is killed, which its tables bear. */
async function say(child: Child): Promise<void> {
  const timer = setTimeout(() => child.process.kill('SIGKILL'), farewellMs);
  child.process.ref();
  child.process.send(goodbye, () => {});
  await child.gone;
  clearTimeout(timer);
}

function startChild(entry: URL, environment: Readonly<Record<string, string>>): Child {
  const started = fork(fileURLToPath(entry), [], {
    serialization: 'advanced',
    // A small nursery: what a query leaves is gone sooner, which keeps a third of the memory away.
    execArgv: ['--max-semi-space-size=2'],
    // Its output would end up in the protocol, or as an error in the editor's log.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // One arena: with one per thread the allocator keeps twice the memory. It is read before the program starts.
    env: { ...process.env, MALLOC_ARENA_MAX: '1', LANCEDB_LOG: 'error', LANCE_CPU_THREADS: '2', ...environment },
  });
  const pending: Child['pending'] = new Map();
  const gone = new Promise<void>(resolve => {
    started.once('exit', () => resolve());
    started.once('error', () => resolve());
  });
  started.on('message', (answer: StoreAnswer) => {
    const waiting = pending.get(answer.id);
    if ('value' in answer) waiting?.resolve(answer.value);
    else if ('failure' in answer) waiting?.reject(failureOf(answer.failure));
    else waiting?.reject(new Error(`in the process of the index: ${answer.bug}`));
  });
  started.unref();
  return { process: started, pending, gone, writes: 0 };
}
