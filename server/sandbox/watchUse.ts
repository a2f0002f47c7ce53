import { lstat, opendir, readFile, readdir, readlink, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exceeded, Limits } from './sandbox.js';

/** What is written to. */
export interface WatchedDisk {
  readonly folders: readonly string[];
  /** What they took before anything ran, as `diskUse` says. */
  readonly bytesAtStart: number;
}

const everyMs = 100;
/** Of a page, on every architecture where it matters; a larger page makes the limit smaller. */
const pageBytes = 4096;

/**
 * Watches what the processes of a sandbox use up together, which no limit of the kernel's bounds without control groups: memory,
 * processes and disk. Calls back once. The returned function stops it.
 * `pid`: the first process of the sandbox's own process namespace, whose /proc lists all of them; null where that is not known.
 */
export function watchUse(
  pid: number | null,
  disk: WatchedDisk,
  limits: Limits,
  onExceeded: (what: Exceeded) => void,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const isFull = watchDisk(disk, limits.diskBytes);
  const look = async (): Promise<void> => {
    const what = (pid === null ? null : await processesExceed(pid, limits)) ?? ((await isFull()) ? 'disk' : null);
    if (stopped) return;
    if (what === null) timer = setTimeout(() => void look(), everyMs);
    else onExceeded(what);
  };
  timer = setTimeout(() => void look(), everyMs / 4);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

async function processesExceed(pid: number, limits: Limits): Promise<Exceeded | null> {
  const proc = `/proc/${pid}/root/proc`;
  // Until the walls stand, this is the /proc that we are in ourselves.
  if (await isOurs(proc)) return null;
  try {
    const processes = (await readdir(proc)).filter(name => /^\d+$/.test(name));
    if (processes.length > limits.processes) return 'processes';
    const uses = await Promise.all(processes.map(name => useOf(join(proc, name))));
    if (uses.reduce((sum, use) => sum + use.threads, 0) > limits.processes) return 'processes';
    if (uses.reduce((sum, use) => sum + use.residentBytes, 0) <= limits.memoryBytes) return null;
    // What processes share was counted in each of them: look more closely, which costs more.
    const shares = await Promise.all(processes.map(name => shareOf(join(proc, name))));
    return shares.reduce((sum, bytes) => sum + bytes, 0) > limits.memoryBytes ? 'memory' : null;
  } catch {
    // It ends.
    return null;
  }
}

/** `self` leads nowhere in the /proc of processes among which the reader is not. */
async function isOurs(proc: string): Promise<boolean> {
  try {
    await readlink(join(proc, 'self'));
    return true;
  } catch {
    return false;
  }
}

async function useOf(process: string): Promise<{ readonly threads: number; readonly residentBytes: number }> {
  try {
    // The name in brackets may hold anything; threads are field 20, resident pages 24 (proc(5)).
    const fields = (await readFile(join(process, 'stat'), 'utf8')).split(') ').pop()?.split(' ') ?? [];
    return { threads: Number(fields[17] ?? 0), residentBytes: Number(fields[21] ?? 0) * pageBytes };
  } catch {
    return { threads: 0, residentBytes: 0 };
  }
}

async function shareOf(process: string): Promise<number> {
  try {
    const text = await readFile(join(process, 'smaps_rollup'), 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return (await useOf(process)).residentBytes;
  }
}

/** Tells whether the folders have grown too much. The disk's own count is asked each time; the files are only now and then. */
function watchDisk({ folders, bytesAtStart }: WatchedDisk, maxBytes: number): () => Promise<boolean> {
  let lastFree: number | null = null;
  let nextMs = 0;
  return async () => {
    const free = await freeBytes(folders[0] ?? '/');
    lastFree ??= free;
    const startedMs = performance.now();
    if (startedMs < nextMs && lastFree - free < maxBytes / 2) return false;
    const size = await diskUse(folders);
    lastFree = free;
    // A look at every file takes its time: never more than a twentieth of it all.
    nextMs = performance.now() + Math.max(2_000, 20 * (performance.now() - startedMs));
    return size - bytesAtStart > maxBytes;
  };
}

async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** What all files in some folders take on the disk, and a little for each. */
export async function diskUse(folders: readonly string[]): Promise<number> {
  let bytes = 0;
  const pending = [...folders];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    try {
      const files: string[] = [];
      for await (const entry of await opendir(folder)) {
        (entry.isDirectory() ? pending : files).push(join(folder, entry.name));
      }
      for (let at = 0; at < files.length; at += 16) {
        const sizes = await Promise.all(files.slice(at, at + 16).map(sizeOf));
        bytes += sizes.reduce((sum, size) => sum + size, 0);
      }
    } catch {
      // It was deleted meanwhile.
    }
  }
  return bytes;
}

/** What is written with holes takes no room. An empty file still takes a place in the file system. */
async function sizeOf(path: string): Promise<number> {
  try {
    return 512 * (await lstat(path)).blocks + 256;
  } catch {
    return 0;
  }
}
