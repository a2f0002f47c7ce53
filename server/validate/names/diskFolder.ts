import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { bytesOnDisk } from '../../base/textOnDisk.js';
import { hasFilesBelow, isEmptiedBy, listIn, type Overlay } from '../stateFiles.js';

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
  /** What was seen of folders and files may have changed, and this is what the judged state has in their place. What lies in `lasting` is taken to stay as it is. */
  refresh(overlay?: Overlay): void;
}

const maxBytes = 8_000_000;
const maxArchiveBytes = 400_000_000;

/** `fleeting` may change from one look to the next; `lasting` are folders of installed packages, each version one of its own. */
export function createDisk(fleeting: readonly string[], lasting: readonly string[]): Disk {
  let overlay: Overlay = new Map();
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
    return found === null ? null : bytesOnDisk(found, most);
  };
  return {
    read(path) {
      const given = overlay.get(path);
      return given === undefined ? (bytes(path, maxBytes)?.toString('utf8') ?? null) : given;
    },
    bytes: path => bytes(path, maxArchiveBytes),
    list: folder => once('list ', folder, () => list(folder)),
    isFolder: path =>
      once('folder ', path, () => {
        if (hasFilesBelow(path, overlay)) return true;
        return stat(path)?.isDirectory() === true && !isEmptiedBy(path, overlay, () => list(path).length === 0);
      }),
    isFile: path =>
      once('file ', path, () => {
        const given = overlay.get(path);
        return given === undefined ? stat(path)?.isFile() === true : given !== null;
      }),
    stamp: path =>
      once('stamp ', path, () => {
        const given = overlay.get(path);
        if (given !== undefined) return given === null ? '' : createHash('sha1').update(given).digest('base64');
        const found = stat(path);
        return found === null ? '' : `${found.mtimeMs}:${found.size}`;
      }),
    refresh(next = new Map()) {
      seen.clear();
      overlay = next;
    },
  };

  function list(folder: string): readonly string[] {
    const found = within(folder);
    const entries = found === null ? [] : (attempt(() => readdirSync(found, { withFileTypes: true })) ?? []);
    const names = entries.map(entry => {
      const isFolder = entry.isSymbolicLink()
        ? stat(join(folder, entry.name))?.isDirectory() === true
        : entry.isDirectory();
      return isFolder ? `${entry.name}/` : entry.name;
    });
    if (overlay.size === 0) return names;
    // New folders come without the mark of one.
    const isMarked = new Set(names);
    return listIn(folder, overlay, names)
      .filter(name => isMarked.has(name) || !isMarked.has(`${name}/`))
      .map(name => (isMarked.has(name) || overlay.has(join(folder, name)) ? name : `${name}/`));
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
