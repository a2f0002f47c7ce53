import { setImmediate as nextTurn } from 'node:timers/promises';

/** For work that comes in many small pieces: lets the event loop turn when they have taken so long together. */
export interface Breath {
  /** Whether the pieces since the last turn took long enough. */
  isDue(): boolean;
  /** Waits for the next turn. */
  take(): Promise<void>;
}

const sliceMs = 2;

export function createBreath(): Breath {
  let sliceEnd = 0;
  return {
    isDue: () => performance.now() >= sliceEnd,
    async take() {
      await nextTurn();
      sliceEnd = performance.now() + sliceMs;
    },
  };
}
