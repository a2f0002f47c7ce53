import { setTimeout as pause } from 'node:timers/promises';

/** Polls until a condition holds; a condition that throws does not hold yet. Rejects after `limitMs`. */
export async function waitFor(holds: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const until = performance.now() + limitMs;
  for (;;) {
    let problem: unknown = null;
    try {
      if (await holds()) return;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > until)
      throw new Error(`This did not come to hold within ${limitMs} ms: ${String(holds)}`, { cause: problem });
    await pause(5);
  }
}
