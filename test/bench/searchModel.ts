/**
 * Search with vectors of a real model: as bench/search.ts asks, on two smaller trees, with all-MiniLM-L6-v2 behind
 * llama.cpp's server. By how many chunks have vectors, and how much the model's ranking counts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChunkVectors, UnvectoredChunk } from '../../index/chunkVectors.js';
import { askForVectors, newAsking } from '../../index/embed/askForVectors.js';
import type { TextEmbedder } from '../../index/embed/textEmbedder.js';
import { createExtractor } from '../../index/extract.js';
import { fuse, modelWeight, sourceWeights } from '../../index/fuse.js';
import type { Store, StoreHit } from '../../index/store.js';
import { createStoreHost } from '../../index/store/storeHost.js';
import { silentLog } from '../../server/base/log.js';
import { startLlamaServer } from '../models/support/llamaServer.js';
import { findModels } from '../models/support/models.js';
import { backendFor } from '../models/support/realBackend.js';
import { documentedTree, type DocumentedQuery, type DocumentedTree, type TreeChoice } from './documented.js';

export interface RankedQuery {
  readonly tree: string;
  /** Where in each ranking the function stands, and in what order chunks come, by number. */
  readonly text: readonly number[];
  readonly vector: readonly number[];
  readonly symbol: readonly number[];
  /** So deep that something is left when chunks are taken out. */
  readonly model: readonly number[];
  /** Numbers of the chunks that are right. */
  readonly wanted: readonly number[];
}

export interface SearchModelResult {
  readonly model: string;
  readonly trees: Readonly<
    Record<string, { readonly files: number; readonly chunks: number; readonly queries: number }>
  >;
  readonly chunksPerSecond: number;
  readonly questionMs: { readonly p50: number; readonly p95: number };
  readonly recallAt5: Readonly<Record<string, number>>;
  /** Share of the chunks that have vectors; the mean of ten random choices. */
  readonly fusedByShareAt5: Readonly<Record<string, number>>;
}

const deep = 400;
const ranked = 50;

export async function benchSearchModel(): Promise<SearchModelResult> {
  const measured = await rankWithModel(reportedTrees());
  const { queries } = measured;
  const at5 = (rankingOf: (query: RankedQuery) => readonly number[]): number => recallAt(5, queries, rankingOf);
  return {
    model: 'all-MiniLM-L6-v2, F16, llama.cpp server, one thread',
    trees: measured.trees,
    chunksPerSecond: measured.chunksPerSecond,
    questionMs: measured.questionMs,
    recallAt5: {
      text: at5(({ text }) => text),
      symbol: at5(({ symbol }) => symbol),
      hashedVectors: at5(({ vector }) => vector),
      modelVectors: at5(({ model }) => model),
      fusedWithoutModel: at5(query => fusedOrder(query, { ...sourceWeights, model: 0 })),
      fused: at5(query => fusedOrder(query, { ...sourceWeights, model: modelWeight })),
      fusedWithModelInsteadOfHashed: at5(query =>
        fusedOrder(query, { ...sourceWeights, vector: 0, model: modelWeight }),
      ),
    },
    fusedByShareAt5: Object.fromEntries(
      [0, 0.1, 0.25, 0.5, 0.75, 1].map(share => {
        const rounds = share === 0 || share === 1 ? [0] : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        const recalls = rounds.map(round =>
          at5(query => fusedOrder(withShare(query, share, round), { ...sourceWeights, model: modelWeight })),
        );
        return [String(share), rounded(recalls.reduce((sum, value) => sum + value, 0) / recalls.length)];
      }),
    ),
  };
}

export interface Measured extends Pick<SearchModelResult, 'trees' | 'chunksPerSecond' | 'questionMs'> {
  readonly queries: readonly RankedQuery[];
}

/** All rankings of all queries; the slow part. */
export async function rankWithModel(trees: Readonly<Record<string, TreeChoice>>): Promise<Measured> {
  const root = new URL('../../../', import.meta.url);
  const extractor = await createExtractor({
    wasmFolder: new URL('grammars/wasm/', root),
    queryFolder: new URL('grammars/queries/', root),
  });
  const storeProcess = new URL('../../index/storeProcess.js', import.meta.url);
  const host = createStoreHost({ storeProcess, log: silentLog });
  const { miniLm } = await findModels();
  const server = await startLlamaServer({ model: miniLm, args: ['--embeddings'] });
  const backend = backendFor('llamacpp', server.url);
  const { signal } = new AbortController();
  try {
    const { models } = await backend.probe(signal);
    const [model] = models;
    if (model === undefined) throw new Error('The server has no model.');
    const embedder: TextEmbedder = {
      id: `bench/${model.name}`,
      contextTokens: model.contextTokens,
      embed: (texts, aborted) =>
        backend.embed(
          model,
          texts.map(({ text }) => text),
          aborted,
        ),
    };
    const counts: Record<string, SearchModelResult['trees'][string]> = {};
    const queries: RankedQuery[] = [];
    const questionMs: number[] = [];
    let [chunks, seconds] = [0, 0];
    for (const [name, choice] of Object.entries(trees)) {
      const tree = documentedTree(choice, extractor);
      const folder = mkdtempSync(join(tmpdir(), 'understudy-search-'));
      const store = host.store({ databaseFolder: folder });
      try {
        const vectors = await fill(store, tree);
        const startedMs = performance.now();
        const made = await embedAll(vectors, embedder);
        seconds += (performance.now() - startedMs) / 1000;
        chunks += made;
        counts[name] = { files: tree.files.length, chunks: made, queries: tree.queries.length };
        for (const query of tree.queries) {
          const askedMs = performance.now();
          const [vector] = await embedder.embed([{ text: query.query, path: null, startLine: 0 }], signal);
          questionMs.push(performance.now() - askedMs);
          queries.push(await rankQuery(name, store, vectors, embedder.id, vector ?? new Float32Array(0), query));
        }
      } finally {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }
    questionMs.sort((left, right) => left - right);
    const at = (share: number): number => Math.round(questionMs[Math.floor(share * questionMs.length)] ?? 0);
    return {
      queries,
      trees: counts,
      chunksPerSecond: rounded(chunks / seconds),
      questionMs: { p50: at(0.5), p95: at(0.95) },
    };
  } finally {
    backend.dispose();
    await server.stop();
    await host.dispose();
    extractor.dispose();
  }
}

/** Some of those that bench/search.ts reports, few enough for a processor. */
function reportedTrees(): Record<string, TreeChoice> {
  const goRoot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const script = 'import os; print(os.path.dirname(os.__file__))';
  const python = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).trim();
  return {
    python: { folder: python, extensions: ['.py'], maxFiles: 40, queries: 100 },
    go: { folder: join(goRoot, 'src'), extensions: ['.go'], maxFiles: 60, queries: 100 },
  };
}

