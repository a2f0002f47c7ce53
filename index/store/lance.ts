import type * as Arrow from 'apache-arrow';
import type * as LanceDb from '@lancedb/lancedb';
import { createRequire } from 'node:module';
import { Failure } from '../../server/base/failure.js';

export interface Lance {
  readonly db: typeof LanceDb;
  readonly arrow: typeof Arrow;
  /** The caches of all tables; LanceDB's own bounds are 6 GB and 1 GB. */
  readonly session: LanceDb.Session;
}

const indexCacheBytes = 64n << 20n;
const metadataCacheBytes = 32n << 20n;

/**
 * Loads LanceDB and the very instance of Arrow that it uses: tables of another instance are copied, or refused.
 * Only the store's process may call this. Fails with `unavailable` where there is no build for this machine.
 */
export async function loadLance(): Promise<Lance> {
  try {
    const loaded: unknown = await import('@lancedb/lancedb');
    const db = unwrap(loaded) as typeof LanceDb;
    const require = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
    const session = new db.Session(indexCacheBytes, metadataCacheBytes);
    return { db, arrow: require('apache-arrow') as typeof Arrow, session };
  } catch (error) {
    throw new Failure('unavailable', 'LanceDB cannot be loaded on this machine; search is off, completion goes on.', {
      remedy: `Install the package again without leaving out optional dependencies (${process.platform} ${process.arch}).`,
      cause: error,
    });
  }
}

/** A CommonJS module imported from an ES module may come wrapped in its default export. */
function unwrap(loaded: unknown): unknown {
  if (typeof loaded === 'object' && loaded !== null && !('connect' in loaded) && 'default' in loaded)
    return loaded.default;
  return loaded;
}

/** The operating system's error numbers that LanceDB's messages end with: it gives no codes. */
const systemErrors: readonly (readonly [RegExp, Failure['kind'], string, string])[] = [
  [
    /os error (28|122|112)\b/,
    'disk-full',
    'The disk that holds the index is full.',
    'Free some space; the index goes on by itself.',
  ],
  [
    /os error 30\b/,
    'read-only',
    'The index is on a read-only file system.',
    'Set XDG_CACHE_HOME to a folder that can be written.',
  ],
  [
    /os error (1|13|5)\b.*|Permission denied/,
    'permission',
    'The index cannot be read or written: permission denied.',
    'Give your user access to the cache folder, or run `understudy clean`.',
  ],
];

/** A Failure for what the operating system refused; null when the error is of another sort. */
export function systemFailure(error: unknown): Failure | null {
  const text = error instanceof Error ? error.message : String(error);
  for (const [pattern, kind, message, remedy] of systemErrors) {
    if (pattern.test(text)) return new Failure(kind, message, { remedy, cause: error });
  }
  return null;
}

/** One table of rows, as columns of plain values. */
export type Column =
  | { readonly name: string; readonly type: 'text'; readonly values: readonly string[] }
  | { readonly name: string; readonly type: 'int32'; readonly values: Int32Array }
  | { readonly name: string; readonly type: 'float64'; readonly values: Float64Array }
  | { readonly name: string; readonly type: 'vector'; readonly values: Float32Array; readonly dimensions: number };

export interface ColumnType {
  readonly name: string;
  readonly type: Column['type'];
  readonly dimensions?: number;
}

export function schemaOf(arrow: typeof Arrow, columns: readonly ColumnType[]): Arrow.Schema {
  return new arrow.Schema(columns.map(column => new arrow.Field(column.name, typeOf(arrow, column), false)));
}

/** Built by hand around typed arrays: rows of JavaScript objects take ten times as long to insert. */
export function arrowTable(arrow: typeof Arrow, columns: readonly Column[], length: number): Arrow.Table {
  const schema = schemaOf(
    arrow,
    columns.map(column => (column.type === 'vector' ? column : { name: column.name, type: column.type })),
  );
  const children = columns.map(column => columnData(arrow, column, length));
  const rows = arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, rows)]);
}

function typeOf(arrow: typeof Arrow, column: ColumnType): Arrow.DataType {
  switch (column.type) {
    case 'text':
      return new arrow.Utf8();
    case 'int32':
      return new arrow.Int32();
    case 'float64':
      return new arrow.Float64();
    case 'vector':
      return new arrow.FixedSizeList(column.dimensions ?? 0, new arrow.Field('item', new arrow.Float32(), true));
  }
}

function columnData(arrow: typeof Arrow, column: Column, length: number): Arrow.Data {
  switch (column.type) {
    case 'text':
      return textData(arrow, column.values);
    case 'int32':
      return arrow.makeData({ type: new arrow.Int32(), length, nullCount: 0, data: column.values });
    case 'float64':
      return arrow.makeData({ type: new arrow.Float64(), length, nullCount: 0, data: column.values });
    case 'vector': {
      const child = arrow.makeData({
        type: new arrow.Float32(),
        length: length * column.dimensions,
        nullCount: 0,
        data: column.values,
      });
      const type = typeOf(arrow, column) as Arrow.FixedSizeList;
      return arrow.makeData({ type, length, nullCount: 0, child });
    }
  }
}

function textData(arrow: typeof Arrow, values: readonly string[]): Arrow.Data {
  const offsets = new Int32Array(values.length + 1);
  let bytes = 0;
  for (const [index, value] of values.entries()) {
    bytes += Buffer.byteLength(value);
    offsets[index + 1] = bytes;
  }
  const data = Buffer.allocUnsafe(bytes);
  for (const [index, value] of values.entries()) data.write(value, offsets[index] ?? 0);
  return arrow.makeData({
    type: new arrow.Utf8(),
    length: values.length,
    nullCount: 0,
    valueOffsets: offsets,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
}

/** A value within a filter: LanceDB takes filters as SQL text only. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
