import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, fileFailure } from '../../server/base/failure.js';
import type { Log } from '../../server/base/log.js';
import { untilAborted } from '../../server/base/untilAborted.js';
import type { Opening, Store } from '../store.js';
import type { ChildCaller } from './childCaller.js';
import { takeLock, type Lock } from '../../server/base/lock.js';

/** The store of one folder, kept by the store's process. The lock is the server's, as the process comes and goes. */
export function createProcessStore(databaseFolder: string, caller: ChildCaller, log: Log): Store {
  const lockPath = join(databaseFolder, 'owner.lock');
  let lock: Lock | null = null;
  let opening: Promise<unknown> = Promise.resolve();

  const openToRead = async (reason: string): Promise<Opening> => {
    try {
      return { ...(await caller.call(databaseFolder, false, { method: 'open' })), message: reason };
    } catch (error) {
      // Nothing there yet: its writer is about to make it.
      if (!(error instanceof Failure)) throw error;
      log.debug(`nothing to read yet in ${databaseFolder}: ${error.message}`);
      return { state: 'created', message: reason, readOnly: true, files: [], counts: { chunks: 0, symbols: 0 } };
    }
  };

  /** A lock that was given back since is taken, and the folder opened anew to write. */
  const becomeWriter = async (): Promise<void> => {
    const taken = await takeLock(lockPath).catch((error: unknown) => {
      throw fileFailure(error, databaseFolder);
    });
    if ('heldBy' in taken) throw lockedFailure(taken.heldBy);
    lock = taken;
    await caller.call(databaseFolder, true, { method: 'open' });
  };

  const open = async (): Promise<Opening> => {
    if (lock === null) {
      try {
        await makeFolder(databaseFolder);
        const taken = await takeLock(lockPath);
        if ('heldBy' in taken) return await openToRead(lockedFailure(taken.heldBy).message);
        lock = taken;
      } catch (error) {
        const failure = fileFailure(error, databaseFolder);
        if (!(failure instanceof Failure) || !(await exists(join(databaseFolder, 'tables.json')))) throw failure;
        return await openToRead(failure.message);
      }
    }
    return caller.call(databaseFolder, true, { method: 'open' });
  };

  return {
    open() {
      const opened = open();
      opening = opened.catch(() => undefined);
      return opened;
    },

    async commit(batch) {
      if (lock === null) await becomeWriter();
      await caller.call(databaseFolder, true, { method: 'commit', batch });
    },

    known: hashes => caller.call(databaseFolder, lock !== null, { method: 'known', hashes }),

    rankings: (query, signal) =>
      untilAborted(caller.call(databaseFolder, lock !== null, { method: 'rankings', query }), signal),

    definitions: (names, signal) =>
      untilAborted(caller.call(databaseFolder, lock !== null, { method: 'definitions', names }), signal),

    references: (name, signal) =>
      untilAborted(caller.call(databaseFolder, lock !== null, { method: 'references', name }), signal),

    maintain: async () => (lock === null ? null : caller.call(databaseFolder, true, { method: 'maintain' })),

    vectors: {
      missing: (embedder, limit, except) =>
        caller.call(databaseFolder, lock !== null, { method: 'missingVectors', embedder, limit, except }),
      async put(batch) {
        if (lock === null) await becomeWriter();
        return caller.call(databaseFolder, true, { method: 'putVectors', batch });
      },
      nearest: (embedder, vector, limit, signal) =>
        untilAborted(
          caller.call(databaseFolder, lock !== null, { method: 'nearestVectors', embedder, vector, limit }),
          signal,
        ),
      counts: () => caller.call(databaseFolder, lock !== null, { method: 'countVectors' }),
      async forget(hashes) {
        if (lock !== null) await caller.call(databaseFolder, true, { method: 'forgetVectors', hashes });
      },
      async settle(embedder) {
        if (lock !== null) await caller.call(databaseFolder, true, { method: 'settleVectors', embedder });
      },
    },

    async close() {
      // A lock taken after this would stay for as long as the server runs.
      await opening;
      try {
        if (caller.pid() !== null) await caller.call(databaseFolder, lock !== null, { method: 'close' });
      } finally {
        await lock?.release();
        lock = null;
      }
    },
  };
}

/** Node answers ENOENT for a recursive mkdir that a read-only file system refused; the plain one tells why. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') await mkdir(path, { mode: 0o700 });
    throw error;
  }
}

function lockedFailure(pid: number): Failure {
  return new Failure('locked', `Process ${pid} keeps the index of this folder; this one only reads it.`, {
    remedy: 'Nothing needs to be done: it takes over when that process ends.',
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
