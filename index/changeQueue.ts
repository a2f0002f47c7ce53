/** Paths that changed, gathered for some milliseconds; many at once are left to a scan. */
export interface ChangeQueue {
  add(path: string): void;
  /** Resolves when nothing waits. */
  settle(): Promise<void>;
  close(): void;
}

export interface ChangeQueueOptions {
  /** More paths than this at once are a burst. */
  readonly burst: number;
  take(paths: readonly string[]): Promise<void>;
  onBurst(): void;
}

/** A save is several events in a row (truncate, write, rename); one reading is enough. */
const GATHER_MS = 8;

export function createChangeQueue({ burst, take, onBurst }: ChangeQueueOptions): ChangeQueue {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let working: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    while (waiting.size > 0) {
      const paths = [...waiting];
      waiting.clear();
      if (paths.length > burst) onBurst();
      else await take(paths);
    }
  };
  const begin = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // One after the other: two readings of one file at once could end in the wrong order.
    working ??= drain().finally(() => {
      working = null;
    });
  };

  return {
    add(path) {
      waiting.add(path);
      timer ??= setTimeout(begin, GATHER_MS);
    },
    async settle() {
      while (waiting.size > 0 || working !== null) {
        begin();
        await working;
      }
    },
    close() {
      waiting.clear();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
