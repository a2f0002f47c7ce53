import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { textOnDisk } from '../base/textOnDisk.js';

/** What a state has in place of what is on disk, by absolute path; null where the state lacks the file. */
export type Overlay = ReadonlyMap<string, string | null>;

/** The workspace as the judged state has it: the state's own texts first, else the disk. Nothing throws: what cannot be read is not there. */
export interface StateFiles {
  /** What the state has in place of what is on disk. */
  readonly overlay: Overlay;
  /** `undefined`: the state says nothing of it, the disk counts. */
  given(path: string): string | null | undefined;
  read(path: string): string | null;
  isFile(path: string): boolean;
  /** Whether a file or a folder is there; a folder that the state has emptied is none. */
  exists(path: string): boolean;
  /** Names of what lies in a folder. */
  list(folder: string): readonly string[];
}

const none: Overlay = new Map();

export function stateFiles(overlay: Overlay = none): StateFiles {
  const list = (folder: string): readonly string[] => listIn(folder, overlay, namesOnDisk(folder));
  const isFile = (path: string): boolean => {
    const given = overlay.get(path);
    return given === undefined ? kindOnDisk(path) === 'file' : given !== null;
  };
  return {
    overlay,
    given: path => overlay.get(path),
    read(path) {
      const given = overlay.get(path);
      return given === undefined ? textOnDisk(path) : given;
    },
    isFile,
    exists: path =>
      isFile(path) ||
      hasFilesBelow(path, overlay) ||
      (kindOnDisk(path) === 'folder' && !isEmptiedBy(path, overlay, () => list(path).length === 0)),
    list,
  };
}

/** What lies in a folder once the state's files are put in and those that it lacks are taken out. */
export function listIn(folder: string, overlay: Overlay, onDisk: readonly string[]): readonly string[] {
  if (overlay.size === 0) return onDisk;
  const names = new Set(onDisk);
  for (const [path, text] of overlay) {
    const [name = '', ...deeper] = wayDown(folder, path);
    if (name === '') continue;
    if (text !== null) names.add(name);
    else if (deeper.length === 0) names.delete(name);
  }
  return [...names];
}

export function hasFilesBelow(folder: string, overlay: Overlay): boolean {
  for (const [path, text] of overlay) if (text !== null && wayDown(folder, path).length > 0) return true;
  return false;
}

/** Whether the last file of a folder goes with the change. */
export function isEmptiedBy(folder: string, overlay: Overlay, isEmpty: () => boolean): boolean {
  for (const [path, text] of overlay) if (text === null && wayDown(folder, path).length === 1) return isEmpty();
  return false;
}

/** The names from a folder to what lies in it, however the folder is spelt; none where it lies elsewhere. */
function wayDown(folder: string, path: string): readonly string[] {
  const way = relative(folder, path);
  return way === '' || isAbsolute(way) ? [] : way.split(sep)[0] === '..' ? [] : way.split(sep);
}

function namesOnDisk(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // There is no such folder.
  }
}

function kindOnDisk(path: string): 'file' | 'folder' | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isFile() === true ? 'file' : found?.isDirectory() === true ? 'folder' : null;
  } catch {
    return null; // What may not be looked at is not there.
  }
}
