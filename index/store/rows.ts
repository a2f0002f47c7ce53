import type { Chunk, CodeSymbol, Reference, Span, SymbolKind } from '../codeIndex.js';
import type { FileContent } from '../store.js';
import { checksum, wellFormed } from './checksum.js';
import type { Column, ColumnType } from './lance.js';
import { chunkOfSymbol } from './wording.js';
import type { ChunkWordRows, WordRows } from './wordRows.js';

/** Counts up whenever columns, words or vectors change their meaning: an older store is then rebuilt. */
export const schemaVersion = 1;

const text = (name: string): ColumnType => ({ name, type: 'text' });
const int = (name: string): ColumnType => ({ name, type: 'int32' });
const spanColumns = [int('startLine'), int('startColumn'), int('endLine'), int('endColumn')];

export const chunkColumns = (dimensions: number): readonly ColumnType[] => [
  text('hash'),
  int('ordinal'),
  ...spanColumns,
  text('kind'),
  text('name'),
  text('signatures'),
  text('text'),
  text('words'),
  { name: 'vector', type: 'vector', dimensions },
  int('sum'),
];

export const symbolColumns: readonly ColumnType[] = [
  text('hash'),
  int('chunk'),
  ...spanColumns,
  int('nameStartLine'),
  int('nameStartColumn'),
  int('nameEndLine'),
  int('nameEndColumn'),
  text('kind'),
  text('name'),
  text('signature'),
  text('container'),
  text('words'),
  int('sum'),
];

/** One row a name and content: `places` are four numbers a reference, separated by spaces. */
export const referenceColumns: readonly ColumnType[] = [text('hash'), text('name'), text('places'), int('sum')];

/** A row as it comes out of a query. Values are checked where they are used, by their sum. */
export type Row = Readonly<Record<string, unknown>>;

/** What a hit needs of a chunk. */
export const chunkFields = [
  'hash',
  'ordinal',
  'startLine',
  'startColumn',
  'endLine',
  'endColumn',
  'kind',
  'name',
  'signatures',
  'text',
  'sum',
];

export const symbolFields = symbolColumns.map(column => column.name).filter(name => name !== 'words');

export interface RowSet {
  readonly columns: readonly Column[];
  readonly length: number;
}

/** `vectors` and `words` are those of the chunks of all contents in order. */
export function chunkRows(
  contents: readonly FileContent[],
  { words, vectors }: ChunkWordRows,
  dimensions: number,
): RowSet {
  const rows = contents.flatMap(({ hash, chunks }) =>
    chunks.map((chunk, ordinal) => ({ hash, ordinal, chunk: clean(chunk) })),
  );
  const columns: Column[] = [
    texts('hash', rows, row => row.hash),
    ints('ordinal', rows, row => row.ordinal),
    ...spanOf('', rows, row => row.chunk.span),
    texts('kind', rows, row => row.chunk.kind),
    texts('name', rows, row => row.chunk.name),
    texts('signatures', rows, row => row.chunk.signatures),
    texts('text', rows, row => row.chunk.text),
    { name: 'words', type: 'text', values: words },
    { name: 'vector', type: 'vector', values: vectors, dimensions },
    ints('sum', rows, row => chunkSum(row.hash, row.ordinal, row.chunk)),
  ];
  return { columns, length: rows.length };
}

export function symbolRows(contents: readonly FileContent[], wordRows: WordRows): RowSet {
  const rows = contents.flatMap(({ hash, chunks, symbols }) =>
    symbols.map(symbol => ({ hash, symbol: cleanSymbol(symbol), chunk: chunkOfSymbol(symbol, chunks) })),
  );
  const columns: Column[] = [
    texts('hash', rows, row => row.hash),
    ints('chunk', rows, row => row.chunk),
    ...spanOf('', rows, row => row.symbol.span),
    ...spanOf('name', rows, row => row.symbol.nameSpan),
    texts('kind', rows, row => row.symbol.kind),
    texts('name', rows, row => row.symbol.name),
    texts('signature', rows, row => row.symbol.signature),
    texts('container', rows, row => row.symbol.container),
    { name: 'words', type: 'text', values: wordRows.symbols(rows.map(row => row.symbol)) },
    ints('sum', rows, row => symbolSum(row.hash, row.chunk, row.symbol)),
  ];
  return { columns, length: rows.length };
}

export function referenceRows(
  entries: readonly { readonly hash: string; readonly references: readonly Reference[] }[],
): RowSet {
  const rows = entries.flatMap(({ hash, references }) => {
    const places = new Map<string, number[]>();
    for (const { name, span } of references) {
      const own = places.get(name) ?? [];
      if (own.length === 0) places.set(name, own);
      own.push(span.startLine, span.startColumn, span.endLine, span.endColumn);
    }
    return [...places].map(([name, numbers]) => ({ hash, name: wellFormed(name), places: numbers.join(' ') }));
  });
  const columns: Column[] = [
    texts('hash', rows, row => row.hash),
    texts('name', rows, row => row.name),
    texts('places', rows, row => row.places),
    ints('sum', rows, row => checksum([row.hash, row.name, row.places])),
  ];
  return { columns, length: rows.length };
}

