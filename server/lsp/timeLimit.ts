import { Failure } from '../base/failure.js';

/** Rejects with a Failure of kind `timeout` when a promise has not settled in time; its later outcome is ignored. */
export async function withTimeLimit<Value>(promise: Promise<Value>, limitMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure('timeout', `No answer within ${limitMs} ms.`)), limitMs);
    timer.unref();
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
