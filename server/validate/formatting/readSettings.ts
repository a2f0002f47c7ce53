import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isReallyInside } from '../../base/paths.js';

/** A settings file of the workspace as text; null where there is none, or where a link leads outside. */
export async function readSettings(folder: string, at: string, name: string): Promise<string | null> {
  const path = join(at, name);
  try {
    const text = await readFile(path, 'utf8');
    return isReallyInside(folder, path) ? text : null;
  } catch {
    return null;
  }
}
