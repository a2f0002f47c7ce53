import { readFailure, type PoolReply, type PoolRequest, type PoolStart } from './poolMessages.js';
import { createWorkerPool, type WorkerPool } from './workerPool.js';
import type { Log } from '../server/base/log.js';

// The entry of the process that holds the index threads. It says nothing on stdout, and goes as soon as its server is gone.

const running = new Map<number, AbortController>();
let pool: WorkerPool | null = null;

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches every process of a terminal: this one goes when its server says so, or has gone.
process.on('SIGINT', () => {});
process.on('message', (request: PoolRequest) => {
  if (request.kind === 'start') pool = startPool(request.start);
  else if (request.kind === 'abort') running.get(request.id)?.abort();
  else void run(request);
});

function startPool({ indexWorker, wasmFolder, queryFolder, size, stuckMs }: PoolStart): WorkerPool {
  const entries = {
    indexWorker: new URL(indexWorker),
    wasmFolder: new URL(wasmFolder),
    queryFolder: new URL(queryFolder),
  };
  // The threads end with this process, and this process ends when it is idle.
  return createWorkerPool({ entries, size, log, idleMs: 600_000, ...(stuckMs === null ? {} : { stuckMs }) });
}

const log: Log = {
  error: (message, error) => send({ kind: 'log', level: 'error', message: withCause(message, error) }),
  warn: (message, error) => send({ kind: 'log', level: 'warn', message: withCause(message, error) }),
  info: message => send({ kind: 'log', level: 'info', message }),
  debug: message => send({ kind: 'log', level: 'debug', message }),
};

async function run({ id, job, urgency }: Extract<PoolRequest, { kind: 'run' }>): Promise<void> {
  const aborting = new AbortController();
  running.set(id, aborting);
  try {
    if (pool === null) throw new Error('The index process was asked before it was started.');
    send({ kind: 'answer', id, answer: await pool.run(job, urgency, aborting.signal) });
  } catch (error) {
    send({ kind: 'failed', id, failure: readFailure(error) });
  } finally {
    running.delete(id);
  }
}

function send(reply: PoolReply): void {
  // The server may have gone meanwhile; nobody is left to be told.
  if (process.connected) process.send?.(reply, undefined, undefined, () => {});
}

function withCause(message: string, error: unknown): string {
  return error instanceof Error ? `${message} (${error.message})` : message;
}