/** Null when the row is not what was written. */
export function readChunk(row: Row): { readonly hash: string; readonly ordinal: number; readonly chunk: Chunk } | null {
  const hash = String(row['hash']);
  const ordinal = Number(row['ordinal']);
  const chunk: Chunk = {
    span: readSpan(row, 'startLine', 'startColumn', 'endLine', 'endColumn'),
    kind: String(row['kind']) as Chunk['kind'],
    name: String(row['name']),
    signatures: String(row['signatures']),
    text: String(row['text']),
  };
  return chunkSum(hash, ordinal, chunk) === row['sum'] ? { hash, ordinal, chunk } : null;
}

/** Null when the row is not what was written. */
export function readSymbol(
  row: Row,
): { readonly hash: string; readonly chunk: number; readonly symbol: CodeSymbol } | null {
  const hash = String(row['hash']);
  const chunk = Number(row['chunk']);
  const symbol: CodeSymbol = {
    name: String(row['name']),
    kind: String(row['kind']) as SymbolKind,
    span: readSpan(row, 'startLine', 'startColumn', 'endLine', 'endColumn'),
    nameSpan: readSpan(row, 'nameStartLine', 'nameStartColumn', 'nameEndLine', 'nameEndColumn'),
    signature: String(row['signature']),
    container: String(row['container']),
  };
  return symbolSum(hash, chunk, symbol) === row['sum'] ? { hash, chunk, symbol } : null;
}

/** Null when the row is not what was written. */
export function readReferences(row: Row): { readonly hash: string; readonly references: readonly Reference[] } | null {
  const hash = String(row['hash']);
  const name = String(row['name']);
  const places = String(row['places']);
  if (checksum([hash, name, places]) !== row['sum']) return null;
  const numbers = places.split(' ').map(Number);
  const references: Reference[] = [];
  for (let index = 0; index + 3 < numbers.length; index += 4) {
    const [startLine = 0, startColumn = 0, endLine = 0, endColumn = 0] = numbers.slice(index, index + 4);
    references.push({ name, span: { startLine, startColumn, endLine, endColumn } });
  }
  return { hash, references };
}

/** Lone surrogates cannot be stored as UTF-8: they become U+FFFD before the sum is made. */
function clean(chunk: Chunk): Chunk {
  return {
    ...chunk,
    name: wellFormed(chunk.name),
    signatures: wellFormed(chunk.signatures),
    text: wellFormed(chunk.text),
  };
}

function cleanSymbol(symbol: CodeSymbol): CodeSymbol {
  return {
    ...symbol,
    name: wellFormed(symbol.name),
    signature: wellFormed(symbol.signature),
    container: wellFormed(symbol.container),
  };
}

function chunkSum(hash: string, ordinal: number, { span, kind, name, signatures, text }: Chunk): number {
  return checksum([hash, ordinal, ...spanNumbers(span), kind, name, signatures, text]);
}

function symbolSum(hash: string, chunk: number, symbol: CodeSymbol): number {
  const { span, nameSpan, kind, name, signature, container } = symbol;
  return checksum([hash, chunk, ...spanNumbers(span), ...spanNumbers(nameSpan), kind, name, signature, container]);
}

function spanNumbers(span: Span): readonly number[] {
  return [span.startLine, span.startColumn, span.endLine, span.endColumn];
}

function readSpan(row: Row, startLine: string, startColumn: string, endLine: string, endColumn: string): Span {
  return {
    startLine: Number(row[startLine]),
    startColumn: Number(row[startColumn]),
    endLine: Number(row[endLine]),
    endColumn: Number(row[endColumn]),
  };
}

function texts<Item>(name: string, items: readonly Item[], read: (item: Item) => string): Column {
  return { name, type: 'text', values: items.map(read) };
}

function ints<Item>(name: string, items: readonly Item[], read: (item: Item) => number): Column {
  return { name, type: 'int32', values: Int32Array.from(items, read) };
}

function spanOf<Item>(prefix: '' | 'name', items: readonly Item[], read: (item: Item) => Span): Column[] {
  const column = (part: string) => (prefix === '' ? part : prefix + part.charAt(0).toUpperCase() + part.slice(1));
  return [
    ints(column('startLine'), items, item => read(item).startLine),
    ints(column('startColumn'), items, item => read(item).startColumn),
    ints(column('endLine'), items, item => read(item).endLine),
    ints(column('endColumn'), items, item => read(item).endColumn),
  ];
}
