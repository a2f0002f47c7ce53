import type { FileRecord } from '../store.js';
import { checksum, wellFormed } from './checksum.js';
import type { ColumnType } from './lance.js';
import type { Row, RowSet } from './rows.js';

/**
 * The catalogue is a log of what is so, the last entry wins; LanceDB appends a batch of entries whole or not at all.
 * It alone says what is visible: rows of a content that no entry names were left by a process that was killed.
 */
export type Entry =
  | { readonly kind: 'file'; readonly file: FileRecord }
  | { readonly kind: 'removed'; readonly path: string }
  | { readonly kind: 'content'; readonly hash: string; readonly chunks: number; readonly symbols: number }
  | { readonly kind: 'references'; readonly hash: string; readonly rows: number }
  | { readonly kind: 'purged'; readonly hash: string };

export interface StoredContent {
  readonly hash: string;
  chunks: number;
  symbols: number;
  /** Rows in the table of references; null: not looked for yet. */
  references: number | null;
  /** When its last file went; meaningless while it has one. */
  deadSinceMs: number;
}

export interface Catalogue {
  readonly files: ReadonlyMap<string, FileRecord>;
  /** Files that have this content now. */
  pathsOf(hash: string): ReadonlySet<string>;
  readonly contents: ReadonlyMap<string, StoredContent>;
  /** Entries that the log holds; far more than what is so when many are outdated. */
  readonly logLength: number;
  apply(entries: readonly Entry[], atMs: number): void;
  /** The shortest log that says the same, each entry with its time. */
  snapshot(): { readonly entries: readonly Entry[]; readonly timesMs: readonly number[] };
  /** The log was replaced by one of so many entries. */
  shortened(logLength: number): void;
  /** Rows that the tables should hold. */
  expected(): { readonly chunks: number; readonly symbols: number; readonly references: number };
  liveCounts(): { readonly chunks: number; readonly symbols: number };
}

const noPaths: ReadonlySet<string> = new Set();

export function createCatalogue(): Catalogue {
  const files = new Map<string, FileRecord>();
  const contents = new Map<string, StoredContent>();
  const pathsByHash = new Map<string, Set<string>>();
  let logLength = 0;

  const pathsOf = (hash: string): ReadonlySet<string> => pathsByHash.get(hash) ?? noPaths;
  const contentOf = (hash: string): StoredContent => {
    const known = contents.get(hash);
    if (known !== undefined) return known;
    const created: StoredContent = { hash, chunks: 0, symbols: 0, references: null, deadSinceMs: 0 };
    contents.set(hash, created);
    return created;
  };
  const release = (path: string, atMs: number) => {
    const before = files.get(path);
    if (before === undefined) return;
    const paths = pathsByHash.get(before.hash);
    paths?.delete(path);
    if (paths?.size === 0) pathsByHash.delete(before.hash);
    const content = contents.get(before.hash);
    if (content !== undefined) content.deadSinceMs = atMs;
  };
  const claim = (file: FileRecord) => {
    files.set(file.path, file);
    const paths = pathsByHash.get(file.hash) ?? new Set<string>();
    if (paths.size === 0) pathsByHash.set(file.hash, paths);
    paths.add(file.path);
  };
  const applyOne = (entry: Entry, atMs: number) => {
    switch (entry.kind) {
      case 'file':
        release(entry.file.path, atMs);
        claim(entry.file);
        return;
      case 'removed':
        release(entry.path, atMs);
        files.delete(entry.path);
        return;
      case 'content': {
        const content = contentOf(entry.hash);
        content.chunks = entry.chunks;
        content.symbols = entry.symbols;
        content.deadSinceMs = atMs;
        return;
      }
      case 'references': {
        const content = contents.get(entry.hash);
        if (content !== undefined) content.references = entry.rows;
        return;
      }
      case 'purged':
        contents.delete(entry.hash);
    }
  };
  const sum = (of: (content: StoredContent) => number) => {
    let total = 0;
    for (const content of contents.values()) total += of(content);
    return total;
  };

  return {
    files,
    pathsOf,
    contents,
    get logLength() {
      return logLength;
    },
    apply(entries, atMs) {
      for (const entry of entries) applyOne(entry, atMs);
      logLength += entries.length;
    },
    snapshot() {
      const entries: Entry[] = [];
      const timesMs: number[] = [];
      for (const { hash, chunks, symbols, references, deadSinceMs } of contents.values()) {
        entries.push({ kind: 'content', hash, chunks, symbols });
        timesMs.push(deadSinceMs);
        if (references === null) continue;
        entries.push({ kind: 'references', hash, rows: references });
        timesMs.push(deadSinceMs);
      }
      for (const file of files.values()) {
        entries.push({ kind: 'file', file });
        timesMs.push(0);
      }
      return { entries, timesMs };
    },
    shortened(length) {
      logLength = length;
    },
    expected: () => ({
      chunks: sum(content => content.chunks),
      symbols: sum(content => content.symbols),
      references: sum(content => content.references ?? 0),
    }),
    liveCounts: () => ({
      chunks: sum(content => content.chunks * pathsOf(content.hash).size),
      symbols: sum(content => content.symbols * pathsOf(content.hash).size),
    }),
  };
}

