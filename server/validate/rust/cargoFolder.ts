import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where what cargo built for a workspace (its real path) is kept from one check to the next. */
export function cargoFolderOf(cacheRoot: string, folder: string): string {
  return join(cargoFolders(cacheRoot), createHash('sha256').update(folder).digest('hex').slice(0, 16));
}

/** Holds those of all workspaces. */
export function cargoFolders(cacheRoot: string): string {
  return join(cacheRoot, 'cargo');
}
