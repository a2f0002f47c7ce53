import { Failure } from '../server/base/failure.js';
import { createHashedEmbedder } from './embed/hashedEmbedder.js';
import { unpackBatch } from './packedContents.js';
import { openDatabase, type Database } from './store/database.js';
import { loadLance, type Lance } from './store/lance.js';
import { goodbye, plainFailure, type StoreAnswer, type StoreCall, type StoreRequest } from './store/protocol.js';
import { takeLock, type Lock } from '../server/base/lock.js';
import { join } from 'node:path';

// The entry of the store's process: the only one that loads LanceDB, for all folders of one server.
// It says nothing on stdout, and goes as soon as its server is gone.

interface OpenFolder {
  readonly database: Database;
  readonly lock: Lock | null;
}

const embedder = createHashedEmbedder();
const folders = new Map<string, Promise<OpenFolder>>();
let lance: Promise<Lance> | null = null;

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches every process of a terminal: this one goes when its server says so, or has gone.
process.on('SIGINT', () => {});
process.on('message', (message: StoreRequest | typeof goodbye) => {
  if (message === goodbye) void leave();
  else void answer(message);
});

async function answer(request: StoreRequest): Promise<void> {
  try {
    send({ id: request.id, value: await perform(request) });
  } catch (error) {
    if (error instanceof Failure) send({ id: request.id, failure: plainFailure(error) });
    else send({ id: request.id, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function send(message: StoreAnswer): void {
  // The server may have gone meanwhile; nobody is left to be told.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

async function perform({ databaseFolder, write, call }: StoreRequest): Promise<unknown> {
  if (call.method === 'open') return (await openAnew(databaseFolder, write)).database.opening;
  if (call.method === 'close') return closeFolder(databaseFolder);
  const { database } = await openAgain(databaseFolder, write);
  return callDatabase(database, call);
}

async function callDatabase(
  database: Database,
  call: Exclude<StoreCall, { method: 'open' | 'close' }>,
): Promise<unknown> {
  switch (call.method) {
    case 'commit':
      await database.commit(unpackBatch(call.batch));
      return null;
    case 'known':
      return database.known(call.hashes);
    case 'rankings':
      return database.rankings(call.query);
    case 'definitions':
      return database.definitions(call.names);
    case 'references':
      return database.references(call.name);
    case 'maintain':
      await database.maintain();
      return database.counts();
    case 'missingVectors':
      return database.vectors.missing(call.embedder, call.limit, call.except);
    case 'putVectors':
      return database.vectors.put(call.batch);
    case 'nearestVectors':
      return database.vectors.nearest(call.embedder, call.vector, call.limit);
    case 'countVectors':
      return database.vectors.counts();
    case 'forgetVectors':
      await database.vectors.forget(call.hashes);
      return null;
    case 'settleVectors':
      await database.vectors.settle(call.embedder);
      return null;
  }
}

async function openAnew(databaseFolder: string, write: boolean): Promise<OpenFolder> {
  await closeFolder(databaseFolder);
  return remember(databaseFolder, openFolder(databaseFolder, write));
}

/** After this process was started anew. What the server knows of the folder must still be so. */
async function openAgain(databaseFolder: string, write: boolean): Promise<OpenFolder> {
  const known = folders.get(databaseFolder);
  if (known !== undefined) return known;
  return remember(
    databaseFolder,
    openFolder(databaseFolder, write).then(async folder => {
      if (folder.database.opening.state === 'sound') return folder;
      await closeOpen(folder);
      throw new Failure('damaged', 'The index of this folder was lost or damaged meanwhile.', {
        remedy: 'It is rebuilt by itself.',
      });
    }),
  );
}

function remember(databaseFolder: string, opening: Promise<OpenFolder>): Promise<OpenFolder> {
  folders.set(databaseFolder, opening);
  opening.catch(() => {
    if (folders.get(databaseFolder) === opening) folders.delete(databaseFolder);
  });
  return opening;
}

async function openFolder(databaseFolder: string, write: boolean): Promise<OpenFolder> {
  lance ??= loadLance();
  const loaded = await lance;
  const lock = write ? await takeOwnLock(join(databaseFolder, 'process.lock')) : null;
  try {
    return { database: await openDatabase({ lance: loaded, databaseFolder, embedder, write }), lock };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

const lockWaitMs = 5000;

/**
 * The server's lock says who may write; this one, who does. The process of a server that was killed may still be
 * finishing its last write when the next server comes.
 */
async function takeOwnLock(path: string): Promise<Lock> {
  const until = Date.now() + lockWaitMs;
  for (;;) {
    const lock = await takeLock(path);
    if (!('heldBy' in lock)) return lock;
    if (Date.now() > until) {
      throw new Failure('locked', `Process ${lock.heldBy} still writes to the index of this folder.`, {
        remedy: 'End that process, or wait until it has ended.',
      });
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

async function closeFolder(databaseFolder: string): Promise<null> {
  const open = folders.get(databaseFolder);
  folders.delete(databaseFolder);
  const folder = await open?.catch(() => null);
  if (folder != null) await closeOpen(folder);
  return null;
}

async function closeOpen({ database, lock }: OpenFolder): Promise<void> {
  await database.close();
  await lock?.release();
}

async function leave(): Promise<void> {
  await Promise.allSettled([...folders.keys()].map(closeFolder));
  process.exit(0);
}
