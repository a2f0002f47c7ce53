import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../server/base/failure.js';
import type { CodeSymbol, Embedder, Reference } from '../codeIndex.js';
import { commonDefinitions, type Opening, type StoreBatch, type StoreQuery, type StoreRankings } from '../store.js';
import { commitBatch } from './commitBatch.js';
import { quoted, systemFailure, type Lance } from './lance.js';
import {
  createLargeIndexes,
  createWordIndexes,
  dropIndexes,
  manyRowsUnindexed,
  optimise,
  purge,
  shortenLog,
} from './maintenance.js';
import { chunksAt, chunksOf, rank } from './rank.js';
import { loadCatalogue, repair, type LoadedCatalogue } from './repair.js';
import { readReferences, readSymbol, referenceColumns, symbolFields, type Row } from './rows.js';
import { createWordRows } from './wordRows.js';
import { countVersions, createTables, openTables, rowsOf, type TableOptions, type Tables } from './tables.js';
import { createVectors, type Vectors } from './vectors.js';
import { unplaceVectors } from './vectorTable.js';

export interface DatabaseOptions {
  readonly lance: Lance;
  readonly databaseFolder: string;
  readonly embedder: Embedder;
  /** False beside another process that writes. */
  readonly write: boolean;
}

/** The tables of one workspace folder. Lives in the store's process only. */
export interface Database {
  readonly write: boolean;
  readonly opening: Opening;
  commit(batch: StoreBatch): Promise<void>;
  known(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  rankings(query: StoreQuery): Promise<StoreRankings>;
  definitions(names: readonly string[]): Promise<readonly (CodeSymbol & { readonly path: string })[]>;
  references(name: string): Promise<readonly (Reference & { readonly path: string })[]>;
  maintain(): Promise<void>;
  counts(): Opening['counts'];
  readonly vectors: Omit<Vectors, 'close'>;
  close(): Promise<void>;
}

/** LanceDB slows down with each version it keeps: after so many commits it is compacted. */
const commitsPerOptimise = 32;
/** When there is time for it, already after so many. */
const commitsWorthOptimising = 16;

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { lance, databaseFolder, embedder, write } = options;
  const tableOptions = { lance, databaseFolder, embedderId: embedder.id, dimensions: embedder.dimensions };
  const opened = await guarded(() => openSound(tableOptions, write));
  let { tables, loaded } = opened;
  let loadedVersion = await tables.files.version();
  const wordRows = createWordRows(embedder);
  const { dimensions } = embedder;
  let suspect = false;
  // Versions that an earlier process left are commits that nobody has compacted.
  let commitsSinceOptimise = await countVersions(databaseFolder);
  let indexesDue = true;
  let queue: Promise<unknown> = Promise.resolve();
  let vectorQueue: Promise<unknown> = Promise.resolve();

