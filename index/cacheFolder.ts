import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Failure, fileFailure } from '../server/base/failure.js';
import { homeFolder } from '../server/base/homeFolder.js';

const META_NAME = 'meta.json';

/** Where caches lie on this platform: a folder `understudy` in the user's cache folder. */
export function cacheRoot(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homeFolder(),
): string {
  // A relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification).
  const xdg = environment['XDG_CACHE_HOME'];
  if (xdg?.startsWith('/') === true) return join(xdg, 'understudy');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'understudy');
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'understudy', 'Cache');
  return join(home, '.cache', 'understudy');
}

/**
 * The cache folder of one workspace, made if it is not there (0700). `realFolder` is the workspace's real path: the same
 * folder reached by a link has the same cache. Throws a Failure when it cannot be made; one can work without a cache.
 */
export function openCacheFolder(realFolder: string, root: string = cacheRoot()): string {
  const folder = join(root, cacheKey(realFolder));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    if (!stats.isDirectory()) throw new Failure('permission', `${folder} is no folder.`, { remedy: 'Remove it.' });
    makePrivate(root);
    makePrivate(folder);
    const meta = join(folder, META_NAME);
    if (readMeta(folder) !== realFolder)
      writeFileSync(meta, `${JSON.stringify({ folder: realFolder })}\n`, { mode: 0o600 });
  } catch (error) {
    throw cacheFailure(error, folder);
  }
  return folder;
}

/** All caches that are there, with the workspace each belongs to, or null where it does not say. */
export function listCaches(root: string = cacheRoot()): { readonly path: string; readonly folder: string | null }[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => ({ path: join(root, entry.name), folder: readMeta(join(root, entry.name)) }));
  } catch {
    return [];
  }
}

/** Readable, so that a person can tell the folders apart, and unique by the hash. */
export function cacheKey(realFolder: string): string {
  const name = basename(realFolder)
    .replace(/[^\w.-]+/g, '_')
    .slice(0, 40);
  return `${name === '' ? 'root' : name}-${createHash('sha256').update(realFolder).digest('hex').slice(0, 16)}`;
}

function makePrivate(folder: string): void {
  // What others may read is closed; who may not change it would have been told by mkdir.
  if (process.platform !== 'win32' && (lstatSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

function readMeta(folder: string): string | null {
  try {
    const meta: unknown = JSON.parse(readFileSync(join(folder, META_NAME), 'utf8'));
    return typeof meta === 'object' && meta !== null && 'folder' in meta && typeof meta.folder === 'string'
      ? meta.folder
      : null;
  } catch {
    return null;
  }
}

function cacheFailure(error: unknown, folder: string): unknown {
  const failure = fileFailure(error, folder);
  if (!(failure instanceof Failure) || failure.kind === 'disk-full') return failure;
  return new Failure(failure.kind, `The cache folder ${folder} cannot be used: ${failure.message}`, {
    remedy: 'Set XDG_CACHE_HOME to a folder that can be written; until then nothing is kept between sessions.',
    cause: error,
  });
}
