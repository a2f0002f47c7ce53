import pRetry from 'p-retry';
import { ModelFailure, type ModelTrouble } from './backend.js';

/** What may be gone a moment later. */
const passing: ReadonlySet<ModelTrouble> = new Set([
  'unreachable',
  'rate-limited',
  'server-error',
  'cut-off',
  'stalled',
  'loading',
]);

/** All repetitions together: who waits for an answer has not got longer. */
const deadlineMs = 30_000;
const longestMs = 8000;

/** Asks again, later each time and never in step with others. The last failure comes through, and so does an abort. */
export function retrying<Result>(
  run: () => Promise<Result>,
  { retries, firstMs }: { readonly retries: number; readonly firstMs: number },
  signal: AbortSignal,
): Promise<Result> {
  return pRetry(run, {
    retries,
    minTimeout: firstMs,
    maxTimeout: longestMs,
    maxRetryTime: deadlineMs,
    randomize: true,
    signal,
    shouldRetry: ({ error }) =>
      error instanceof ModelFailure && passing.has(error.trouble) && (error.retryAfterMs ?? 0) <= longestMs,
  });
}
