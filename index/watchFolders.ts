import { lstatSync, watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GIT_FILES, type StartWatcher } from './watch.js';

/**
 * Watches each folder by itself, which is all that Linux can do. Chokidar would look at every file three times first,
 * and hold the loop up for a tenth of a second again and again meanwhile.
 */
export const startFolderWatcher: StartWatcher = ({ folder, isWatched, onEvent, onTrouble }) => {
  const gitFolder = join(folder, '.git');
  const watchers = new Map<string, FSWatcher>();
  let closed = false;

  const forget = (path: string): void => {
    for (const [watched, watcher] of watchers) {
      if (watched !== path && !watched.startsWith(path + sep)) continue;
      watcher.close();
      watchers.delete(watched);
    }
  };
  const seen = (path: string): void => {
    if (path === gitFolder || path.startsWith(gitFolder + sep)) {
      if (dirname(path) === gitFolder && GIT_FILES.has(basename(path))) onTrouble('git', null);
      return;
    }
    onEvent(path);
  };
  const came = (path: string): void => {
    if (path !== gitFolder && !isWatched(path)) return;
    void walk(path, true).catch((error: unknown) => onTrouble('error', error));
  };
  /** True where it is watched from now on. */
  const watchOne = (path: string): boolean => {
    if (closed || watchers.has(path)) return false;
    try {
      const watcher = watch(path, { persistent: false }, (event, name) => {
        if (closed) return;
        // A folder that is removed or moved away names itself; so does what is called the same inside it.
        if (path === folder && name === basename(folder)) onTrouble('root', null);
        const changed = name === null ? path : join(path, name);
        seen(changed);
        // A folder that went, came, or was replaced by another of its name.
        if (event !== 'rename') return;
        const isThere = isFolder(changed);
        if (watchers.has(changed) && changed !== folder) forget(changed);
        if (isThere && changed !== folder) came(changed);
      });
      watcher.on('error', error => onTrouble('error', error));
      watchers.set(path, watcher);
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  };
  /** `tell`: what lies inside is news. */
  const walk = async (top: string, tell: boolean): Promise<void> => {
    const left = [top];
    for (let path = left.pop(); path !== undefined && !closed; path = left.pop()) {
      if (!watchOne(path)) continue;
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const inside = join(path, entry.name);
        if (tell && path !== gitFolder) seen(inside);
        if (entry.isDirectory() && path !== gitFolder && (inside === gitFolder || isWatched(inside))) left.push(inside);
      }
      await nextTurn();
    }
  };

  const ready = walk(folder, false);
  // Who closes it before it is ready does not wait for it.
  ready.catch(() => {});
  return Promise.resolve({
    ready,
    close() {
      closed = true;
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
      return Promise.resolve();
    },
  });
};

function isFolder(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM';
}
