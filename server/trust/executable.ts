import { accessSync, constants, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { isInside } from '../base/paths.js';

export interface ExecutableSearch {
  /** The value of PATH. */
  readonly path: string | undefined;
  /** What must not decide what is run: the workspace that the tool is run for. Null where there is none. */
  readonly workspace: string | null;
}

/**
 * Absolute path of a program on PATH, or null. Never one that a workspace can put there: empty and relative entries of PATH,
 * those inside the workspace, and programs whose links lead into it or through it are passed over.
 * The last link is kept, as some programs do what they are called by. `name` is a plain name without `.exe`.
 */
export function findExecutable(name: string, { path, workspace }: ExecutableSearch): string | null {
  if (!/^[\w.+-]+$/.test(name) || /^\.+$/.test(name)) return null;
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.com`] : [name];
  for (const folder of safeFolders(path, workspace)) {
    for (const file of names) {
      const candidate = join(folder, file);
      if (isRunnable(candidate) && isOutside(workspace, candidate)) return candidate;
    }
  }
  return null;
}

/** PATH without what a workspace could put a program into, for children that look for programs themselves. */
export function safePath({ path, workspace }: ExecutableSearch): string {
  return safeFolders(path, workspace).join(delimiter);
}

function safeFolders(path: string | undefined, workspace: string | null): readonly string[] {
  const folders = (path ?? '').split(delimiter).filter(folder => isAbsolute(folder) && !folder.startsWith('\\\\'));
  return folders.filter(folder => isOutside(workspace, folder));
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether nothing on the way to a path, by whatever links, lies in the workspace: it could be turned to something else. */
function isOutside(workspace: string | null, path: string): boolean {
  if (workspace === null) return true;
  try {
    const real = realpathSync(workspace);
    return placesOnTheWay(path).every(place => !isInside(real, place)) && !isInside(resolve(workspace), path);
  } catch {
    // What cannot be followed to its end is run by nobody.
    return false;
  }
}

const mostLinks = 40;

/** Every entry that is looked at to get to a path, each in a folder that is real. Throws where there is none. */
function placesOnTheWay(path: string): readonly string[] {
  const places: string[] = [];
  const absolute = resolve(path);
  let at = parse(absolute).root;
  let names = namesIn(absolute);
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    places.push(next);
    if (!lstatSync(next).isSymbolicLink()) {
      at = next;
      continue;
    }
    if (++links > mostLinks) throw new Error('There are too many links.');
    const target = readlinkSync(next);
    if (isAbsolute(target)) at = parse(target).root;
    names = [...namesIn(target), ...names];
  }
  return places;
}

function namesIn(path: string): string[] {
  const separators = sep === '/' ? /\/+/ : /[\\/]+/;
  return path
    .slice(parse(path).root.length)
    .split(separators)
    .filter(name => name !== '' && name !== '.');
}
