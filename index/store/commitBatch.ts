import type { FileContent, FileRecord, StoreBatch } from '../store.js';
import type { Entry } from './catalogue.js';
import type { Lance } from './lance.js';
import { record, type LoadedCatalogue } from './repair.js';
import { chunkRows, referenceRows, symbolRows } from './rows.js';
import { append, type Tables } from './tables.js';
import type { WordRows } from './wordRows.js';

export interface CommitContext {
  readonly lance: Lance;
  readonly tables: Tables;
  readonly loaded: LoadedCatalogue;
  readonly dimensions: number;
  readonly wordRows: WordRows;
}

/** Rows first, the catalogue's entries last and in one append: until then nobody sees anything. False: nothing was new. */
export async function commitBatch(context: CommitContext, batch: StoreBatch): Promise<boolean> {
  const { lance, tables, loaded, dimensions, wordRows } = context;
  const { catalogue } = loaded;
  const contents = newContents(batch.contents, hash => catalogue.contents.has(hash));
  const stored = (hash: string) => catalogue.contents.has(hash) || contents.some(content => content.hash === hash);
  const references = [...new Map(batch.references.map(entry => [entry.hash, entry])).values()].filter(
    ({ hash }) => stored(hash) && (catalogue.contents.get(hash)?.references ?? null) === null,
  );

  const chunks = contents.flatMap(content => content.chunks);
  const chunkWords = await wordRows.chunks(chunks);
  const referenceSet = referenceRows(references);
  await append(tables.chunks, chunkRows(contents, chunkWords, dimensions), lance.arrow);
  await append(tables.symbols, symbolRows(contents, wordRows), lance.arrow);
  await append(tables.references, referenceSet, lance.arrow);

  const removed = new Set(batch.removedPaths);
  const entries: Entry[] = [
    ...contents.map(({ hash, chunks, symbols }): Entry => {
      return { kind: 'content', hash, chunks: chunks.length, symbols: symbols.length };
    }),
    ...referenceEntries(references),
    ...batch.removedPaths.filter(path => catalogue.files.has(path)).map((path): Entry => ({ kind: 'removed', path })),
    ...batch.files
      .filter(file => !sameFile(file, catalogue.files.get(file.path)) || removed.has(file.path))
      .map((file): Entry => ({ kind: 'file', file })),
  ];
  await record(tables, loaded, entries, lance.arrow);
  return entries.length > 0;
}

function newContents(contents: readonly FileContent[], isStored: (hash: string) => boolean): FileContent[] {
  const byHash = new Map(contents.map(content => [content.hash, content]));
  return [...byHash.values()].filter(content => !isStored(content.hash));
}

function referenceEntries(references: StoreBatch['references']): Entry[] {
  return references.map(entry => {
    const names = new Set(entry.references.map(reference => reference.name));
    return { kind: 'references', hash: entry.hash, rows: names.size };
  });
}

function sameFile(left: FileRecord, right: FileRecord | undefined): boolean {
  return (
    right !== undefined &&
    left.hash === right.hash &&
    left.size === right.size &&
    left.mtimeMs === right.mtimeMs &&
    left.language === right.language
  );
}
