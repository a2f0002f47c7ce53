import type { CodeIndex, SearchHit, SearchOptions } from './codeIndex.js';
import type { QuestionVector } from './embed/modelQuestion.js';
import { fuse, modelWeight, sourceWeights } from './fuse.js';
import type { Overlay } from './overlay.js';
import type { Store, StoreHit, StoreRankings } from './store.js';
import type { StoreAccess } from './storeAccess.js';

export interface IndexSearchOptions {
  /** As the client names it. */
  readonly folder: string;
  readonly store: Store;
  readonly access: StoreAccess;
  readonly overlay: Overlay;
  /** The folder is not there: nothing is found. */
  isGone(): boolean;
  /** What the newest rules leave out is not found, also where the store still has it. */
  isExcluded(path: string): boolean;
  /** The query as a model reads it that made vectors; null where none does, or not in time. */
  ask(query: string, patienceMs: number, signal: AbortSignal): Promise<QuestionVector | null>;
}

const ALL_SOURCES = ['text', 'vector', 'symbol'] as const;
const NO_RANKINGS: StoreRankings = { text: [], vector: [], symbol: [] };
/** So many of the best of each ranking take part, at least. */
const DEPTH = 50;
/** What the overlay covers may stand at the top of the store's rankings; so many more are asked for. */
const MAX_MORE = 200;

/** Answers from store and overlay together: what was saved wins over what is stored. */
export function createIndexSearch(
  options: IndexSearchOptions,
): Pick<CodeIndex, 'search' | 'definitions' | 'references'> {
  const { folder, store, access, overlay, isGone, isExcluded, ask } = options;
  return {
    search,
    definitions(names, signal) {
      const wanted = typeof names === 'string' ? [names] : names;
      return both(
        () => store.definitions(wanted, signal),
        wanted.flatMap(name => overlay.definitions(name)),
      );
    },
    references: (name, signal) => both(() => store.references(name, signal), overlay.references(name)),
  };

  async function search(
    query: string,
    { limit, sources, patienceMs = 0 }: SearchOptions,
    signal: AbortSignal,
  ): Promise<SearchHit[]> {
    signal.throwIfAborted();
    if (isGone()) return [];
    const wanted = { query, limit: Math.max(DEPTH, limit * 3), sources: sources ?? ALL_SOURCES };
    const more = Math.min(overlay.covered, MAX_MORE);
    const [fromStore, fromModel] = await Promise.all([
      access.read(() => store.rankings({ ...wanted, limit: wanted.limit + more }, signal), NO_RANKINGS),
      wanted.sources.includes('vector') && patienceMs > 0
        ? byModel(query, wanted.limit + more, patienceMs, signal)
        : [],
    ]);
    const rankings = overlay.rank(wanted, fromStore);
    const own = wanted.sources.map(source => ({ items: rankings[source], weight: sourceWeights[source] }));
    const fused = fuse(
      fromModel.length === 0 ? own : [...own, { items: fromModel.slice(0, wanted.limit), weight: modelWeight }],
      ({ path, chunk: { span } }) => `${path}\0${span.startLine}:${span.startColumn}-${span.endLine}:${span.endColumn}`,
    );
    return fused
      .filter(({ item }) => !isExcluded(item.path))
      .slice(0, limit)
      .map(({ item: { path, chunk }, score }) => ({
        path,
        folder,
        span: chunk.span,
        kind: chunk.kind,
        name: chunk.name,
        score,
        text: chunk.text,
        from: overlay.has(path) ? 'overlay' : 'store',
      }));
  }

  async function byModel(query: string, count: number, patienceMs: number, signal: AbortSignal): Promise<StoreHit[]> {
    const question = await ask(query, patienceMs, signal);
    if (question === null || store.vectors === undefined) return [];
    const { vectors } = store;
    const found = await access.read<readonly StoreHit[]>(
      () => vectors.nearest(question.embedder, question.vector, count, signal),
      [],
    );
    // What was saved a moment ago has no vectors yet, but for what stayed as it was.
    return found.flatMap(({ path, chunk }) => {
      const kept = overlay.covers(path) ? overlay.same(path, chunk) : chunk;
      return kept === null ? [] : { path, chunk: kept };
    });
  }

  async function both<Found extends { readonly path: string }>(
    ask: () => Promise<readonly Found[]>,
    saved: readonly Found[],
  ): Promise<readonly Found[]> {
    if (isGone()) return [];
    const found = await access.read<readonly Found[]>(ask, []);
    return [...found.filter(item => !overlay.covers(item.path)), ...saved].filter(item => !isExcluded(item.path));
  }
}
