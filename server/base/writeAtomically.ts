import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { realPathOr } from './paths.js';

/**
 * Writes a whole file of ours so that others read the old text or the new one, also when the machine stops in between.
 * The file and folders that are made for it are the person's alone; a link is followed, and stays one. Rejects with node's errors.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = realPathOr(path);
  const draft = `${target}.${randomUUID()}.new`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
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
