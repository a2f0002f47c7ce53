import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { Failure, fileFailure } from '../base/failure.js';
import { isDevicePath, isInside, realPathOfNearest, uriToPath } from '../base/paths.js';

/** A path of a workspace that may be read or written, as it was when it was looked at. */
export interface Place {
  /** Real path of the workspace. */
  readonly root: string;
  /** Real, absolute: no link is in it. */
  readonly path: string;
  /** What lay there, to be compared when it is opened; null where nothing did. */
  readonly found: Identity | null;
}

/** Tells one file of this machine from all others. */
export interface Identity {
  readonly device: bigint;
  readonly inode: bigint;
}

/**
 * Where a path or URI of somebody's choice leads, if it may be used at all: inside the real path of `root`, with every link
 * followed. To write it must also be a plain file of one name, or nothing yet.
 * Raises Failure: `bad-input` for what is no proper path, `permission` for what lies elsewhere or may not be written through,
 * `not-found` where there is no such root. What is done afterwards must look again: see `readPlace` and `replacePlace`.
 */
export function placeInside(root: string, pathOrUri: string, use: 'read' | 'write'): Place {
  const asked = pathOf(pathOrUri);
  const why = whyNoPath(asked, process.platform);
  if (why !== null) throw new Failure('bad-input', `${shown(pathOrUri)} ${why}.`);
  const realRoot = realRootOf(root);
  const path = followed(isAbsolute(asked) ? asked : join(root, asked));
  if (!isInside(realRoot, path) || !isHeldBy(realRoot, path)) throw outside(pathOrUri, realRoot);
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return { root: realRoot, path, found: null };
  if (use === 'write') {
    if (!found.isFile()) throw new Failure('bad-input', `${path} is no file that could be written.`);
    if (found.nlink > 1n) throw hardLinked(path);
  }
  return { root: realRoot, path, found: { device: found.dev, inode: found.ino } };
}

/** What makes a text no path that is used at all, as the end of a sentence; null for a proper one. Pure. */
export function whyNoPath(path: string, platform: NodeJS.Platform): string | null {
  const names = path.split(platform === 'win32' ? /[\\/]/ : '/');
  if (/[\0-\x1f\x7f]/.test(path)) return 'holds a control character';
  if (path === '') return 'is no path';
  if (/%(?:2f|5c|00|2e)/i.test(path)) return 'holds an escaped separator';
  if (names.includes('..')) return 'goes up by ".."';
  if (platform !== 'win32') return null;
  if (/^[\\/]{2}/.test(path)) return 'is on another machine or a device';
  if (names.some(name => isDevicePath(name, platform))) return 'names a device';
  if (/[<>"|?*]/.test(path) || path.replace(/^[a-z]:/i, '').includes(':')) return 'holds a character that no name has';
  // Windows drops these, so that `.git.` is `.git`; and it knows files by a short name too.
  if (names.some(name => /[. ]$/.test(name) && name !== '.')) return 'has a name that ends in a dot or a space';
  return names.some(name => /~\d/.test(name)) ? 'has a shortened name' : null;
}

export function isSameFile(left: Identity | null, right: Identity | null): boolean {
  return left === null || right === null ? left === right : left.device === right.device && left.inode === right.inode;
}

export function hardLinked(path: string): Failure {
  return new Failure('permission', `${path} has other names (hard links), which would be written too.`, {
    remedy: 'Make it a file of its own: copy it, and put the copy in its place.',
  });
}

export function changedMeanwhile(path: string): Failure {
  return new Failure('locked', `${path} was replaced while it was looked at.`, { remedy: 'Try again.' });
}

/** A URI names a file of this machine or nothing; whatever has a scheme is one. */
function pathOf(pathOrUri: string): string {
  const isUri = /^[a-z][a-z0-9+.-]+:/i.test(pathOrUri);
  if (!isUri) return pathOrUri;
  // The path is made of the URI's parts, in which "%2e%2e" and ".." are gone already.
  const path = /(?:^|\/)(?:\.|%2e){2}(?:\/|$)/i.test(pathOrUri) ? null : uriToPath(pathOrUri);
  if (path === null) throw new Failure('bad-input', `${shown(pathOrUri)} names no file of this machine.`);
  return path;
}

function realRootOf(root: string): string {
  try {
    return realpathSync.native(root);
  } catch (error) {
    throw fileFailure(error, root);
  }
}

function followed(path: string): string {
  try {
    return realPathOfNearest(path);
  } catch (error) {
    throw new Failure('permission', `${path} is a link that leads nowhere, or cannot be followed.`, { cause: error });
  }
}

/** Names may be equal to one file system and differ to another: the folder itself must be on the way, not one named like it. */
function isHeldBy(root: string, path: string): boolean {
  const wanted = statSync(root, { bigint: true });
  for (let at = path; ; at = dirname(at)) {
    const found = statSync(at, { bigint: true, throwIfNoEntry: false });
    if (found?.ino === wanted.ino && found.dev === wanted.dev) return true;
    if (dirname(at) === at) return false;
  }
}

function outside(pathOrUri: string, root: string): Failure {
  return new Failure('permission', `${shown(pathOrUri)} leads out of the workspace ${root}.`, {
    remedy: 'Only files of the workspace are read and written.',
  });
}

function shown(text: string): string {
  return text.slice(0, 200).replace(/[\0-\x1f\x7f]/g, '?');
}
