import { join } from 'node:path';
import { isReallyInside } from '../../base/paths.js';
import { textOnDisk } from '../../base/textOnDisk.js';

/** A settings file of the workspace as text; null where there is none, or where a link leads outside. */
export async function readSettings(folder: string, at: string, name: string): Promise<string | null> {
  const path = join(at, name);
  return isReallyInside(folder, path) ? textOnDisk(path, mostBytes) : null;
}

const mostBytes = 1024 * 1024;
