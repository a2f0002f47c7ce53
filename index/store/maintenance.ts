import type { Table } from '@lancedb/lancedb';
import { entryRows, type Catalogue } from './catalogue.js';
import type { Lance } from './lance.js';
import { deleteContents, record, type LoadedCatalogue } from './repair.js';
import { overwrite, type Tables } from './tables.js';

/** Above this many rows an approximate vector index and indexes on names pay for themselves. */
export const largeTableRows = 20_000;

/** FTS over columns that hold words already parted, stemmed and in lower case. */
const wordColumns: readonly (readonly ['chunks' | 'symbols', string])[] = [
  ['chunks', 'words'],
  ['symbols', 'words'],
];

/**
 * The index over words, as soon as there are rows: made over an empty table, LanceDB 0.37.1 cuts the rows it has not
 * indexed yet to the limit before it ranks them.
 */
export async function createWordIndexes(tables: Tables, lance: Lance): Promise<void> {
  for (const [name, column] of wordColumns) {
    const table = tables[name];
    if ((await table.countRows()) === 0 || (await hasIndex(table, column))) continue;
    await table.createIndex(column, {
      config: lance.db.Index.fts({
        withPosition: false,
        baseTokenizer: 'whitespace',
        lowercase: false,
        stem: false,
        removeStopWords: false,
        asciiFolding: false,
        maxTokenLength: 80,
      }),
    });
  }
}

export async function createLargeIndexes(tables: Tables, lance: Lance): Promise<void> {
  const { Index } = lance.db;
  if ((await tables.chunks.countRows()) >= largeTableRows) {
    if (!(await hasIndex(tables.chunks, 'vector')))
      await tables.chunks.createIndex('vector', { config: Index.ivfRq() });
    if (!(await hasIndex(tables.chunks, 'hash'))) await tables.chunks.createIndex('hash', { config: Index.btree() });
  }
  for (const table of [tables.symbols, tables.references]) {
    if ((await table.countRows()) < largeTableRows || (await hasIndex(table, 'name'))) continue;
    await table.createIndex('name', { config: Index.btree() });
  }
}

const unindexedRowsBorne = 2000;
const unindexedShareBorne = 0.1;

/** Rows that an index does not hold yet are found too, by looking at each. */
export async function manyRowsUnindexed({ chunks }: Tables): Promise<boolean> {
  const index = (await chunks.listIndices()).find(({ columns }) => columns.includes('words'));
  const stats = index === undefined ? undefined : await chunks.indexStats(index.name);
  if (stats === undefined) return false;
  const { numIndexedRows, numUnindexedRows } = stats;
  return numUnindexedRows > Math.max(unindexedRowsBorne, numIndexedRows * unindexedShareBorne);
}

export async function hasIndex(table: Table, column: string): Promise<boolean> {
  return (await table.listIndices()).some(index => index.columns.includes(column));
}

/** Damaged indexes are dropped, not the rows that they lead to. */
export async function dropIndexes(tables: Tables): Promise<void> {
  for (const table of [tables.chunks, tables.symbols, tables.references]) {
    for (const { name } of await table.listIndices()) await table.dropIndex(name);
  }
}

/** Compacts a table, brings its indexes up to date and removes its old versions at once: nobody travels in time here. */
export async function optimise(table: Table): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
      return;
    } catch (error) {
      // With one writer this should not happen; LanceDB itself calls such a conflict one to retry.
      if (attempt === 3 || !String(error).includes('conflict')) throw error;
    }
  }
}

const dayMs = 86_400_000;
const keepDeadMs = 7 * dayMs;

/** Dead rows are worth keeping for the way back to another branch, as long as they are fewer than this part of the live. */
const deadShareLimit = 0.5;
const deadShareGoal = 0.25;
const deadRowsAlwaysKept = 500;

/** Contents to drop: those that no file has had for a week, and the longest dead ones when there are too many. */
export function contentsToPurge(catalogue: Catalogue, nowMs: number): string[] {
  const dead = [...catalogue.contents.values()].filter(content => catalogue.pathsOf(content.hash).size === 0);
  dead.sort((left, right) => left.deadSinceMs - right.deadSinceMs);
  const rows = (content: { readonly chunks: number; readonly symbols: number }) => content.chunks + content.symbols + 1;
  let deadRows = dead.reduce((sum, content) => sum + rows(content), 0);
  const { chunks, symbols } = catalogue.expected();
  const liveRows = Math.max(1, chunks + symbols + catalogue.contents.size - deadRows);
  const tooMany = deadRows > Math.max(deadRowsAlwaysKept, liveRows * deadShareLimit);
  const goal = tooMany ? Math.max(deadRowsAlwaysKept / 2, liveRows * deadShareGoal) : deadRows;

  const purged: string[] = [];
  for (const content of dead) {
    if (deadRows <= goal && nowMs - content.deadSinceMs < keepDeadMs) break;
    purged.push(content.hash);
    deadRows -= rows(content);
  }
  return purged;
}

/** The log first: killed in between, what remains are rows that nobody names. */
export async function purge(tables: Tables, loaded: LoadedCatalogue, lance: Lance): Promise<number> {
  const hashes = contentsToPurge(loaded.catalogue, Date.now());
  if (hashes.length === 0) return 0;
  await record(
    tables,
    loaded,
    hashes.map(hash => ({ kind: 'purged', hash })),
    lance.arrow,
  );
  await deleteContents(tables, hashes);
  return hashes.length;
}

/** Replaces the log by the shortest one, when most of it is outdated. */
export async function shortenLog(tables: Tables, loaded: LoadedCatalogue, lance: Lance): Promise<boolean> {
  const { catalogue } = loaded;
  const needed = catalogue.files.size + 2 * catalogue.contents.size;
  if (catalogue.logLength <= 2 * needed + 1000) return false;
  const { entries, timesMs } = catalogue.snapshot();
  await overwrite(tables.files, entryRows(entries, timesMs, loaded.nextSequence), lance.arrow);
  loaded.nextSequence += entries.length;
  catalogue.shortened(entries.length);
  return true;
}
