import { readdirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { isInside } from '../../base/paths.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import type { Overlay } from '../stateFiles.js';

/**
 * The only way by which the compiler sees files: inside one real folder, and its own declarations. A symbolic link that leads
 * outside leads nowhere. Paths have forward slashes, as the compiler has them.
 */
export interface ConfinedFiles {
  readonly root: string;
  readonly foldsCase: boolean;
  /** Lets files stand as given until the next call, and looks again what changed on disk. */
  begin(overlay: Overlay): void;
  /** Changes when a file or folder that was looked for has come or gone. */
  structure(): number;
  readFile(path: string): string | undefined;
  /** Whether a file stands as given, whatever is on disk. */
  isGiven(path: string): boolean;
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  entries(folder: string): { readonly files: readonly string[]; readonly directories: readonly string[] };
  realpath(path: string): string;
  /** Tells one content of a file from another; null where there is none. */
  stamp(path: string): string | null;
}

type Kind = 'file' | 'directory';
interface Entry {
  readonly name: string;
  readonly kind: Kind | 'link';
}
interface Listing {
  readonly stamp: string;
  readonly byName: ReadonlyMap<string, Entry>;
  /** When it was last compared with the disk. */
  lookedMs: number;
}

/** What is installed changes rarely, and there is much of it. */
const installedMs = 10_000;
const maxFileBytes = 4_000_000;

export function createConfinedFiles(root: string, libFolder: string): ConfinedFiles {
  const listings = new Map<string, Listing | null>();
  const resolved = new Map<string, { readonly real: string; readonly kind: Kind } | null>();
  const stamps = new Map<string, { readonly stamp: string | null; readonly lookedMs: number }>();
  let overlay: Overlay = new Map();
  let overlayFolders: ReadonlySet<string> = new Set();
  /** Folders that lose a file, which may have been their last. */
  let thinned: ReadonlySet<string> = new Set();
  let virtual = '';
  let structure = 0;
  const foldsCase = process.platform === 'win32' || process.platform === 'darwin';
  const fold = (name: string) => (foldsCase ? name.toLowerCase() : name);

  const listing = (real: string): Listing | null => {
    const known = listings.get(real);
    if (known !== undefined) return known;
    const read = readListing(real, fold);
    listings.set(real, read);
    return read;
  };

  /** Follows links one folder at a time, so that none is followed out of the root. */
  const resolve = (path: string): { readonly real: string; readonly kind: Kind } | null => {
    if (path === root) return { real: root, kind: 'directory' };
    if (!path.startsWith(`${root}/`)) return null;
    const known = resolved.get(path);
    if (known !== undefined) return known;
    const found = resolveAnew(path);
    resolved.set(path, found);
    return found;
  };
  const resolveAnew = (path: string) => {
    const parent = resolve(posix.dirname(path));
    if (parent?.kind !== 'directory') return null;
    const entry = listing(parent.real)?.byName.get(fold(posix.basename(path)));
    if (entry === undefined) return null;
    const real = posix.join(parent.real, entry.name);
    return entry.kind === 'link' ? followLink(root, real) : { real, kind: entry.kind };
  };

  /** The compiler's own declarations, and those of Node, lie outside of every workspace and are always the same. */
  const isLib = (path: string) => path.startsWith(`${libFolder}/`) && path.endsWith('.ts') && !path.includes('/../');
  const isLibFolder = (path: string) => path === libFolder || path.startsWith(`${libFolder}/`);

  /** A folder called node_modules would be left out of a package. */
  const onDisk = (path: string) => path.replace(`${libFolder}/node_modules/`, `${libFolder}/packages/`);
  const libKinds = new Map<string, Kind | null>();
  const libKind = (path: string): Kind | null => {
    const known = libKinds.get(path);
    if (known !== undefined) return known;
    const stats = path.includes('/../') ? null : statsOf(onDisk(path));
    const kind = stats?.isFile() === true ? 'file' : stats?.isDirectory() === true ? 'directory' : null;
    libKinds.set(path, kind);
    return kind;
  };

  const lookAgain = () => {
    const now = Date.now();
    let changed = false;
    for (const [real, known] of listings) {
      if (known !== null && real.includes('/node_modules/') && now - known.lookedMs < installedMs) continue;
      const stamp = folderStamp(real);
      if (stamp === (known?.stamp ?? null)) {
        if (known !== null) known.lookedMs = now;
        continue;
      }
      const fresh = readListing(real, fold);
      listings.set(real, fresh);
      changed ||= !sameKinds(known, fresh);
    }
    if (!changed) return;
    resolved.clear();
    structure += 1;
  };

  const entries = (folder: string) => {
    const files = new Set<string>();
    const directories = new Set<string>();
    const at = resolve(folder);
    if (at?.kind === 'directory') {
      for (const { name } of listing(at.real)?.byName.values() ?? []) {
        const kind = resolve(posix.join(folder, name))?.kind;
        if (kind === 'file') files.add(name);
        else if (kind === 'directory') directories.add(name);
      }
    }
    for (const [path, text] of overlay) {
      if (posix.dirname(path) !== folder) continue;
      if (text === null) files.delete(posix.basename(path));
      else files.add(posix.basename(path));
    }
    for (const path of overlayFolders) if (posix.dirname(path) === folder) directories.add(posix.basename(path));
    return { files: [...files].sort(), directories: [...directories].sort() };
  };
  const isEmpty = (folder: string) => {
    const { files, directories } = entries(folder);
    return files.length === 0 && directories.length === 0;
  };

  return {
    root,
    foldsCase,
    begin(given) {
      overlay = given;
      const now = Date.now();
      for (const [path, { lookedMs }] of stamps) {
        if (!path.includes('/node_modules/') || now - lookedMs >= installedMs) stamps.delete(path);
      }
      lookAgain();
      const differing = [...given].filter(([path, text]) => (resolve(path)?.kind === 'file') !== (text !== null));
      const added = differing.flatMap(([path, text]) => (text === null ? [] : [path]));
      overlayFolders = foldersOf(added, root);
      thinned = new Set(differing.flatMap(([path, text]) => (text === null ? [posix.dirname(path)] : [])));
      const unlike = differing.map(([path, text]) => `${path}${text === null ? ' goes' : ''}`).sort();
      if (unlike.join('\0') === virtual) return;
      virtual = unlike.join('\0');
      structure += 1;
    },
    structure: () => structure,
    readFile(path) {
      const given = overlay.get(path);
      if (given !== undefined) return given ?? undefined;
      const isOurs = isLib(path) || (isLibFolder(path) && path.endsWith('package.json'));
      const real = isOurs ? onDisk(path) : resolve(path)?.real;
      return real === undefined ? undefined : readText(real);
    },
    isGiven: path => overlay.has(path),
    fileExists(path) {
      const given = overlay.get(path);
      if (given !== undefined) return given !== null;
      return resolve(path)?.kind === 'file' || (isLibFolder(path) && libKind(path) === 'file');
    },
    directoryExists: path =>
      overlayFolders.has(path) ||
      (resolve(path)?.kind === 'directory' && !(thinned.has(path) && isEmpty(path))) ||
      (isLibFolder(path) && libKind(path) === 'directory'),
    entries,
    realpath: path => resolve(path)?.real ?? path,
    stamp(path) {
      const known = stamps.get(path);
      if (known !== undefined) return known.stamp;
      const stamp = isLib(path) ? 'lib' : fileStamp(resolve(path)?.real ?? null);
      stamps.set(path, { stamp, lookedMs: Date.now() });
      return stamp;
    },
  };
}

function readListing(real: string, fold: (name: string) => string): Listing | null {
  const stamp = folderStamp(real);
  if (stamp === null) return null;
  try {
    const byName = new Map<string, Entry>();
    for (const entry of readdirSync(real, { withFileTypes: true })) {
      const kind = kindOf(entry);
      if (kind !== null) byName.set(fold(entry.name), { name: entry.name, kind });
    }
    return { stamp, byName, lookedMs: Date.now() };
  } catch {
    // It went, or may not be read: then nothing is seen in it.
    return null;
  }
}

function kindOf(entry: Dirent): Kind | 'link' | null {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : null;
}

function sameKinds(before: Listing | null, after: Listing | null): boolean {
  if (before === null || after === null) return before === after;
  if (before.byName.size !== after.byName.size) return false;
  for (const [name, { kind }] of after.byName) if (before.byName.get(name)?.kind !== kind) return false;
  return true;
}

function followLink(root: string, link: string): { readonly real: string; readonly kind: Kind } | null {
  try {
    const real = realpathSync(link).replaceAll('\\', '/');
    if (!isInside(root, real)) return null;
    const stats = statSync(real);
    if (stats.isFile()) return { real, kind: 'file' };
    return stats.isDirectory() ? { real, kind: 'directory' } : null;
  } catch {
    // It leads nowhere.
    return null;
  }
}

function folderStamp(real: string): string | null {
  const stats = statsOf(real);
  return stats?.isDirectory() === true ? String(stats.mtimeMs) : null;
}

function fileStamp(real: string | null): string | null {
  const stats = real === null ? null : statsOf(real);
  return stats?.isFile() === true ? `${stats.mtimeMs}:${stats.size}` : null;
}

function statsOf(real: string): Stats | null {
  try {
    return statSync(real, { throwIfNoEntry: false }) ?? null;
  } catch {
    // What may not be looked at is not there.
    return null;
  }
}

function readText(real: string): string | undefined {
  return textOnDisk(real, maxFileBytes) ?? undefined;
}

function foldersOf(paths: readonly string[], root: string): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = posix.dirname(path); folder.startsWith(`${root}/`); folder = posix.dirname(folder))
      folders.add(folder);
  }
  return folders;
}