  const enqueue = <Result>(job: () => Promise<Result>): Promise<Result> => {
    const result = queue.then(() => guarded(job));
    queue = result.catch(() => {});
    return result;
  };
  const reopen = async () => {
    const again = await openTables(tableOptions, !write);
    if (typeof again === 'string') throw new Error(`the tables are ${again}`);
    tables.close();
    tables = again;
    loaded = await loadCatalogue(tables.files);
    loadedVersion = await tables.files.version();
  };
  const refresh = async () => {
    if (write || (await tables.files.version()) === loadedVersion) return;
    loaded = await loadCatalogue(tables.files);
    loadedVersion = await tables.files.version();
  };
  const markDamaged = async (cause: unknown): Promise<never> => {
    if (write) await writeFile(damagePath(databaseFolder), '').catch(() => {});
    throw new Failure('damaged', 'The index of this folder is damaged.', { remedy: 'It is rebuilt by itself.', cause });
  };
  /** A reader may meet a file that a clean-up has just removed, so each failed read is tried again on the newest version. */
  const reading = async <Result>(read: () => Promise<Result>): Promise<Result> => {
    try {
      await refresh();
      return await read();
    } catch (error) {
      throwSystemFailure(error);
    }
    try {
      if (write) await enqueue(reopen);
      else await reopen();
      return await read();
    } catch (error) {
      throwSystemFailure(error);
      if (!write) throw new Failure('unavailable', 'The index of this folder cannot be read now.', { cause: error });
    }
    try {
      await enqueue(async () => {
        await dropIndexes(tables);
        await createWordIndexes(tables, lance);
      });
      return await read();
    } catch (error) {
      return markDamaged(error);
    }
  };
  /** What a failed commit or purge has left is cleared away before anything else is written. */
  const writing = async <Result>(change: () => Promise<Result>): Promise<Result> => {
    if (suspect) {
      await reopen();
      await repair(tables, loaded, lance.arrow);
    }
    suspect = true;
    const result = await change();
    suspect = false;
    return result;
  };
  const commitTwice = async (batch: StoreBatch): Promise<boolean> => {
    const commit = () => writing(() => commitBatch({ lance, tables, loaded, dimensions, wordRows }, batch));
    try {
      return await commit();
    } catch (error) {
      throwSystemFailure(error);
    }
    try {
      return await commit();
    } catch (error) {
      throwSystemFailure(error);
      return markDamaged(error);
    }
  };
  const vectors = createVectors({
    folder: { lance, databaseFolder, write },
    catalogue: () => loaded.catalogue,
    chunksOf: hashes => reading(() => chunksOf({ tables }, hashes)),
    chunksAt: keys => reading(() => chunksAt({ tables }, keys)),
  });
  /** One after the other: they share one table. */
  const aboutVectors = <Result>(ask: () => Promise<Result>): Promise<Result> => {
    const asked = vectorQueue.then(async () => {
      await reading(async () => {});
      return ask();
    });
    vectorQueue = asked.catch(() => {});
    return asked;
  };
  const optimiseAll = async () => {
    for (const table of [tables.files, tables.chunks, tables.symbols, tables.references]) await optimise(table);
    commitsSinceOptimise = 0;
  };
  const indexNew = async () => {
    await createWordIndexes(tables, lance);
    indexesDue = (await tables.symbols.countRows()) === 0;
  };

  return {
    write,
    opening: opened.opening,

    commit: batch =>
      enqueue(async () => {
        if (!(await commitTwice(batch))) return;
        commitsSinceOptimise += 1;
        if (indexesDue) await indexNew();
        if (commitsSinceOptimise >= commitsPerOptimise) void enqueue(optimiseAll).catch(() => {});
      }),

    known: async hashes => {
      await reading(async () => {});
      return new Set(hashes.filter(hash => loaded.catalogue.contents.has(hash)));
    },

    rankings: query =>
      reading(() =>
        rank({ lance, tables, catalogue: loaded.catalogue, embedder }, query, new AbortController().signal),
      ),

    definitions: names =>
      reading(async () => {
        const telling = names.length > 1 ? await tellingNames(tables.symbols, names) : names;
        const rows = await named(tables.symbols, telling, symbolFields);
        return rows.flatMap(row => {
          const { hash, symbol } = readSymbol(row) ?? fail();
          return [...loaded.catalogue.pathsOf(hash)].map(path => ({ ...symbol, path }));
        });
      }),

    references: name =>
      reading(async () => {
        const rows = await named(
          tables.references,
          [name],
          referenceColumns.map(column => column.name),
        );
        return rows.flatMap(row => {
          const { hash, references } = readReferences(row) ?? fail();
          return [...loaded.catalogue.pathsOf(hash)].flatMap(path => references.map(each => ({ ...each, path })));
        });
      }),

    counts: () => loaded.catalogue.liveCounts(),

    maintain: () =>
      enqueue(async () => {
        const shrunk = await writing(async () => {
          const purged = await purge(tables, loaded, lance);
          return (await shortenLog(tables, loaded, lance)) || purged > 0;
        });
        if (indexesDue) await indexNew();
        await createLargeIndexes(tables, lance);
        if (shrunk || commitsSinceOptimise >= commitsWorthOptimising || (await manyRowsUnindexed(tables))) {
          await optimiseAll();
        }
      }),

    vectors: {
      missing: (embedder, limit, except) => aboutVectors(() => vectors.missing(embedder, limit, except)),
      put: batch => aboutVectors(() => vectors.put(batch)),
      nearest: (embedder, vector, limit) => aboutVectors(() => vectors.nearest(embedder, vector, limit)),
      counts: () => aboutVectors(() => vectors.counts()),
      forget: hashes => aboutVectors(() => vectors.forget(hashes)),
      settle: embedder => aboutVectors(() => vectors.settle(embedder)),
    },

    close: async () => {
      await vectorQueue;
      await queue;
      vectors.close();
      tables.close();
    },
  };
}

