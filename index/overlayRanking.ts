import { hashedVector } from './embed/hashedEmbedder.js';
import { queryWords } from './identifiers.js';
import type { FileContent, StoreHit, StoreQuery, StoreRankings } from './store.js';
import { buildBm25 } from './store/bm25.js';
import { symbolRank } from './store/symbolRank.js';
import { chunkEmbeddingText, chunkOfSymbol, chunkWords, symbolWords } from './store/wording.js';

/** Ranks chunks in memory by the store's own measures, and puts them between the store's hits. */
export interface OverlayRanking {
  put(path: string, content: FileContent): void;
  remove(path: string): void;
  merge(query: StoreQuery, fromStore: StoreRankings): StoreRankings;
}

interface Scored {
  readonly hit: StoreHit;
  readonly score: number;
}

interface Features {
  readonly hit: StoreHit;
  readonly words: readonly string[];
  readonly vector: Float32Array;
  readonly names: readonly string[];
}

export function createOverlayRanking(): OverlayRanking {
  const contents = new Map<string, FileContent>();
  // Words and vectors are made at the first search after a save, not at the save.
  const featuresOf = new Map<string, readonly Features[]>();

  return {
    put(path, content) {
      contents.set(path, content);
      featuresOf.delete(path);
    },
    remove(path) {
      contents.delete(path);
      featuresOf.delete(path);
    },
    merge({ query, limit, sources }, fromStore) {
      if (contents.size === 0) return fromStore;
      for (const [path, content] of contents) {
        if (!featuresOf.has(path)) featuresOf.set(path, featuresOfContent(path, content));
      }
      const own = [...featuresOf.values()].flat();
      const words = queryWords(query);
      const wanted = hashedVector(query);
      const measures = {
        text: (known: readonly Features[]) =>
          bm25Scores(
            known.map(item => item.words),
            words,
          ),
        vector: (known: readonly Features[]) => known.map(item => dot(item.vector, wanted)),
        symbol: (known: readonly Features[]) => nameScores(known, query, words),
      };
      const merged = (source: keyof StoreRankings): readonly StoreHit[] => {
        if (!sources.includes(source)) return [];
        // Scores of the store's hits are made anew beside ours: only so can the two be compared.
        const theirs = fromStore[source].map(hit => featuresOfHit(hit));
        const scores = measures[source]([...theirs, ...own]);
        const ours = own.map((item, at) => ({ hit: item.hit, score: scores[theirs.length + at] ?? 0 }));
        return insertByScore(
          theirs.map((item, at) => ({ hit: item.hit, score: scores[at] ?? 0 })),
          ours
            .filter(item => item.score > 0)
            .sort((left, right) => right.score - left.score)
            .slice(0, limit),
        ).slice(0, limit);
      };
      return { text: merged('text'), vector: merged('vector'), symbol: merged('symbol') };
    },
  };
}

/** Keeps the order of `fixed`, which knows more than these scores do; each of `added` goes behind all that score as high. */
function insertByScore(fixed: readonly Scored[], added: readonly Scored[]): StoreHit[] {
  const hits: StoreHit[] = [];
  let next = 0;
  const better = fixed.map(item => item.score);
  // What stands behind counts too: a low score amid higher ones lets nothing in before them.
  for (let at = better.length - 2; at >= 0; at--) better[at] = Math.max(better[at] ?? 0, better[at + 1] ?? 0);
  for (const [at, item] of fixed.entries()) {
    for (let first = added[next]; first !== undefined && first.score > (better[at] ?? 0); first = added[++next]) {
      hits.push(first.hit);
    }
    hits.push(item.hit);
  }
  return [...hits, ...added.slice(next).map(item => item.hit)];
}

function featuresOfContent(path: string, { chunks, symbols }: FileContent): Features[] {
  const names = chunks.map((): string[] => []);
  for (const symbol of symbols) names[chunkOfSymbol(symbol, chunks)]?.push(symbol.name);
  return chunks.map((chunk, at) => ({
    hit: { path, chunk },
    words: chunkWords(chunk).split(' '),
    vector: hashedVector(chunkEmbeddingText(chunk)),
    names: names[at] ?? [],
  }));
}

function featuresOfHit(hit: StoreHit): Features {
  const { chunk } = hit;
  return {
    hit,
    words: chunkWords(chunk).split(' '),
    vector: hashedVector(chunkEmbeddingText(chunk)),
    names: chunk.name === '' ? [] : [chunk.name],
  };
}

function bm25Scores(documents: readonly (readonly string[])[], words: readonly string[]): number[] {
  const scores = documents.map(() => 0);
  for (const { item, score } of buildBm25(documents).search(words, documents.length)) scores[item] = score;
  return scores;
}

function nameScores(known: readonly Features[], query: string, words: readonly string[]): number[] {
  const names = known.flatMap((item, at) => item.names.map(name => ({ at, name })));
  const rank = symbolRank(query);
  const best = known.map(() => 0);
  const scores = bm25Scores(
    names.map(({ name }) => symbolWords(name).split(' ')),
    words,
  );
  for (const [number, { at, name }] of names.entries()) {
    const score = scores[number] ?? 0;
    if (score > 0) best[at] = Math.max(best[at] ?? 0, rank(name, score));
  }
  return best;
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
