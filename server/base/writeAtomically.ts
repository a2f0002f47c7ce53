import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { realPathOr } from './paths.js';

/**
 * Writes a whole file of ours so that others read the old text or the new one, also when the machine stops in between.
 * Folders that are made for it are the person's alone, and so is the file unless `mode`, of permissions, says otherwise; a link is followed, and
 * stays one. Rejects with node's errors.
 */
export async function writeAtomically(path: string, text: string, mode?: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = realPathOr(path);
  const draft = `${target}.${randomUUID()}.new`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      // Beyond what the mask of the process would let through.
      if (mode !== undefined) await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
