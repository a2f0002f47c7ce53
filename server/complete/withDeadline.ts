/** What a promise says within so many milliseconds, else `late`; the promise goes on. */
export async function withDeadline<T>(promise: Promise<T>, late: T, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<T>(resolve => {
    timer = setTimeout(resolve, deadlineMs, late);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
