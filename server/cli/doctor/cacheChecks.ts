import { lstat, mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createStoreHost } from '../../../index/store/storeHost.js';
import { Failure, fileFailure } from '../../base/failure.js';
import { silentLog } from '../../base/log.js';
import { cacheOf, cacheRootOf, holderOf } from '../cache.js';
import { formatBytes } from '../quantities.js';
import { unwell, well, type Check } from './check.js';

export const cacheIsPrivate: Check = {
  id: 'cache',
  async run({ host }) {
    const root = cacheRootOf(host);
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const probe = join(root, `.probe-${process.pid}`);
      await writeFile(probe, '');
      await rm(probe);
    } catch (error) {
      const failure = fileFailure(error, root);
      if (!(failure instanceof Failure)) throw error;
      return unwell(
        `The cache folder cannot be written: ${failure.message}`,
        failure.remedy ?? 'Set XDG_CACHE_HOME to a folder that can be written.',
      );
    }
    const { mode } = await lstat(root);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return unwell(`Others can read the cache folder ${root}, and it holds your code.`, `chmod 700 '${root}'`);
    }
    return well(`The cache folder ${root} can be written, by you alone.`);
  },
};

const roomBytes = 500_000_000;

export const diskHasRoom: Check = {
  id: 'disk',
  async run({ host }) {
    const root = cacheRootOf(host);
    let free: number;
    try {
      const { bavail, bsize } = await statfs(root);
      free = bavail * bsize;
    } catch (error) {
      throw fileFailure(error, root);
    }
    return free < roomBytes
      ? unwell(
          `Only ${formatBytes(free)} are free for the cache.`,
          'Free some space, or set XDG_CACHE_HOME to another disk.',
        )
      : well(`${formatBytes(free)} are free for the cache.`);
  },
};

export const nobodyElseWrites: Check = {
  id: 'lock',
  async run({ host, folder }) {
    const holder = await holderOf(cacheOf(host, folder));
    return well(
      holder === null
        ? 'No editor has the index of this folder open.'
        : `Process ${holder} has the index of this folder open and keeps it up to date; others only read it.`,
    );
  },
};

/** Makes a small store and opens it: the way an editor's session goes. */
export const storeWorks: Check = {
  id: 'store',
  async run({ host }) {
    const root = cacheRootOf(host);
    let folder: string;
    try {
      folder = await mkdtemp(join(root, 'probe-'));
    } catch (error) {
      throw fileFailure(error, root);
    }
    const storeHost = createStoreHost({ storeProcess: host.entries.storeProcess, log: silentLog });
    try {
      const startedMs = performance.now();
      const store = storeHost.store({ databaseFolder: folder });
      await store.open();
      await store.close();
      return well(`LanceDB starts and writes, in ${Math.round(performance.now() - startedMs)} ms.`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return unwell(
        `The index cannot be stored: ${error.message} Suggestions work all the same; search finds less.`,
        error.remedy ?? 'Install Understudy again: npm install --global understudy-language-server',
      );
    } finally {
      await storeHost.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
