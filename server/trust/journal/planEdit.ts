import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { Failure } from '../../base/failure.js';
import { placeInside, type Place } from '../paths.js';
import { protection } from '../protection.js';
import { readPlace } from '../readPlace.js';
import { maxBytes, stale } from '../replacePlace.js';
import { versionOf, type Edit, type FileEdit, type MadeEdit } from './edit.js';

/** One file that gets another content. A rename is two: one that comes and one that goes. */
export interface Step {
  readonly place: Place;
  readonly before: Buffer | null;
  readonly after: Buffer | null;
  /** Permission bits; null for the usual ones of a new file. */
  readonly mode: number | null;
}

const mostFiles = 500;
const mostBytes = 64 * 1024 * 1024;

/**
 * What an edit comes to, on the files as they are: what comes or changes first, what goes last. Nothing is written.
 * Raises Failure: `bad-input`, `permission` (outside, protected, hard links), `stale` for another version than it was made for.
 */
export function planEdit(edit: Edit): readonly Step[] {
  if (edit.files.length === 0) throw new Failure('bad-input', 'There is nothing to change.');
  if (edit.files.length > mostFiles)
    throw new Failure('bad-input', `More than ${mostFiles} files are not changed at once.`);
  const steps = edit.files.flatMap(file => stepsOf(edit.root, file));
  const paths = new Set<string>();
  let bytes = 0;
  for (const { place, before, after } of steps) {
    if (paths.has(place.path)) throw new Failure('bad-input', `${place.path} stands twice in one edit.`);
    paths.add(place.path);
    bytes += (before?.length ?? 0) + (after?.length ?? 0);
  }
  if (bytes > mostBytes) throw new Failure('bad-input', 'The edit is too large to be kept for an undo.');
  refuseProtected(edit, steps);
  return [...steps.filter(({ after }) => after !== null), ...steps.filter(({ after }) => after === null)];
}

/** The same of what has been made already. Raises Failure for what lies outside. */
export function stepsMade({ root, files }: MadeEdit): readonly Step[] {
  return files.map(({ path, before, after }) => ({
    place: placeInside(root, path, 'read'),
    before: before === null ? null : Buffer.from(before),
    after: after === null ? null : Buffer.from(after),
    mode: null,
  }));
}

/** Folders that must be made for what comes, outer ones first. */
export function missingFolders(steps: readonly Step[]): readonly string[] {
  const missing = new Set<string>();
  for (const { place, after } of steps) {
    if (after === null) continue;
    for (let folder = dirname(place.path); folder !== place.root && !existsSync(folder); folder = dirname(folder))
      missing.add(folder);
  }
  return [...missing].sort((left, right) => left.length - right.length);
}

function stepsOf(root: string, file: FileEdit): readonly Step[] {
  const place = placeInside(root, file.path, 'write');
  if (file.kind === 'create') return [coming(place, Buffer.from(file.text), null)];
  const { bytes, mode } = readPlace(place, maxBytes);
  checkVersion(place.path, bytes, file);
  switch (file.kind) {
    case 'change':
      return [{ place, before: bytes, after: withMark(bytes, file.text), mode }];
    case 'delete':
      return [{ place, before: bytes, after: null, mode }];
    case 'rename': {
      const after = file.text === null ? bytes : withMark(bytes, file.text);
      return [coming(placeInside(root, file.to, 'write'), after, mode), { place, before: bytes, after: null, mode }];
    }
  }
}

function coming(place: Place, after: Buffer, mode: number | null): Step {
  if (place.found !== null) {
    throw new Failure('stale', `${place.path} exists already.`, {
      remedy: 'Move it away first, or change it instead.',
    });
  }
  if (after.length > maxBytes) throw new Failure('bad-input', `${place.path} would be larger than ${maxBytes} bytes.`);
  return { place, before: null, after, mode };
}

function checkVersion(path: string, bytes: Buffer, file: Exclude<FileEdit, { kind: 'create' }>): void {
  const isText = isUtf8(bytes);
  // Read as text and written again, it would not be the same.
  if (!isText && file.kind !== 'delete' && file.kind !== 'rename')
    throw new Failure('bad-input', `${path} is not UTF-8.`);
  if (versionOf(bytes.toString('utf8')) !== file.version) throw stale(path);
}

const mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The mark at the beginning is the file's, whether or not who made the text has seen it. */
function withMark(before: Buffer, text: string): Buffer {
  const after = Buffer.from(text.replace(/^\uFEFF/, ''));
  return before.subarray(0, 3).equals(mark) ? Buffer.concat([mark, after]) : Buffer.from(text);
}

function refuseProtected({ root, asked = [] }: Edit, steps: readonly Step[]): void {
  const named = new Set(asked.map(path => placeInside(root, path, 'read').path));
  for (const { place, before, after } of steps) {
    if (named.has(place.path)) continue;
    const why = protection(place.root, place.path, before?.toString('utf8') ?? null, after?.toString('utf8') ?? null);
    if (why === null) continue;
    throw new Failure('permission', `Nothing is changed. ${why}`, {
      remedy: `Ask for ${relative(place.root, place.path)} itself if it is to be changed.`,
    });
  }
}
