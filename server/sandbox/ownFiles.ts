import { constants } from 'node:fs';
import { chmod, chown, mkdir, open, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { Failure } from '../base/failure.js';
import { isInside } from '../base/paths.js';
import type { SandboxFile } from './sandbox.js';

/**
 * Writes files of a request into the copy, where nothing has run yet. Raises Failure `bad-input` for a path outside the folder,
 * also by a link of the copy.
 */
export async function writeFiles(
  folder: string,
  copy: string,
  files: readonly SandboxFile[],
  owner: number | null,
): Promise<void> {
  for (const { path, text } of files) {
    const way = relative(folder, path);
    const target = join(copy, way);
    if (way === '' || !isInside(folder, path) || !(await isReallyWithin(copy, dirname(target))))
      throw new Failure('bad-input', `${path} is not inside the folder that is copied.`);
    await rm(target, { recursive: true, force: true });
    if (text === null) continue;
    const made = await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { flag: 'wx' });
    if (owner === null) continue;
    await chown(target, owner, owner);
    for (let at = dirname(target); made !== undefined && isInside(made, at); at = dirname(at))
      await chown(at, owner, owner);
  }
}

/** Whether a folder, or the nearest above it that there is, lies in another by all links. */
async function isReallyWithin(root: string, path: string): Promise<boolean> {
  try {
    return isInside(root, await realpath(path));
  } catch {
    return path !== dirname(path) && (await isReallyWithin(root, dirname(path)));
  }
}

/** Puts a file where nothing of that name is yet. */
export async function putFile(folder: string, name: string, text: string): Promise<void> {
  if (name !== basename(name)) throw new Failure('bad-input', `${name} is no plain name of a file.`);
  await writeFile(join(folder, name), text, { flag: 'wx', mode: 0o644 });
  await chmod(join(folder, name), 0o644);
}

/** What a program that is not trusted wrote: only a plain file is read, no link is followed, no pipe is waited for. */
export async function readPlainFile(folder: string, name: string, maxBytes: number): Promise<string | null> {
  if (name !== basename(name) || name === '..') return null;
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(join(folder, name), flags);
    try {
      const stat = await file.stat();
      // A hard link to a file of somebody else's would be one with several names.
      if (!stat.isFile() || stat.size > maxBytes || stat.nlink > 1) return null;
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/**
 * Deletes a folder, also one in which a program took away its own rights. What cannot be deleted even so is left to whoever cleans
 * the folder for temporary files: the run is over, and what came of it stands.
 */
export async function deleteFolder(folder: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    try {
      return await rm(folder, { recursive: true, force: true, maxRetries: 2 });
    } catch {
      await openUp(folder);
    }
  }
}

/** Others may still be deleting in here: what is gone already is no trouble. */
async function openUp(folder: string): Promise<void> {
  try {
    await chmod(folder, 0o700);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await openUp(join(folder, entry.name));
    }
  } catch {
    // It is gone, or somebody else's.
  }
}
