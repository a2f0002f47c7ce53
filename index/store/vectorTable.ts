import type { Connection, Table } from '@lancedb/lancedb';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted, schemaOf, type Column, type ColumnType, type Lance } from './lance.js';
import { append } from './tables.js';

/** The vectors of one embedder, in a folder of their own: they come and go without touching what the store has. */
export interface VectorTable {
  readonly embedder: string;
  readonly dimensions: number;
  readonly table: Table;
  /** Places of the chunks that have a vector, by content. */
  readonly places: ReadonlyMap<string, ReadonlySet<number>>;
  append(rows: readonly VectorRow[]): Promise<void>;
  /** Vectors of these keys, also of contents that no file has any more. */
  byKey(keys: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
  remove(hashes: readonly string[]): Promise<void>;
  /** How many lie on the disk: one for each change since they were compacted. */
  versions(): Promise<number>;
  close(): void;
}

export interface VectorRow {
  readonly hash: string;
  readonly ordinal: number;
  readonly key: string;
  readonly vector: Float32Array;
}

export interface VectorFolder {
  readonly lance: Lance;
  /** Absolute. */
  readonly databaseFolder: string;
  /** False beside another process that writes. */
  readonly write: boolean;
}

/** Counts up whenever a column, or the text that vectors are made of, changes its meaning. */
const version = 1;

/** Rows of contents that are not known as such: only their texts are. Their vectors serve again when a text comes back. */
const unplaced = '';
const keysPerQuery = 200;
const hashesPerDelete = 1000;

/** Null where there are none of this embedder. */
export async function openVectorTable(folder: VectorFolder, embedder: string): Promise<VectorTable | null> {
  const path = pathOf(folder, embedder);
  const described = await describedAt(path);
  if (described === null || described.embedder !== embedder) return null;
  const opened = await openAt(folder, path);
  if (folder.write && (await isMarked(path))) {
    await opened.table.update({ values: { hash: unplaced, ordinal: -1 } });
    await rm(join(path, unplacedMark), { force: true });
  }
  return createVectorTable(folder, embedder, described.dimensions, opened);
}

/** Replaces what there is of this embedder. The description is written last: killed before, there is none. */
export async function makeVectorTable(
  folder: VectorFolder,
  embedder: string,
  dimensions: number,
): Promise<VectorTable> {
  const path = pathOf(folder, embedder);
  await removeVectors(folder, embedder);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const connection = await connect(folder, path);
  const schema = schemaOf(folder.lance.arrow, columnsOf(dimensions));
  const table = await connection.createEmptyTable(tableName, schema);
  const described = join(path, descriptionName);
  await writeFile(`${described}.new`, JSON.stringify({ version, embedder, dimensions }), { mode: 0o600 });
  await rename(`${described}.new`, described);
  return createVectorTable(folder, embedder, dimensions, { connection, table });
}

/** Embedders of which there are vectors. */
export async function vectorEmbedders({ databaseFolder }: Pick<VectorFolder, 'databaseFolder'>): Promise<string[]> {
  const found: string[] = [];
  for (const path of await vectorFolders(databaseFolder)) {
    const described = await describedAt(path);
    if (described !== null) found.push(described.embedder);
  }
  return found;
}

export async function removeVectors(folder: VectorFolder, embedder: string): Promise<void> {
  await rm(pathOf(folder, embedder), { recursive: true, force: true, maxRetries: 3 });
}

/** Also what is left of a table that was being made or removed. */
export async function removeOtherVectors(folder: VectorFolder, embedder: string): Promise<void> {
  const kept = pathOf(folder, embedder);
  for (const path of await vectorFolders(folder.databaseFolder))
    if (path !== kept) await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** The store is about to be made anew: what its contents were cut into may change, what was said of a text does not. */
export async function unplaceVectors(databaseFolder: string): Promise<void> {
  for (const path of await vectorFolders(databaseFolder)) await writeFile(join(path, unplacedMark), '');
}

async function createVectorTable(
  folder: VectorFolder,
  embedder: string,
  dimensions: number,
  { connection, table }: Opened,
): Promise<VectorTable> {
  const places = await placesIn(table);

  return {
    embedder,
    dimensions,
    table,
    places,
    async append(rows) {
      await append(table, { columns: columnsWith(rows, dimensions), length: rows.length }, folder.lance.arrow);
      for (const row of rows) placeIn(places, row.hash, row.ordinal);
    },
    async byKey(keys) {
      const found = new Map<string, Float32Array>();
      for (let start = 0; start < keys.length; start += keysPerQuery) {
        const list = keys.slice(start, start + keysPerQuery).map(quoted);
        const query = table.query().where(`key IN (${list.join()})`);
        const answer = await query.select(['key', 'vector']).toArrow();
        const [names, vectors] = [answer.getChild('key'), answer.getChild('vector')];
        for (let row = 0; row < answer.numRows; row += 1) {
          const vector: unknown = vectors?.get(row);
          if (isNumbers(vector)) found.set(String(names?.get(row)), Float32Array.from(vector));
        }
      }
      return found;
    },
    async remove(hashes) {
      for (let start = 0; start < hashes.length; start += hashesPerDelete) {
        const list = hashes.slice(start, start + hashesPerDelete);
        await table.delete(`hash IN (${list.map(quoted).join()})`);
        for (const hash of list) places.delete(hash);
      }
    },
    versions: async () => (await readdir(join(pathOf(folder, embedder), `${tableName}.lance`, '_versions'))).length,
    close() {
      table.close();
      connection.close();
    },
  };
}

async function placesIn(table: Table): Promise<Map<string, Set<number>>> {
  const places = new Map<string, Set<number>>();
  const rows = await table.query().select(['hash', 'ordinal']).toArrow();
  const [hashes, ordinals] = [rows.getChild('hash'), rows.getChild('ordinal')];
  for (let row = 0; row < rows.numRows; row += 1) placeIn(places, String(hashes?.get(row)), Number(ordinals?.get(row)));
  return places;
}

function placeIn(places: Map<string, Set<number>>, hash: string, ordinal: number): void {
  const own = places.get(hash) ?? new Set<number>();
  if (own.size === 0) places.set(hash, own);
  own.add(ordinal);
}

const tableName = 'vectors';
const descriptionName = 'vectors.json';
const unplacedMark = 'unplaced';

const columnsOf = (dimensions: number): readonly ColumnType[] => [
  { name: 'hash', type: 'text' },
  { name: 'ordinal', type: 'int32' },
  { name: 'key', type: 'text' },
  { name: 'vector', type: 'vector', dimensions },
];

function columnsWith(rows: readonly VectorRow[], dimensions: number): Column[] {
  const vectors = new Float32Array(rows.length * dimensions);
  for (const [index, { vector }] of rows.entries()) vectors.set(vector, index * dimensions);
  return [
    { name: 'hash', type: 'text', values: rows.map(({ hash }) => hash) },
    { name: 'ordinal', type: 'int32', values: Int32Array.from(rows, ({ ordinal }) => ordinal) },
    { name: 'key', type: 'text', values: rows.map(({ key }) => key) },
    { name: 'vector', type: 'vector', values: vectors, dimensions },
  ];
}

interface Opened {
  readonly connection: Connection;
  readonly table: Table;
}

async function openAt(folder: VectorFolder, path: string): Promise<Opened> {
  const connection = await connect(folder, path);
  try {
    return { connection, table: await connection.openTable(tableName) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function connect({ lance, write }: VectorFolder, path: string): Promise<Connection> {
  return lance.db.connect(path, write ? {} : { readConsistencyInterval: 0 }, lance.session);
}

function allVectors(databaseFolder: string): string {
  return join(databaseFolder, 'vectors');
}

/** Names of backends and models may hold what a path may not. */
function pathOf({ databaseFolder }: VectorFolder, embedder: string): string {
  const name = createHash('sha256').update(embedder).digest('hex').slice(0, 16);
  return join(allVectors(databaseFolder), name);
}

async function vectorFolders(databaseFolder: string): Promise<string[]> {
  try {
    const names = await readdir(allVectors(databaseFolder));
    return names.map(name => join(allVectors(databaseFolder), name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function isMarked(path: string): Promise<boolean> {
  return (await readdir(path)).includes(unplacedMark);
}

async function describedAt(path: string): Promise<{ readonly embedder: string; readonly dimensions: number } | null> {
  let text: string;
  try {
    text = await readFile(join(path, descriptionName), 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const { version: written, embedder, dimensions } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return written === version && typeof embedder === 'string' && typeof dimensions === 'number'
      ? { embedder, dimensions }
      : null;
  } catch {
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function isNumbers(value: unknown): value is Iterable<number> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