async function fill(store: Store, tree: DocumentedTree): Promise<ChunkVectors> {
  await store.open();
  await store.commit({
    files: tree.files.map(({ path, language, content: { hash } }) => ({ path, language, hash, size: 1, mtimeMs: 1 })),
    contents: tree.files.map(({ content }) => content),
    references: [],
    removedPaths: [],
  });
  if (store.vectors === undefined) throw new Error('The store keeps no vectors.');
  return store.vectors;
}

/** As the index does, but without a rest. */
async function embedAll(vectors: ChunkVectors, embedder: TextEmbedder): Promise<number> {
  const asking = newAsking(embedder.contextTokens ?? null);
  const { signal } = new AbortController();
  let made = 0;
  for (;;) {
    const { chunks } = await vectors.missing(embedder.id, 128, []);
    if (chunks.length === 0) return made;
    for (let left: readonly UnvectoredChunk[] = chunks; left.length > 0;) {
      const batch = left.slice(0, asking.pace.size);
      const { rows, again } = await askForVectors(embedder, asking, batch, signal).catch((error: unknown) => {
        // One of several is too long: they go one by one from here, as the index does it.
        if (batch.length === 1) throw error;
        return { rows: [], again: new Set(batch.map(({ key }) => key)) };
      });
      const packed = new Float32Array(rows.length * asking.dimensions);
      for (const [index, { vector }] of rows.entries()) packed.set(vector, index * asking.dimensions);
      await vectors.put({ embedder: embedder.id, dimensions: asking.dimensions, chunks: rows, vectors: packed });
      made += rows.length;
      left = [...left.slice(batch.length), ...batch.filter(({ key }) => again.has(key))];
    }
  }
}

async function rankQuery(
  tree: string,
  store: Store,
  vectors: ChunkVectors,
  embedder: string,
  vector: Float32Array,
  query: DocumentedQuery,
): Promise<RankedQuery> {
  const { signal } = new AbortController();
  const sources = ['text', 'vector', 'symbol'] as const;
  const found = await store.rankings({ query: query.query, limit: ranked, sources }, signal);
  const near = await vectors.nearest(embedder, unit(vector), deep, signal);
  const numbers = new Map<string, number>();
  const wanted = new Set<number>();
  const numbered = (hits: readonly Pick<StoreHit, 'path' | 'chunk'>[]): number[] =>
    hits.map(hit => {
      const { span } = hit.chunk;
      const key = `${hit.path}:${span.startLine}:${span.startColumn}`;
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      if (isRight(hit, query)) wanted.add(number);
      return number;
    });
  const rankings = {
    text: numbered(found.text),
    vector: numbered(found.vector),
    symbol: numbered(found.symbol),
    model: numbered(near),
  };
  return { tree, ...rankings, wanted: [...wanted] };
}

function isRight({ path, chunk: { span } }: Pick<StoreHit, 'path' | 'chunk'>, query: DocumentedQuery): boolean {
  const ends = span.endLine > query.line || (span.endLine === query.line && span.endColumn > 0);
  return path === query.path && span.startLine <= query.line && ends;
}

export function fusedOrder(
  query: RankedQuery,
  weights: Readonly<Record<'text' | 'vector' | 'symbol' | 'model', number>>,
): readonly number[] {
  const lists = (['text', 'vector', 'symbol', 'model'] as const)
    .filter(source => weights[source] > 0)
    .map(source => ({ items: query[source].slice(0, ranked), weight: weights[source] }));
  return fuse(lists, String).map(({ item }) => item);
}

/** Without the vectors of some chunks, chosen by their number and the round. */
export function withShare(query: RankedQuery, share: number, round: number): RankedQuery {
  const has = (number: number): boolean =>
    (Math.imul(number * 31 + round * 977 + 7, 0x9e3779b1) >>> 8) / 2 ** 24 < share;
  return { ...query, model: query.model.filter(has) };
}

export function recallAt(
  limit: number,
  queries: readonly RankedQuery[],
  rankingOf: (query: RankedQuery) => readonly number[],
): number {
  const right = queries.filter(query =>
    rankingOf(query)
      .slice(0, limit)
      .some(number => query.wanted.includes(number)),
  );
  return rounded(right.length / queries.length);
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map(value => value / length);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
