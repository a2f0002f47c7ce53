import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../base/failure.js';
import { placeInside } from '../paths.js';
import { readPlace } from '../readPlace.js';
import { maxBytes, replacePlace } from '../replacePlace.js';
import { hashOf } from './edit.js';
import type { Entry, EntryFile } from './entries.js';

/** A file that was left as it is, since somebody else changed it meanwhile. */
export interface Kept {
  readonly path: string;
}

/**
 * Brings all files of an edit back to what they were, from whatever step it got to: those that are there already are left alone.
 * To be called again after an interruption it begins anew and comes to the same end.
 */
export function takeBack({ root, files, folders }: Entry): readonly Kept[] {
  // A workspace that is gone has nothing that could be put right.
  if (!existsSync(root)) return [];
  const kept: Kept[] = [];
  for (const file of files) removeDraft(file);
  for (const file of [...files].reverse()) if (!restore(root, file)) kept.push({ path: file.path });
  for (const folder of [...folders].reverse()) removeEmpty(folder);
  return kept;
}

/** What a file of the workspace holds, or null where it is not there. Raises Failure for one that leads elsewhere. */
export function contentOf(root: string, path: string): Buffer | null {
  const place = placeInside(root, path, 'read');
  return place.found === null ? null : readPlace(place, maxBytes).bytes;
}

function restore(root: string, { path, before, after, mode, draft }: EntryFile): boolean {
  try {
    const now = contentOf(root, path);
    if (before === null ? now === null : now?.equals(before) === true) return true;
    if ((now === null ? null : hashOf(now)) !== after) return false;
    if (before !== null) mkdirSync(dirname(path), { recursive: true });
    const place = placeInside(root, path, 'write');
    if (place.path !== path) return false;
    replacePlace({ place, expected: now, bytes: before, mode, draft });
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** What was written beside a file and not put in its place; what was set aside only where it is known otherwise. */
function removeDraft({ path, draft, before, after }: EntryFile): void {
  const beside = join(dirname(path), draft);
  rmSync(beside, { force: true });
  const aside = `${beside}.old`;
  if (!statSync(aside, { throwIfNoEntry: false })?.isFile()) return;
  const bytes = readFileSync(aside);
  if (before?.equals(bytes) === true || hashOf(bytes) === after) rmSync(aside, { force: true });
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody put something into it, or it is gone.
  }
}
