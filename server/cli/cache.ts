import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cargoFolderOf, cargoFolders } from '../validate/rust/cargoFolder.js';
import { cacheKey, listCaches } from '../../index/cacheFolder.js';
import { lockHolder } from '../base/lock.js';
import { platformFolders } from '../base/platformFolders.js';
import type { CommandHost } from './command.js';

/** The cache of one workspace folder as it lies on disk. */
export interface Cache {
  readonly path: string;
  /** The workspace it belongs to; null where it does not say. */
  readonly folder: string | null;
}

export function cacheRootOf(host: CommandHost): string {
  return platformFolders(host.env).cache;
}

export function allCaches(host: CommandHost): readonly Cache[] {
  const root = cacheRootOf(host);
  return listCaches(root).filter(({ path }) => path !== cargoFolders(root));
}

/** Where the cache of a folder is, whether it exists or not. */
export function cacheOf(host: CommandHost, folder: string): Cache {
  const real = realpathSync(folder);
  return { path: join(cacheRootOf(host), cacheKey(real)), folder: real };
}

/** What cargo built for a folder, or for all, whether it exists or not. */
export function builtFolderOf(host: CommandHost, folder: string | null): string {
  const root = cacheRootOf(host);
  return folder === null ? cargoFolders(root) : cargoFolderOf(root, realpathSync(folder));
}

export function databaseFolderOf(cache: Cache): string {
  return join(cache.path, 'store');
}

/** The process that keeps this index up to date now, or null. */
export function holderOf(cache: Cache): Promise<number | null> {
  return lockHolder(join(databaseFolderOf(cache), 'owner.lock'));
}

export function bytesOf({ path }: Pick<Cache, 'path'>): number {
  return filesBelow(path).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** When anything in it was last written, or null where there is nothing. */
export function lastWritten(cache: Cache): Date | null {
  const newest = filesBelow(cache.path).reduce((latest, { mtimeMs }) => Math.max(latest, mtimeMs), 0);
  return newest === 0 ? null : new Date(newest);
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Files that go away while they are looked at are left out: a server may be compacting. */
function filesBelow(folder: string): readonly CachedFile[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
  return entries.flatMap(entry => {
    if (!entry.isFile()) return [];
    const path = join(entry.parentPath, entry.name);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, bytes: stats.size, mtimeMs: stats.mtimeMs }];
  });
}
