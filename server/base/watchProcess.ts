/**
 * Calls back once when a process has ended; the returned function stops watching. A process that cannot be seen from
 * here at all, such as one outside a container, is not watched.
 */
export function watchProcess(pid: number, onGone: () => void, intervalMs = 3000): () => void {
  if (!isRunning(pid)) return () => {};
  const timer = setInterval(() => {
    if (isRunning(pid)) return;
    clearInterval(timer);
    onGone();
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
