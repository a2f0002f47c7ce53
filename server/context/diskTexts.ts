import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { isInside } from '../base/paths.js';

/** Files that other parts of a context read: small texts, kept for a while, never from outside of where they may lie. */
export interface DiskTexts {
  /**
   * A file's text, or null where there is none to be had: gone, too large, no text, or really lying outside of all
   * `within`, links followed. An open document's text is not known here.
   */
  read(path: string, within: readonly string[]): Promise<string | null>;
  /** The names in a folder, or none; under the same condition. A folder's own name ends in `/`. */
  list(folder: string, within: readonly string[]): Promise<readonly string[]>;
  clear(): void;
}

export interface DiskTextsOptions {
  readonly now: () => number;
  readonly maxFileBytes?: number;
  /** Of all texts that are kept together. */
  readonly maxUnits?: number;
}

/** For so long the disk is not asked whether a file is still the same. */
const trustedMs = 2_000;
const maxLists = 400;

interface Kept {
  readonly text: string | null;
  readonly stamp: string;
  readonly real: string | null;
  checkedAtMs: number;
}

export function createDiskTexts(options: DiskTextsOptions): DiskTexts {
  const { now, maxFileBytes = 400_000, maxUnits = 4_000_000 } = options;
  const texts = new Map<string, Kept>();
  const lists = new Map<string, { readonly names: readonly string[]; readonly real: string; readonly atMs: number }>();
  const realRoots = new Map<string, string | null>();
  let units = 0;

  return {
    async read(path, within) {
      const kept = texts.get(path);
      const fresh = kept !== undefined && now() - kept.checkedAtMs < trustedMs ? kept : await look(path, kept);
      if (fresh.real === null || !(await isWithin(fresh.real, within))) return null;
      return fresh.text;
    },
    async list(folder, within) {
      const kept = lists.get(folder);
      const fresh = kept !== undefined && now() - kept.atMs < trustedMs ? kept : await lookInto(folder);
      return fresh !== null && (await isWithin(fresh.real, within)) ? fresh.names : [];
    },
    clear() {
      texts.clear();
      lists.clear();
      realRoots.clear();
      units = 0;
    },
  };

  async function look(path: string, before: Kept | undefined): Promise<Kept> {
    let made: Kept = { text: null, stamp: '', real: null, checkedAtMs: now() };
    try {
      const real = await realpath(path);
      const { mtimeMs, size, ino } = await stat(real);
      const stamp = `${real} ${mtimeMs} ${size} ${ino}`;
      made =
        before?.stamp === stamp
          ? { ...before, checkedAtMs: now() }
          : { ...made, stamp, real, text: await readPlain(real, maxFileBytes) };
    } catch {
      // Gone, or not ours to read: there is nothing to show.
    }
    keep(path, made);
    return made;
  }

  function keep(path: string, made: Kept): void {
    forget(path);
    texts.set(path, made);
    units += sizeOf(made);
    for (const [oldest] of texts) {
      if (units <= maxUnits || oldest === path) break;
      forget(oldest);
    }
  }

  function forget(path: string): void {
    const kept = texts.get(path);
    if (kept === undefined) return;
    units -= sizeOf(kept);
    texts.delete(path);
  }

  async function lookInto(
    folder: string,
  ): Promise<{ readonly names: readonly string[]; readonly real: string; readonly atMs: number } | null> {
    try {
      const real = await realpath(folder);
      const entries = await readdir(real, { withFileTypes: true });
      const names = entries.map(entry => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
      if (lists.size >= maxLists) lists.clear();
      const made = { names, real, atMs: now() };
      lists.set(folder, made);
      return made;
    } catch {
      return null;
    }
  }

  async function isWithin(real: string, within: readonly string[]): Promise<boolean> {
    for (const root of within) {
      const realRoot = realRoots.get(root) ?? (await realpath(root).catch(() => null));
      realRoots.set(root, realRoot);
      if (realRoot !== null && isInside(realRoot, real)) return true;
    }
    return false;
  }
}

function sizeOf({ text }: Kept): number {
  return 200 + (text?.length ?? 0);
}

/** Never through a link that took the file's place meanwhile, and never waiting for a pipe. */
async function readPlain(real: string, maxBytes: number): Promise<string | null> {
  // Windows has neither flag; there they are undefined.
  const file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > maxBytes) return null;
    const bytes = await file.readFile();
    return bytes.length > maxBytes || bytes.subarray(0, 8_000).includes(0)
      ? null
      : bytes.toString('utf8').replace(/^\uFEFF/, '');
  } finally {
    await file.close();
  }
}
