import type { LogLevel } from '../server/base/log.js';
import type { Answers, Job } from './jobs.js';
import { ThreadDied, type Urgency } from './workerPool.js';

/** Between the server and its index process. */
export type PoolRequest =
  | { readonly kind: 'start'; readonly start: PoolStart }
  | { readonly kind: 'run'; readonly id: number; readonly job: Job; readonly urgency: Urgency }
  | { readonly kind: 'abort'; readonly id: number };

export interface PoolStart {
  /** URLs as text. */
  readonly indexWorker: string;
  readonly wasmFolder: string;
  readonly queryFolder: string;
  readonly size: number;
  readonly stuckMs: number | null;
}

export type PoolReply =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[Job['kind']] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: PoolFailure }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string };

/** An error as plain data: `diedAt` where a thread ended, `code` where node's file functions failed. */
export interface PoolFailure {
  readonly message: string;
  readonly code: string | null;
  readonly diedAt: number | null;
}

export function readFailure(error: unknown): PoolFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { message, code, diedAt: error instanceof ThreadDied ? error.at : null };
}

export function failureAsError({ message, code, diedAt }: PoolFailure): Error {
  if (diedAt !== null) return new ThreadDied(diedAt, new Error(message));
  return Object.assign(new Error(message), code === null ? {} : { code });
}
