import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { ModelFailure, type ModelTrouble } from '../backend.js';

/** Keeps from asking a model that fails again and again. One for each backend and model. */
export interface Breaker {
  /** Milliseconds until it may be asked again; 0: now. */
  waitMs(): number;
  /** The next request tests whether it works again, and must not be broken off before it is known. */
  isTesting(): boolean;
  /** Counts how `held` ends. Never rejects. */
  watch(held: Promise<void>): Promise<void>;
}

const failuresInARow = 3;
const firstPauseMs = 2000;
const longestPauseMs = 60_000;

interface Pause {
  readonly duration: number;
  next(): Pause;
}

/** Its own mistakes and ours say nothing about whether a server is well: 400, 401, 403, aborts. */
const counted: ReadonlySet<ModelTrouble> = new Set([
  'unreachable',
  'rate-limited',
  'server-error',
  'bad-answer',
  'cut-off',
  'stalled',
]);

export function createBreaker(onChange: (state: 'open' | 'testing' | 'closed', pauseMs: number) => void): Breaker {
  let pauseMs = 0;
  let openedAtMs = 0;
  const backoff = (attempt: number): Pause => {
    pauseMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
    return { duration: pauseMs, next: () => backoff(attempt + 1) };
  };
  const policy = circuitBreaker(
    handleWhen(error => error instanceof ModelFailure && counted.has(error.trouble)),
    { halfOpenAfter: { next: () => backoff(1) }, breaker: new ConsecutiveBreaker(failuresInARow) },
  );
  policy.onStateChange(state => {
    if (state === CircuitState.Open) openedAtMs = Date.now();
    onChange(state === CircuitState.Open ? 'open' : state === CircuitState.HalfOpen ? 'testing' : 'closed', pauseMs);
  });
  return {
    waitMs() {
      if (policy.state === CircuitState.Closed) return 0;
      // Somebody tests it already: one at a time.
      if (policy.state === CircuitState.HalfOpen) return 1000;
      return Math.max(0, openedAtMs + pauseMs - Date.now());
    },
    isTesting: () => policy.state === CircuitState.HalfOpen,
    watch: held => policy.execute(() => held).catch(() => undefined),
  };
}
