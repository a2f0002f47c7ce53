/** How many texts go into one request, by what a model has taken for them so far. */
export interface BatchPace {
  readonly size: number;
  answered(texts: number, tookMs: number): void;
  /** One of several texts may be to blame: they go one by one until that is known. */
  failed(): void;
}

const firstSize = 8;
const smallest = 8;
const largest = 64;
/** Long enough to be worth a request, short enough to be given up without much loss. */
const aimMs = 2000;

export function createBatchPace(): BatchPace {
  let size = firstSize;
  return {
    get size() {
      return size;
    },
    answered(texts, tookMs) {
      const fitting = Math.round((aimMs * texts) / Math.max(1, tookMs));
      // What was quick once may have been in a cache.
      size = Math.max(size === 1 ? 1 : smallest, Math.min(largest, fitting, size * 2));
    },
    failed() {
      size = 1;
    },
  };
}
