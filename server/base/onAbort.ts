/** Who waits for a signal, by signal: however many there are, it has one listener of ours. */
const waiting = new WeakMap<AbortSignal, Waiting>();

interface Waiting {
  readonly calls: Set<() => void>;
  readonly tell: () => void;
}

/**
 * Calls back once when a signal is aborted from now on; returns what takes that back. A search in many files, or the names
 * of a whole text, ask hundreds of questions with one signal: a listener for each would look like a leak, and Node says so.
 */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
  const { calls, tell } = waiting.get(signal) ?? listenTo(signal);
  const own = (): void => call();
  calls.add(own);
  return () => {
    calls.delete(own);
    if (calls.size > 0 || waiting.get(signal)?.calls !== calls) return;
    signal.removeEventListener('abort', tell);
    waiting.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Waiting {
  const calls = new Set<() => void>();
  const tell = (): void => {
    waiting.delete(signal);
    for (const call of calls) call();
    calls.clear();
  };
  signal.addEventListener('abort', tell, { once: true });
  const one = { calls, tell };
  waiting.set(signal, one);
  return one;
}
