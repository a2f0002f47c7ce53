import type { Chunk, CodeSymbol, Embedder, Reference } from '../codeIndex.js';
import { createHashedEmbedder } from '../embed/hashedEmbedder.js';
import { queryWords } from '../identifiers.js';
import { unpackBatch } from '../packedContents.js';
import {
  commonDefinitions,
  type FileContent,
  type FileRecord,
  type Opening,
  type Store,
  type StoreHit,
} from '../store.js';
import { buildBm25, type Bm25 } from './bm25.js';
import { symbolRank } from './symbolRank.js';
import { chunkEmbeddingText, chunkOfSymbol, chunkWords, symbolWords } from './wording.js';

interface View {
  readonly hits: readonly StoreHit[];
  readonly text: Bm25;
  readonly symbols: readonly { readonly symbol: CodeSymbol; readonly hit: StoreHit }[];
  readonly symbolText: Bm25;
  vectors: readonly Float32Array[] | null;
}

/** A whole store without disk: for tests, for what is not yet written, and for a session whose cache cannot be written. */
export function createMemoryStore(embedder: Embedder = createHashedEmbedder()): Store {
  const files = new Map<string, FileRecord>();
  const contents = new Map<string, FileContent>();
  const references = new Map<string, readonly Reference[]>();
  let view: View | null = null;

  const liveCounts = (): Opening['counts'] => {
    const live = [...files.values()].flatMap(file => contents.get(file.hash) ?? []);
    return {
      chunks: live.reduce((sum, content) => sum + content.chunks.length, 0),
      symbols: live.reduce((sum, content) => sum + content.symbols.length, 0),
    };
  };

  return {
    open() {
      const live = [...files.values()].map(file => contents.get(file.hash));
      return Promise.resolve({
        state: files.size === 0 ? 'created' : 'sound',
        message: null,
        readOnly: false,
        files: [...files.values()],
        counts: liveCounts(),
        withoutReferences: live.flatMap(content =>
          content === undefined || references.has(content.hash) ? [] : content.hash,
        ),
      });
    },

    commit(packed) {
      const batch = unpackBatch(packed);
      for (const content of batch.contents) if (!contents.has(content.hash)) contents.set(content.hash, content);
      for (const entry of batch.references) references.set(entry.hash, entry.references);
      for (const path of batch.removedPaths) files.delete(path);
      for (const file of batch.files) files.set(file.path, file);
      view = null;
      return Promise.resolve();
    },

    known: hashes => Promise.resolve(new Set(hashes.filter(hash => contents.has(hash)))),

    async rankings({ query, limit, sources }, signal) {
      signal.throwIfAborted();
      const current = (view ??= buildView(files.values(), contents));
      const words = queryWords(query);
      const pick = (numbers: readonly { readonly item: number }[], from: readonly StoreHit[]) =>
        numbers.flatMap(({ item }) => from[item] ?? []).slice(0, limit);

      const text = sources.includes('text') ? pick(current.text.search(words, limit), current.hits) : [];
      let vector: StoreHit[] = [];
      if (sources.includes('vector')) {
        current.vectors ??= await embedder.embed(
          current.hits.map(hit => chunkEmbeddingText(hit.chunk)),
          signal,
        );
        const [wanted] = await embedder.embed([query], signal);
        vector = pick(nearest(wanted ?? new Float32Array(0), current.vectors), current.hits);
      }
      const symbol = sources.includes('symbol') ? rankSymbols(query, words, limit, current) : [];
      return { text, vector, symbol };
    },

    async definitions(names, signal) {
      signal.throwIfAborted();
      const wanted = new Set(names);
      const found = [...files.values()].flatMap(({ path, hash }) =>
        (contents.get(hash)?.symbols ?? [])
          .filter(symbol => wanted.has(symbol.name))
          .map(symbol => ({ ...symbol, path })),
      );
      if (wanted.size < 2) return found;
      const counts = new Map<string, number>();
      for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
      return found.filter(({ name }) => (counts.get(name) ?? 0) <= commonDefinitions);
    },

    async references(name, signal) {
      signal.throwIfAborted();
      return [...files.values()].flatMap(({ path, hash }) =>
        (references.get(hash) ?? [])
          .filter(reference => reference.name === name)
          .map(reference => ({ ...reference, path })),
      );
    },

    maintain() {
      const live = new Set([...files.values()].map(file => file.hash));
      for (const hash of contents.keys()) if (!live.has(hash)) contents.delete(hash);
      for (const hash of references.keys()) if (!live.has(hash)) references.delete(hash);
      return Promise.resolve(liveCounts());
    },

    close: () => Promise.resolve(),
  };
}

function buildView(files: Iterable<FileRecord>, contents: ReadonlyMap<string, FileContent>): View {
  const hits: StoreHit[] = [];
  const symbols: { symbol: CodeSymbol; hit: StoreHit }[] = [];
  for (const { path, hash } of files) {
    const content = contents.get(hash);
    if (content === undefined) continue;
    const own = content.chunks.map((chunk: Chunk) => ({ path, chunk }));
    hits.push(...own);
    for (const symbol of content.symbols) {
      const hit = own[chunkOfSymbol(symbol, content.chunks)];
      if (hit !== undefined) symbols.push({ symbol, hit });
    }
  }
  return {
    hits,
    text: buildBm25(hits.map(hit => chunkWords(hit.chunk).split(' '))),
    symbols,
    symbolText: buildBm25(symbols.map(({ symbol }) => symbolWords(symbol).split(' '))),
    vectors: null,
  };
}

function rankSymbols(query: string, words: readonly string[], limit: number, view: View): StoreHit[] {
  const rank = symbolRank(query);
  const scored = view.symbolText
    .search(words, Math.max(200, limit * 4))
    .flatMap(({ item, score }) => {
      const symbol = view.symbols[item];
      return symbol === undefined ? [] : [{ hit: symbol.hit, score: rank(symbol.symbol.name, score) }];
    })
    .sort((left, right) => right.score - left.score);
  return [...new Set(scored.map(entry => entry.hit))].slice(0, limit);
}

function nearest(wanted: Float32Array, vectors: readonly Float32Array[]): { item: number; score: number }[] {
  return vectors
    .map((vector, item) => ({ item, score: dot(wanted, vector) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}
