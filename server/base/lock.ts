import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from './failure.js';

interface Owner {
  readonly pid: number;
  /** Start of that process in clock ticks since boot, where the system tells: a pid alone may be used again. */
  readonly start: string | null;
  readonly nonce: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** Takes the lock at `path`, also from an owner that no longer runs; otherwise the pid of its owner. Passes on errors of the disk. */
export async function takeLock(path: string): Promise<Lock | { readonly heldBy: number }> {
  const own: Owner = { pid: process.pid, start: processStart(process.pid), nonce: randomUUID() };
  const draft = `${path}.${own.nonce}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await tryLink(draft, path)) return lockOf(path, own);
      const owner = await readOwner(path);
      if (owner !== null && isRunning(owner)) return { heldBy: owner.pid };
      await removeStale(path, owner, `${draft}.stale`);
    }
    return { heldBy: (await readOwner(path))?.pid ?? 0 };
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Does something while nobody else does it under the same lock, and waits for whoever is at it. For work of moments.
 * Raises Failure `locked` after `limitMs`, the signal's reason, and errors of the disk.
 */
export async function withLock<Result>(
  path: string,
  limitMs: number,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const lock = await waitForLock(path, limitMs, signal);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function waitForLock(path: string, limitMs: number, signal: AbortSignal | undefined): Promise<Lock> {
  const untilMs = performance.now() + limitMs;
  for (;;) {
    signal?.throwIfAborted();
    const taken = await takeLock(path);
    if ('release' in taken) return taken;
    if (performance.now() > untilMs) {
      throw new Failure('locked', `Process ${taken.heldBy} has been at ${path} for too long.`, {
        remedy: 'Try again when it has ended.',
      });
    }
    await pause(10 + Math.random() * 20);
  }
}

/** The pid of the running process that holds the lock at `path`, or null. */
export async function lockHolder(path: string): Promise<number | null> {
  const owner = await readOwner(path);
  return owner !== null && isRunning(owner) ? owner.pid : null;
}

function lockOf(path: string, own: Owner): Lock {
  return {
    async release() {
      if ((await readOwner(path))?.nonce === own.nonce) await rm(path, { force: true });
    },
  };
}

/** A link appears with its content or not at all: nobody reads a lock that is half written. */
async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Two may find the same stale lock; the slower one must not remove what the faster one has just put there. */
async function removeStale(path: string, stale: Owner | null, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readOwner(aside);
  if (moved !== null && moved.nonce !== stale?.nonce) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    const owner: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof owner !== 'object' || owner === null) return null;
    if (!('pid' in owner) || typeof owner.pid !== 'number' || !Number.isInteger(owner.pid) || owner.pid <= 0)
      return null;
    const start = 'start' in owner && typeof owner.start === 'string' ? owner.start : null;
    const nonce = 'nonce' in owner && typeof owner.nonce === 'string' ? owner.nonce : '';
    return { pid: owner.pid, start, nonce };
  } catch {
    return null;
  }
}

function isRunning({ pid, start }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = processStart(pid);
  return start === null || now === null || start === now;
}

/** Field 22 of /proc/PID/stat (proc(5)); null where there is no such file. The name before may hold spaces and brackets. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
