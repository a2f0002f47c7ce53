import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isInside } from '../../base/paths.js';

/** What is there, read as data and only where it really lies in one of the folders given. Nothing throws: what cannot be read is not there. */
export interface Disk {
  /** Null where there is no such file, it is too large, or it lies outside. */
  read(path: string): string | null;
  bytes(path: string): Buffer | null;
  /** Names of files, and of folders with a `/` behind. */
  list(folder: string): readonly string[];
  isFolder(path: string): boolean;
  isFile(path: string): boolean;
  /** Changes when the file does; the empty string where there is none. */
  stamp(path: string): string;
  /** What was seen of folders and files may have changed. What lies in `lasting` is taken to stay as it is. */
  refresh(): void;
}

const maxBytes = 8_000_000;
const maxArchiveBytes = 400_000_000;

/** `fleeting` may change from one look to the next; `lasting` are folders of installed packages, each version one of its own. */
export function createDisk(fleeting: readonly string[], lasting: readonly string[]): Disk {
  const seen = new Map<string, unknown>();
  const seenForGood = new Map<string, unknown>();
  const once = <Result>(kind: string, path: string, look: () => Result): Result => {
    const kept =
      !fleeting.some(root => isInside(root, path)) && lasting.some(root => isInside(root, path)) ? seenForGood : seen;
    const key = `${kind}${path}`;
    if (!kept.has(key)) kept.set(key, look());
    return kept.get(key) as Result;
  };
  const roots = [...fleeting, ...lasting].map(folder => real(folder)).filter(folder => folder !== null);
  const within = (path: string): string | null => {
    const found = real(path);
    return found !== null && roots.some(root => isInside(root, found)) ? found : null;
  };
  const stat = (path: string): Stats | null => {
    const found = within(path);
    return found === null ? null : attempt(() => statSync(found));
  };
  const bytes = (path: string, most: number): Buffer | null => {
    const found = within(path);
    if (found === null) return null;
    return attempt(() => {
      const { size } = statSync(found);
      return size > most ? null : readFileSync(found);
    });
  };
  return {
    read: path => bytes(path, maxBytes)?.toString('utf8') ?? null,
    bytes: path => bytes(path, maxArchiveBytes),
    list: folder => once('list ', folder, () => list(folder)),
    isFolder: path => once('folder ', path, () => stat(path)?.isDirectory() === true),
    isFile: path => once('file ', path, () => stat(path)?.isFile() === true),
    stamp: path =>
      once('stamp ', path, () => {
        const found = stat(path);
        return found === null ? '' : `${found.mtimeMs}:${found.size}`;
      }),
    refresh: () => seen.clear(),
  };

  function list(folder: string): readonly string[] {
    const found = within(folder);
    if (found === null) return [];
    const entries = attempt(() => readdirSync(found, { withFileTypes: true })) ?? [];
    return entries.map(entry => {
      const isFolder = entry.isSymbolicLink()
        ? stat(join(folder, entry.name))?.isDirectory() === true
        : entry.isDirectory();
      return isFolder ? `${entry.name}/` : entry.name;
    });
  }
}

function real(path: string): string | null {
  return attempt(() => realpathSync(path));
}

function attempt<Result>(act: () => Result): Result | null {
  try {
    return act();
  } catch {
    return null;
  }
}
