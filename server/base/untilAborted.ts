import { onAbort } from './onAbort.js';

/** Rejects with the signal's reason as soon as it is aborted: who was asked goes on, and the answer is let go. */
export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    const stop = onAbort(signal, giveUp);
    promise.then(resolve, reject).finally(stop);
  });
}
