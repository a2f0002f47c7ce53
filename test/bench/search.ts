/**
 * Search: a documentation comment finds its function, with the comment and the function's own name taken out.
 * Recall of the fused search, and of each of its sources alone, through the real store.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createExtractor } from '../../index/extract.js';
import { fuse, sourceWeights } from '../../index/fuse.js';
import type { StoreHit } from '../../index/store.js';
import { createStoreHost, type StoreHost } from '../../index/store/storeHost.js';
import { silentLog } from '../../server/base/log.js';
import { documentedTree, type DocumentedQuery, type DocumentedTree, type TreeChoice } from './documented.js';

export interface Recall {
  readonly at1: number;
  readonly at5: number;
  readonly at10: number;
  /** Mean of 1 / rank. */
  readonly reciprocal: number;
}

type Ranking = 'text' | 'vector' | 'symbol' | 'fused';
type Recalls = Readonly<Record<Ranking, Recall>>;

export interface SearchResult {
  readonly queries: number;
  readonly all: Recalls;
  readonly languages: Readonly<
    Record<string, Recalls & { readonly queries: number; readonly files: number; readonly chunks: number }>
  >;
}

const rankings = ['text', 'vector', 'symbol', 'fused'] as const;
const queriesPerLanguage = 100;
const rankedHits = 50;

export async function benchSearch(
  trees: Readonly<Record<string, TreeChoice>> = reportedTrees(),
): Promise<SearchResult> {
  const root = new URL('../../../', import.meta.url);
  const extractor = await createExtractor({
    wasmFolder: new URL('grammars/wasm/', root),
    queryFolder: new URL('grammars/queries/', root),
  });
  const host = createStoreHost({
    storeProcess: new URL('../../index/storeProcess.js', import.meta.url),
    log: silentLog,
  });
  try {
    const languages: Record<string, SearchResult['languages'][string]> = {};
    const allRanks = emptyRanks();
    for (const [name, choice] of Object.entries(trees)) {
      const tree = documentedTree(choice, extractor);
      const ranks = await rankAll(tree, host);
      for (const ranking of rankings) allRanks[ranking].push(...ranks[ranking]);
      const chunks = tree.files.reduce((sum, file) => sum + file.content.chunks.length, 0);
      languages[name] = { ...recalls(ranks), queries: tree.queries.length, files: tree.files.length, chunks };
    }
    return { queries: allRanks.fused.length, all: recalls(allRanks), languages };
  } finally {
    await host.dispose();
    extractor.dispose();
  }
}

/** Other trees than those that words, weights and fusion were chosen on. */
function reportedTrees(): Record<string, TreeChoice> {
  const goRoot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const script = 'import os; print(os.path.dirname(os.__file__))';
  const python = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).trim();
  const shared = { maxFiles: 1_000, queries: queriesPerLanguage };
  return {
    python: { folder: python, extensions: ['.py'], ...shared },
    go: { folder: join(goRoot, 'src'), extensions: ['.go'], ...shared },
    typescript: {
      folder: fileURLToPath(new URL('../../../node_modules', import.meta.url)),
      extensions: ['.ts', '.js', '.mjs', '.cjs'],
      within:
        /^(apache-arrow\/src|mocha\/lib|vscode-[a-z-]+\/lib|diff\/lib|workerpool\/src|jsonc-parser\/lib\/esm|glob\/dist\/esm|lru-cache\/dist\/esm|yargs)\//,
      ...shared,
    },
  };
}

async function rankAll(tree: DocumentedTree, host: StoreHost): Promise<Record<Ranking, number[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-search-'));
  const store = host.store({ databaseFolder: folder });
  try {
    await store.open();
    for (let start = 0; start < tree.files.length; start += 200) {
      const files = tree.files.slice(start, start + 200);
      await store.commit({
        files: files.map(({ path, language, content }) => ({
          path,
          language,
          hash: content.hash,
          size: 1,
          mtimeMs: 1,
        })),
        contents: files.map(({ content }) => content),
        references: [],
        removedPaths: [],
      });
    }
    await store.maintain();
    const ranks = emptyRanks();
    for (const query of tree.queries) {
      const sources = ['text', 'vector', 'symbol'] as const;
      const found = await store.rankings(
        { query: query.query, limit: rankedHits, sources },
        new AbortController().signal,
      );
      for (const source of sources) ranks[source].push(rankOf(found[source], query));
      const fused = fuse(
        sources.map(source => ({ items: found[source], weight: sourceWeights[source] })),
        ({ path, chunk }) => `${path}:${chunk.span.startLine}:${chunk.span.startColumn}`,
      );
      ranks.fused.push(
        rankOf(
          fused.map(({ item }) => item),
          query,
        ),
      );
    }
    return ranks;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From 1; Infinity when the function is not among the hits. */
function rankOf(hits: readonly StoreHit[], { path, line }: DocumentedQuery): number {
  const index = hits.findIndex(({ path: found, chunk: { span } }) => {
    const ends = span.endLine > line || (span.endLine === line && span.endColumn > 0);
    return found === path && span.startLine <= line && ends;
  });
  return index < 0 ? Infinity : index + 1;
}

function emptyRanks(): Record<Ranking, number[]> {
  return { text: [], vector: [], symbol: [], fused: [] };
}

function recalls(ranks: Record<Ranking, readonly number[]>): Recalls {
  return {
    text: recallOf(ranks.text),
    vector: recallOf(ranks.vector),
    symbol: recallOf(ranks.symbol),
    fused: recallOf(ranks.fused),
  };
}

function recallOf(ranks: readonly number[]): Recall {
  const share = (limit: number) => rounded(ranks.filter(rank => rank <= limit).length / ranks.length);
  const reciprocal = rounded(ranks.reduce((sum, rank) => sum + 1 / rank, 0) / ranks.length);
  return { at1: share(1), at5: share(5), at10: share(10), reciprocal };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