export const catalogueColumns: readonly ColumnType[] = [
  { name: 'kind', type: 'text' },
  { name: 'path', type: 'text' },
  { name: 'hash', type: 'text' },
  { name: 'language', type: 'text' },
  { name: 'size', type: 'float64' },
  { name: 'mtimeMs', type: 'float64' },
  { name: 'chunks', type: 'int32' },
  { name: 'symbols', type: 'int32' },
  { name: 'atMs', type: 'float64' },
  { name: 'sequence', type: 'float64' },
  { name: 'sum', type: 'int32' },
];

interface FlatEntry {
  readonly kind: string;
  readonly path: string;
  readonly hash: string;
  readonly language: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly chunks: number;
  readonly symbols: number;
}

/** `sequence` of the first entry; compaction may change the order of rows, so each carries its own. */
export function entryRows(entries: readonly Entry[], timesMs: readonly number[], sequence: number): RowSet {
  const flat = entries.map(flatten);
  const texts = (name: 'kind' | 'path' | 'hash' | 'language') =>
    ({ name, type: 'text', values: flat.map(row => row[name]) }) as const;
  const doubles = (name: string, values: readonly number[]) =>
    ({ name, type: 'float64', values: Float64Array.from(values) }) as const;
  const ints = (name: string, values: readonly number[]) =>
    ({ name, type: 'int32', values: Int32Array.from(values) }) as const;
  const columns = [
    texts('kind'),
    texts('path'),
    texts('hash'),
    texts('language'),
    doubles(
      'size',
      flat.map(row => row.size),
    ),
    doubles(
      'mtimeMs',
      flat.map(row => row.mtimeMs),
    ),
    ints(
      'chunks',
      flat.map(row => row.chunks),
    ),
    ints(
      'symbols',
      flat.map(row => row.symbols),
    ),
    doubles('atMs', timesMs),
    doubles(
      'sequence',
      flat.map((_, index) => sequence + index),
    ),
    ints(
      'sum',
      flat.map((row, index) => entrySum(row, timesMs[index] ?? 0, sequence + index)),
    ),
  ];
  return { columns, length: flat.length };
}

/** Null when the row is not what was written. */
export function readEntry(
  row: Row,
): { readonly entry: Entry; readonly atMs: number; readonly sequence: number } | null {
  const flat: FlatEntry = {
    kind: String(row['kind']),
    path: String(row['path']),
    hash: String(row['hash']),
    language: String(row['language']),
    size: Number(row['size']),
    mtimeMs: Number(row['mtimeMs']),
    chunks: Number(row['chunks']),
    symbols: Number(row['symbols']),
  };
  const atMs = Number(row['atMs']);
  const sequence = Number(row['sequence']);
  const entry = entrySum(flat, atMs, sequence) === row['sum'] ? unflatten(flat) : null;
  return entry === null ? null : { entry, atMs, sequence };
}

function flatten(entry: Entry): FlatEntry {
  const empty = { kind: entry.kind, path: '', hash: '', language: '', size: 0, mtimeMs: 0, chunks: 0, symbols: 0 };
  switch (entry.kind) {
    case 'file':
      return { ...empty, ...entry.file, path: wellFormed(entry.file.path) };
    case 'removed':
      return { ...empty, path: wellFormed(entry.path) };
    case 'content':
      return { ...empty, hash: entry.hash, chunks: entry.chunks, symbols: entry.symbols };
    case 'references':
      return { ...empty, hash: entry.hash, chunks: entry.rows };
    case 'purged':
      return { ...empty, hash: entry.hash };
  }
}

function unflatten(flat: FlatEntry): Entry | null {
  const { path, hash, size, mtimeMs, language, chunks, symbols } = flat;
  switch (flat.kind) {
    case 'file':
      return { kind: 'file', file: { path, size, mtimeMs, hash, language } };
    case 'removed':
      return { kind: 'removed', path };
    case 'content':
      return { kind: 'content', hash, chunks, symbols };
    case 'references':
      return { kind: 'references', hash, rows: chunks };
    case 'purged':
      return { kind: 'purged', hash };
    default:
      return null;
  }
}

function entrySum(flat: FlatEntry, atMs: number, sequence: number): number {
  const { kind, path, hash, language, size, mtimeMs, chunks, symbols } = flat;
  return checksum([kind, path, hash, language, size, mtimeMs, chunks, symbols, atMs, sequence]);
}
