import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure, fileFailure } from '../base/failure.js';
import { changedMeanwhile, hardLinked, isSameFile, type Identity, type Place } from './paths.js';
import { readPlace } from './readPlace.js';

/** Larger files are neither changed nor kept for an undo. */
export const maxBytes = 32 * 1024 * 1024;

export interface Replacement {
  readonly place: Place;
  /** What must be there now, byte for byte; null for nothing. Looked at in the last moment. */
  readonly expected: Buffer | null;
  /** What is to be there; null for nothing. */
  readonly bytes: Buffer | null;
  /** Permission bits of a file that is made; those of the old one stay otherwise. Null for the usual ones. */
  readonly mode: number | null;
  /** Name of the file beside it that the text is written to first; with `.old`, that it is taken to when it goes. */
  readonly draft: string;
}

/**
 * Puts a text in the place of another, makes or removes a file: what others see is the old or the new, never a part.
 * Where a system can (Linux), the folder that was looked at is held open and everything is done in it, so that no link put on the
 * way meanwhile leads elsewhere; elsewhere the way is followed again before and after.
 * Raises Failure: `stale` where something else is there than expected, `locked` where the way changed, `permission`, `disk-full`.
 */
export function replacePlace({ place, expected, bytes, mode, draft }: Replacement): void {
  const folder = holdFolder(dirname(place.path), place.root);
  const draftPath = join(folder.path, draft);
  const target = join(folder.path, basename(place.path));
  try {
    const now = lookAt(target, place);
    if (bytes !== null)
      put({ target, draft: draftPath, mode: mode ?? now?.mode ?? null, place, expected, bytes }, folder);
    else if (expected !== null) remove(target, `${draftPath}.old`, place, expected);
    else if (now !== null) throw stale(place.path);
    folder.sync();
    folder.check();
  } catch (error) {
    throw fileFailure(error, place.path);
  } finally {
    folder.close();
  }
}

interface Putting extends Pick<Replacement, 'place' | 'expected' | 'mode' | 'draft'> {
  readonly target: string;
  readonly bytes: Buffer;
}

function put({ target, draft, mode, place, expected, bytes }: Putting, folder: HeldFolder): void {
  try {
    writeDraft(draft, bytes, mode);
    verify(target, place, expected);
    folder.check();
    if (expected === null) putNew(draft, target, place.path);
    else renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
  }
}

interface HeldFolder {
  /** By which files in it are named. */
  readonly path: string;
  /** Throws where the folder is no longer the one that was looked at. */
  check(): void;
  sync(): void;
  close(): void;
}

function holdFolder(folder: string, root: string): HeldFolder {
  let descriptor: number;
  try {
    descriptor = openSync(folder, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    // Windows opens no folders; there the name is all there is.
    if (process.platform !== 'win32') throw fileFailure(error, folder);
    return { path: folder, check: () => checkWay(folder, root), sync: () => {}, close: () => {} };
  }
  const held = `/proc/self/fd/${descriptor}`;
  const isHeld =
    existsSync(held) && isSameFile(identityOf(lstatSync(`${held}/.`, { bigint: true })), openedAs(descriptor));
  const check = (): void => {
    if (isHeld && readlinkSync(held) !== folder) throw changedMeanwhile(folder);
    checkWay(folder, root);
  };
  try {
    check();
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return {
    path: isHeld ? held : folder,
    check,
    sync() {
      try {
        fsyncSync(descriptor);
      } catch {
        // Not every file system syncs folders; the text itself is on the disk.
      }
    },
    close: () => closeSync(descriptor),
  };
}

function openedAs(descriptor: number): Identity {
  return identityOf(fstatSync(descriptor, { bigint: true }));
}

function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): Identity {
  return { device: dev, inode: ino };
}

function checkWay(folder: string, root: string): void {
  if (realpathSync.native(folder) !== folder || realpathSync.native(root) !== root) throw changedMeanwhile(folder);
}

/** Mode of what is there, which must be what was looked at; null for nothing. */
function lookAt(target: string, { path, found }: Place): { readonly mode: number } | null {
  const now = lstatSync(target, { bigint: true, throwIfNoEntry: false });
  if (!isSameFile(now === undefined ? null : identityOf(now), found)) throw changedMeanwhile(path);
  if (now === undefined) return null;
  if (!now.isFile()) throw changedMeanwhile(path);
  if (now.nlink > 1n) throw hardLinked(path);
  return { mode: Number(now.mode & 0o777n) };
}

/** The last look before the change: the version that it was made for must be there still. */
function verify(target: string, place: Place, expected: Buffer | null): void {
  lookAt(target, place);
  if (expected === null) return;
  const { bytes } = readPlace({ ...place, path: target }, maxBytes);
  if (!bytes.equals(expected)) throw stale(place.path);
}

function writeDraft(path: string, bytes: Buffer, mode: number | null): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const descriptor = openSync(path, flags, mode ?? 0o666);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    // What the process's mask took away belongs to the file that is replaced.
    if (mode !== null && process.platform !== 'win32') fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Never in the place of something that has come meanwhile. */
function putNew(draft: string, target: string, path: string): void {
  try {
    linkSync(draft, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST') throw stale(path);
    // File systems without links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    copyFileSync(draft, target, constants.COPYFILE_EXCL);
  }
}

/** Taken away first and looked at then: what came in the last moment is put back, and lost in no case. */
function remove(target: string, aside: string, place: Place, expected: Buffer): void {
  verify(target, place, expected);
  renameSync(target, aside);
  try {
    verify(aside, place, expected);
  } catch (error) {
    linkSync(aside, target);
    rmSync(aside);
    throw error;
  }
  rmSync(aside);
}

export function stale(path: string): Failure {
  return new Failure('stale', `${path} is not as it was when the change was made for it.`, {
    remedy: 'Ask again, for the text as it is now.',
  });
}
