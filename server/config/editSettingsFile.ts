import { lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, fileFailure } from '../base/failure.js';
import { withLock } from '../base/lock.js';
import { writeAtomically } from '../base/writeAtomically.js';

/** Longer than anybody needs who edits as this does. */
const waitMs = 10_000;

/**
 * Edits the person's settings file: one at a time, whole or not at all. A link stays one and its target is written, with the
 * permissions it had. What is not there yet is empty, and becomes the person's alone. Raises Failure.
 */
export async function editSettingsFile(
  path: string,
  edit: (text: string) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await withLock(`${path}.lock`, waitMs, () => editOne(path, edit), signal);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

async function editOne(path: string, edit: (text: string) => Promise<string>): Promise<void> {
  const target = await targetOf(path);
  const text = target === null ? '' : await readFile(target, 'utf8');
  const edited = await edit(text);
  if (edited === text) return;
  const mode = target === null ? 0o600 : (await stat(target)).mode & 0o777;
  await writeAtomically(target ?? path, edited, mode);
}

/** The file itself, behind all links; null where there is none. */
async function targetOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    if (await isThere(path)) {
      throw new Failure('not-found', `${path} is a link that leads nowhere.`, {
        remedy: 'Make the file that it names, or remove the link.',
        cause: error,
      });
    }
    return null;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    // The caller has been told that there is nothing, or a link without a target.
    return false;
  }
}
