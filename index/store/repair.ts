import type { Table } from '@lancedb/lancedb';
import type * as Arrow from 'apache-arrow';
import { createCatalogue, entryRows, readEntry, type Catalogue, type Entry } from './catalogue.js';
import { quoted } from './lance.js';
import { append, rowsOf, type Tables } from './tables.js';

export interface LoadedCatalogue {
  readonly catalogue: Catalogue;
  /** Number of the next entry. */
  nextSequence: number;
}

/** Reads the log. Throws when an entry is not what was written. */
export async function loadCatalogue(files: Table): Promise<LoadedCatalogue> {
  const rows = rowsOf(await files.query().toArrow()).map(readEntry);
  const entries = rows.map(row => {
    if (row === null) throw new Error('an entry of the catalogue is damaged');
    return row;
  });
  entries.sort((left, right) => left.sequence - right.sequence);
  const catalogue = createCatalogue();
  for (const { entry, atMs } of entries) catalogue.apply([entry], atMs);
  return { catalogue, nextSequence: (entries.at(-1)?.sequence ?? 0) + 1 };
}

/**
 * Makes the tables hold what the catalogue says: rows that a killed process left are deleted, and a content that has
 * lost rows is forgotten with its files. Returns how many files were lost that way.
 */
export async function repair(tables: Tables, loaded: LoadedCatalogue, arrow: typeof Arrow): Promise<number> {
  const { catalogue } = loaded;
  const wrong = new Set<string>();
  await compare(tables.chunks, hash => catalogue.contents.get(hash)?.chunks ?? 0, catalogue, wrong);
  await compare(tables.symbols, hash => catalogue.contents.get(hash)?.symbols ?? 0, catalogue, wrong);
  // References have too many rows to be counted one by one at each start.
  if ((await tables.references.countRows()) !== catalogue.expected().references) {
    await compare(tables.references, hash => catalogue.contents.get(hash)?.references ?? 0, catalogue, wrong);
  }
  if (wrong.size === 0) return 0;

  const entries: Entry[] = [];
  let lostFiles = 0;
  for (const hash of wrong) {
    if (!catalogue.contents.has(hash)) continue;
    for (const path of catalogue.pathsOf(hash)) {
      entries.push({ kind: 'removed', path });
      lostFiles += 1;
    }
    entries.push({ kind: 'purged', hash });
  }
  await record(tables, loaded, entries, arrow);
  await deleteContents(tables, [...wrong]);
  return lostFiles;
}

/** Appends to the log, then to what is known of it. */
export async function record(
  tables: Tables,
  loaded: LoadedCatalogue,
  entries: readonly Entry[],
  arrow: typeof Arrow,
): Promise<void> {
  if (entries.length === 0) return;
  const atMs = Date.now();
  const times = entries.map(() => atMs);
  await append(tables.files, entryRows(entries, times, loaded.nextSequence), arrow);
  loaded.nextSequence += entries.length;
  loaded.catalogue.apply(entries, atMs);
}

const hashesPerDelete = 1000;

export async function deleteContents(tables: Tables, hashes: readonly string[]): Promise<void> {
  for (let start = 0; start < hashes.length; start += hashesPerDelete) {
    const list = hashes
      .slice(start, start + hashesPerDelete)
      .map(quoted)
      .join(', ');
    for (const table of [tables.chunks, tables.symbols, tables.references]) await table.delete(`hash IN (${list})`);
  }
}

async function compare(
  table: Table,
  expected: (hash: string) => number,
  catalogue: Catalogue,
  wrong: Set<string>,
): Promise<void> {
  const counts = new Map<string, number>();
  const column = (await table.query().select(['hash']).toArrow()).getChild('hash');
  for (let index = 0; column !== null && index < column.length; index += 1) {
    const hash = String(column.get(index));
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  for (const [hash, count] of counts) if (count !== expected(hash)) wrong.add(hash);
  for (const hash of catalogue.contents.keys()) {
    if (!counts.has(hash) && expected(hash) > 0) wrong.add(hash);
  }
}
