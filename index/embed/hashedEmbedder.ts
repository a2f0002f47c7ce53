import type { Embedder } from '../codeIndex.js';
import { searchWords, type WordMemo } from '../identifiers.js';

const dimensions = 256;

/** An embedder whose vectors are sums over words, for those who know the words already. */
export interface WordEmbedder extends Embedder {
  featuresOf(word: string): WordFeatures;
}

/** Vectors of unit length from hashed words (Weinberger et al. 2009: signed feature hashing). Needs no model. */
export function createHashedEmbedder(): WordEmbedder {
  const words: WordMemo = new Map();
  const features: FeatureMemo = new Map();
  return {
    id: 'hashed-2',
    dimensions,
    embed: texts => Promise.resolve(texts.map(text => vectorOfText(text, words, features))),
    featuresOf: findFeatures,
  };
}

/**
 * Words count by the logarithm of how often they come, those of the first line of several once more each time:
 * it is the headline. All zeros where there is no word.
 */
export function hashedVector(text: string): Float32Array {
  return vectorOfText(text, new Map(), new Map());
}

function vectorOfText(text: string, words: WordMemo, features: FeatureMemo): Float32Array {
  const headlineEnd = Math.max(0, text.indexOf('\n'));
  return vectorOfWords(
    searchWords(text.slice(0, headlineEnd), words),
    searchWords(text.slice(headlineEnd), words),
    features,
  );
}

function vectorOfWords(headline: readonly string[], body: readonly string[], features: FeatureMemo): Float32Array {
  const weights = new Map<string, number>();
  for (const word of body) weights.set(word, (weights.get(word) ?? 0) + 1);
  for (const [word, count] of weights) weights.set(word, bodyWeight(word, count));
  for (const word of headline) weights.set(word, (weights.get(word) ?? 0) + 1);
  const vector = new Float32Array(dimensions);
  for (const [word, weight] of weights) {
    const { places, shares } = featuresOf(word, features);
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index] ?? 0;
      vector[place] = (vector[place] ?? 0) + weight * (shares[index] ?? 0);
    }
  }
  return normalise(vector);
}

/** What a word of the body weighs that comes so often. */
export function bodyWeight(word: string, count: number): number {
  return (1 + Math.log(count)) * (word.length < 3 ? 0.5 : 1);
}

/** Where a word shows in a vector, and by how much. */
export interface WordFeatures {
  readonly places: Uint8Array;
  readonly shares: Float32Array;
}

type FeatureMemo = Map<string, WordFeatures>;
const maxMemoised = 20_000;
/** Longer ones are whole identifiers, whose parts have trigrams of their own. */
const maxTrigramWord = 12;

function featuresOf(word: string, memo: FeatureMemo): WordFeatures {
  const known = memo.get(word);
  if (known !== undefined) return known;
  const features = findFeatures(word);
  if (memo.size >= maxMemoised) memo.clear();
  memo.set(word, features);
  return features;
}

function findFeatures(word: string): WordFeatures {
  const places: number[] = [];
  const shares: number[] = [];
  const add = (feature: string, share: number) => {
    // Four places each: one that collides with another word's then spoils little.
    for (const hash of [hashOf(feature), hashOf(`${feature}#`)]) {
      places.push(hash & (dimensions - 1), (hash >>> 8) & (dimensions - 1));
      shares.push(hash & 0x10000 ? share : -share, hash & 0x20000 ? share : -share);
    }
  };
  add(word, 1);
  // Trigrams let kin meet that stemming keeps apart: serialise, serialisation.
  if (word.length >= 5 && word.length <= maxTrigramWord) {
    const share = 0.4 / Math.sqrt(word.length - 2);
    for (let index = 0; index + 3 <= word.length; index += 1) add(word.slice(index, index + 3), share);
  }
  return { places: Uint8Array.from(places), shares: Float32Array.from(shares) };
}

/** FNV-1a with a final mix, so that all bits depend on all characters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** To unit length, in place. */
export function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum === 0) return vector;
  const scale = 1 / Math.sqrt(sum);
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}
