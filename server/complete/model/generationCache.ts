import { createHash } from 'node:crypto';
import type { Split } from './along.js';

/** What models have said already, by document, place and model. Holds what they wrote, and of the documents hashes only. */
export interface GenerationCache {
  add(key: CacheKey, split: Split, text: string): void;
  /** What is left of a text that was said here, or further left, where all that was typed since goes along with it. */
  find(key: CacheKey, split: Split): string | null;
}

export interface CacheKey {
  readonly uri: string;
  readonly model: string;
}

const capacity = 250;
const maxAgeMs = 5 * 60_000;
/** So much of the document decides whether a place is the same. */
const unitsBefore = 1500;
const unitsAfter = 500;
/** Further back than this it is no longer looked. */
const maxTypedUnits = 48;

export function createGenerationCache(now: () => number): GenerationCache {
  const entries = new Map<string, { readonly text: string; readonly atMs: number }>();

  return {
    add(key, split, text) {
      const name = nameOf(key, split);
      entries.delete(name);
      entries.set(name, { text: unshared(text), atMs: now() });
      for (const oldest of entries.keys()) {
        if (entries.size <= capacity) break;
        entries.delete(oldest);
      }
    },
    find(key, split) {
      if (entries.size === 0) return null;
      const { before, after } = split;
      const furthest = Math.min(maxTypedUnits, before.length);
      for (let typed = 0; typed <= furthest; typed++) {
        // Where \r\n is typed, the text has \n.
        const tail = before.slice(before.length - typed).replaceAll('\r\n', '\n');
        const entry = entries.get(nameOf(key, { before: before.slice(0, before.length - typed), after }));
        if (entry === undefined || now() - entry.atMs > maxAgeMs || !entry.text.startsWith(tail)) continue;
        if (typed === 0 || entry.text.length > tail.length) return entry.text.slice(tail.length);
      }
      return null;
    },
  };
}

function nameOf({ uri, model }: CacheKey, { before, after }: Split): string {
  const hash = createHash('sha1');
  for (const part of [model, uri, before.slice(-unitsBefore), after.slice(0, unitsAfter)])
    hash.update(`${part.length}:`).update(part);
  return hash.digest('base64');
}

/** A slice of a string keeps all of it in memory; a small text must not hold a large answer. */
function unshared(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
