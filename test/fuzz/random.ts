/** A seeded source of numbers (mulberry32, Tommy Ettinger's 32-bit mixer): the same seed, the same run. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole, in [0, below). */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  chance(probability: number): boolean;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: items => items[below(items.length)] ?? items[0],
    chance: probability => next() < probability,
  };
}
