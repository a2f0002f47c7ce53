import type { StoreBatch } from '../../../index/store.js';
import { batchOf } from './samples.js';

const words = 'parse render open close graph node table header value stream token cursor index merge queue'.split(' ');

/** Batch `number` of an endless history of edits over 30 files: always the same for the same number. */
export function historyBatch(number: number): StoreBatch {
  const next = randomFrom(number + 1);
  const path = () => `src/file${next() % 30}.ts`;
  const changed = [...new Set(Array.from({ length: 6 }, path))];
  const removed = number > 3 && next() % 3 === 0 ? [path()].filter(each => !changed.includes(each)) : [];
  // Some contents come back, as when a branch is switched.
  const files = changed.map(each => ({ path: each, source: sourceOf(next() % 200) }));
  return batchOf(files, removed);
}

export const historyNames = words.map(word => `${word}Thing`);

function sourceOf(seed: number): string {
  const next = randomFrom(seed * 31 + 7);
  const pick = () => words[next() % words.length] ?? '';
  return Array.from({ length: 1 + (next() % 12) }, () => `${pick()}Thing: ${pick()} the ${pick()} of ${pick()}`).join(
    '\n',
  );
}

/** Mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
