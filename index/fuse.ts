/** How much one ranking counts, and how many of its first places take part. */
export interface FusedRanking<Item> {
  readonly items: readonly Item[];
  readonly weight: number;
}

export interface Fused<Item> {
  readonly item: Item;
  readonly score: number;
}

/**
 * Reciprocal rank fusion (Cormack, Clarke, Büttcher: SIGIR 2009): an item scores weight / (k + rank) in each ranking
 * that names it, ranks from 1. `identity` says which items are the same; of those the first met is returned.
 * Best first; ties stay in the order of the rankings.
 */
export function fuse<Item>(
  rankings: readonly FusedRanking<Item>[],
  identity: (item: Item) => string,
  k = 60,
): Fused<Item>[] {
  const fused = new Map<string, { item: Item; score: number }>();
  for (const { items, weight } of rankings) {
    const seen = new Set<string>();
    for (const item of items) {
      const key = identity(item);
      if (seen.has(key)) continue;
      seen.add(key);
      const score = weight / (k + seen.size);
      const known = fused.get(key);
      if (known === undefined) fused.set(key, { item, score });
      else known.score += score;
    }
  }
  return [...fused.values()].sort((left, right) => right.score - left.score);
}

/** What each source counts in the fused search: the best of ten choices on trees that the benchmark does not report. */
export const sourceWeights = { text: 1, vector: 0.5, symbol: 1.2 } as const;

/** What a model's ranking counts beside those. */
export const modelWeight = 1;

/** A model takes part in searches when it has vectors of so many of all chunks. */
export const servingShare = 0.5;
