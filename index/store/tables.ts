import type * as Arrow from 'apache-arrow';
import type { Connection, Table } from '@lancedb/lancedb';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogueColumns } from './catalogue.js';
import { arrowTable, schemaOf, type ColumnType, type Lance } from './lance.js';
import { chunkColumns, referenceColumns, schemaVersion, symbolColumns, type Row, type RowSet } from './rows.js';

export interface Tables {
  /** The catalogue's log. */
  readonly files: Table;
  readonly chunks: Table;
  readonly symbols: Table;
  readonly references: Table;
  close(): void;
}

export interface TableOptions {
  readonly lance: Lance;
  /** Absolute; holds the folder of the tables, and beside it what describes them. */
  readonly databaseFolder: string;
  readonly embedderId: string;
  readonly dimensions: number;
}

type TableName = 'files' | 'chunks' | 'symbols' | 'references';

/** `absent`: never completely made. `unfit`: of another version, other columns, or not to be opened. */
export async function openTables(options: TableOptions, fresh: boolean): Promise<Tables | 'absent' | 'unfit'> {
  const described = await readDescription(options.databaseFolder);
  if (described === null) return 'absent';
  if (described !== description(options)) return 'unfit';
  const connection = await connect(options, fresh);
  try {
    const tables = await openAll(connection);
    for (const [name, columns] of columnsByTable(options)) await checkColumns(tables[name], columns, options.lance);
    return { ...tables, close: () => closeAll(connection, tables) };
  } catch {
    // Whatever LanceDB could not open, it will not open the next time either.
    connection.close();
    return 'unfit';
  }
}

/** Removes what is there. The description is written last: killed before, the tables count as absent. */
export async function createTables(options: TableOptions): Promise<void> {
  await removeTables(options.databaseFolder);
  await mkdir(tableFolder(options.databaseFolder), { recursive: true, mode: 0o700 });
  const connection = await connect(options, false);
  try {
    for (const [name, columns] of columnsByTable(options)) {
      const table = await connection.createEmptyTable(name, schemaOf(options.lance.arrow, columns));
      table.close();
    }
  } finally {
    connection.close();
  }
  const path = descriptionPath(options.databaseFolder);
  await writeFile(`${path}.new`, description(options), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function removeTables(databaseFolder: string): Promise<void> {
  await rm(descriptionPath(databaseFolder), { force: true });
  await rm(tableFolder(databaseFolder), { recursive: true, force: true, maxRetries: 3 });
}

export async function append(table: Table, rows: RowSet, arrow: typeof Arrow): Promise<void> {
  if (rows.length > 0) await table.add(arrowTable(arrow, rows.columns, rows.length));
}

/** One commit: readers see the old rows or the new ones. */
export async function overwrite(table: Table, rows: RowSet, arrow: typeof Arrow): Promise<void> {
  await table.add(arrowTable(arrow, rows.columns, rows.length), { mode: 'overwrite' });
}

export function rowsOf(table: Arrow.Table): Row[] {
  return Array.from({ length: table.numRows }, rowReader(table));
}

/** Reads a row by its number, as reading all columns of rows that are not wanted takes most of a query's time. */
export function rowReader(table: Arrow.Table): (_: unknown, index: number) => Row {
  const names = table.schema.fields.map(field => field.name);
  const columns = names.map(name => table.getChild(name));
  return (_, index) => Object.fromEntries(names.map((name, column) => [name, columns[column]?.get(index) as unknown]));
}

function columnsByTable(options: TableOptions): readonly (readonly [TableName, readonly ColumnType[]])[] {
  return [
    ['files', catalogueColumns],
    ['chunks', chunkColumns(options.dimensions)],
    ['symbols', symbolColumns],
    ['references', referenceColumns],
  ];
}

async function connect(options: TableOptions, fresh: boolean): Promise<Connection> {
  // A reader beside another process's writer looks for the newest version at each query.
  const interval = fresh ? { readConsistencyInterval: 0 } : {};
  return options.lance.db.connect(tableFolder(options.databaseFolder), interval, options.lance.session);
}

async function openAll(connection: Connection): Promise<Record<TableName, Table>> {
  return {
    files: await connection.openTable('files'),
    chunks: await connection.openTable('chunks'),
    symbols: await connection.openTable('symbols'),
    references: await connection.openTable('references'),
  };
}

async function checkColumns(table: Table, columns: readonly ColumnType[], lance: Lance): Promise<void> {
  const shape = (schema: { readonly fields: readonly { readonly name: string; readonly type: unknown }[] }) =>
    schema.fields.map(field => `${field.name} ${String(field.type)}`).join();
  const found = shape(await table.schema());
  const wanted = shape(schemaOf(lance.arrow, columns));
  if (found !== wanted) throw new Error(`table ${table.name} has the columns ${found}, not ${wanted}`);
}

function closeAll(connection: Connection, tables: Record<TableName, Table>): void {
  for (const table of Object.values(tables)) table.close();
  connection.close();
}

/** How many versions of the catalogue lie on the disk: one for each commit since it was compacted. */
export async function countVersions(databaseFolder: string): Promise<number> {
  try {
    return (await readdir(join(tableFolder(databaseFolder), 'files.lance', '_versions'))).length;
  } catch {
    return 0;
  }
}

function tableFolder(databaseFolder: string): string {
  return join(databaseFolder, 'tables');
}

function descriptionPath(databaseFolder: string): string {
  return join(databaseFolder, 'tables.json');
}

function description({ embedderId, dimensions }: TableOptions): string {
  return JSON.stringify({ schemaVersion, embedderId, dimensions });
}

async function readDescription(databaseFolder: string): Promise<string | null> {
  try {
    return await readFile(descriptionPath(databaseFolder), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