interface Sound {
  readonly tables: Tables;
  readonly loaded: LoadedCatalogue;
  readonly opening: Opening;
}

async function openSound(options: TableOptions, write: boolean): Promise<Sound> {
  const marked = write && (await takeDamageMark(options.databaseFolder));
  const found = marked ? 'unfit' : await openTables(options, !write);
  if (typeof found !== 'string') {
    try {
      const loaded = await loadCatalogue(found.files);
      const lostFiles = write ? await repair(found, loaded, options.lance.arrow) : 0;
      return { tables: found, loaded, opening: openingOf(loaded, lostFiles, write) };
    } catch (error) {
      found.close();
      throwSystemFailure(error);
    }
  }
  if (!write) throw new Failure('unavailable', 'Another process is just building the index of this folder.');
  await unplaceVectors(options.databaseFolder);
  await createTables(options);
  const tables = await openTables(options, false);
  if (typeof tables === 'string') throw new Failure('damaged', `The index that was just made is ${tables}.`);
  const loaded = await loadCatalogue(tables.files);
  const sound = openingOf(loaded, 0, write);
  if (found === 'absent') return { tables, loaded, opening: { ...sound, state: 'created' } };
  const message = 'The index of this folder was damaged or made by another version; it is built anew.';
  return { tables, loaded, opening: { ...sound, state: 'rebuilt', message } };
}

function openingOf({ catalogue }: LoadedCatalogue, lostFiles: number, write: boolean): Opening {
  return {
    state: lostFiles === 0 ? 'sound' : 'rebuilt',
    message: lostFiles === 0 ? null : `The index had lost parts of ${lostFiles} files; they are read again.`,
    readOnly: !write,
    files: [...catalogue.files.values()],
    counts: catalogue.liveCounts(),
    withoutReferences: [...catalogue.contents.values()].flatMap(({ hash, references }) =>
      references === null && catalogue.pathsOf(hash).size > 0 ? hash : [],
    ),
  };
}

async function named(table: Tables['symbols'], names: readonly string[], fields: readonly string[]): Promise<Row[]> {
  if (names.length === 0) return [];
  const query = table
    .query()
    .where(`name IN (${[...new Set(names)].map(quoted).join()})`)
    .select([...fields]);
  return rowsOf(await query.toArrow());
}

/** Reading two columns is cheap; what `get` and `open` have of the others would be most of the answer. */
async function tellingNames(table: Tables['symbols'], names: readonly string[]): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  for (const row of await named(table, names, ['name'])) {
    const name = String(row['name']);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count <= commonDefinitions).map(([name]) => name);
}

async function guarded<Result>(job: () => Promise<Result>): Promise<Result> {
  try {
    return await job();
  } catch (error) {
    throwSystemFailure(error);
    throw error;
  }
}

/** Passes on what is a Failure or can be made one; returns for the rest. */
function throwSystemFailure(error: unknown): void {
  if (error instanceof Failure) throw error;
  const failure = systemFailure(error);
  if (failure !== null) throw failure;
}

function fail(): never {
  throw new Error('a row of the index is not what was written');
}

function damagePath(databaseFolder: string): string {
  return join(databaseFolder, 'damaged');
}

async function takeDamageMark(databaseFolder: string): Promise<boolean> {
  try {
    await rm(damagePath(databaseFolder));
    return true;
  } catch {
    return false;
  }
}
