/** Named timers that do not keep the process alive. */
export interface Timers {
  /** Once, unless one of this name runs already. */
  once(afterMs: number, name: string, act: () => void): void;
  /** Once, put off by each further call, but by no more than `atMostMs` after the first. */
  postpone(afterMs: number, atMostMs: number, name: string, act: () => void): void;
  /** Again and again; replaces one of this name. */
  every(eachMs: number, name: string, act: () => void): void;
  /** Lets a waiting one act now. Whether there was one. */
  fire(name: string): boolean;
  cancel(name: string): void;
  clear(): void;
}

interface Running {
  readonly handle: NodeJS.Timeout;
  readonly sinceMs: number;
  readonly act: () => void;
}

export function createTimers(): Timers {
  const running = new Map<string, Running>();

  const start = (name: string, afterMs: number, sinceMs: number, act: () => void): void => {
    const fireIt = () => {
      running.delete(name);
      act();
    };
    running.set(name, { handle: setTimeout(fireIt, afterMs).unref(), sinceMs, act });
  };
  const cancel = (name: string): void => {
    const timer = running.get(name);
    if (timer !== undefined) clearTimeout(timer.handle);
    running.delete(name);
  };

  return {
    once(afterMs, name, act) {
      if (!running.has(name)) start(name, afterMs, performance.now(), act);
    },
    postpone(afterMs, atMostMs, name, act) {
      const now = performance.now();
      const sinceMs = running.get(name)?.sinceMs ?? now;
      cancel(name);
      start(name, Math.max(0, Math.min(afterMs, sinceMs + atMostMs - now)), sinceMs, act);
    },
    every(eachMs, name, act) {
      cancel(name);
      running.set(name, { handle: setInterval(act, eachMs).unref(), sinceMs: performance.now(), act });
    },
    fire(name) {
      const timer = running.get(name);
      if (timer === undefined) return false;
      cancel(name);
      timer.act();
      return true;
    },
    cancel,
    clear() {
      for (const name of [...running.keys()]) cancel(name);
    },
  };
}
