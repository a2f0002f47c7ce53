import type { Embedder } from '../codeIndex.js';
import { searchWords } from '../identifiers.js';

const dimensions = 256;

/** Vectors of unit length from hashed words (Weinberger et al. 2009: signed feature hashing). Needs no model. */
export function createHashedEmbedder(): Embedder {
  return {
    id: 'hashed-1',
    dimensions,
    embed: texts => Promise.resolve(texts.map(hashedVector)),
  };
}

export function hashedVector(text: string): Float32Array {
  const vector = new Float32Array(dimensions);
  const counts = new Map<string, number>();
  for (const word of searchWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const [word, count] of counts) {
    const weight = (1 + Math.log(count)) * (word.length < 3 ? 0.5 : 1);
    addFeature(vector, word, weight);
    // Trigrams let kin meet that stemming keeps apart: serialise, serialisation.
    if (word.length < 5) continue;
    const part = (0.4 * weight) / Math.sqrt(word.length - 2);
    for (let index = 0; index + 3 <= word.length; index += 1) addFeature(vector, word.slice(index, index + 3), part);
  }
  return normalise(vector);
}

function addFeature(vector: Float32Array, feature: string, weight: number): void {
  const hash = hashOf(feature);
  const first = hash & (dimensions - 1);
  const second = (hash >>> 8) & (dimensions - 1);
  vector[first] = (vector[first] ?? 0) + (hash & 0x10000 ? weight : -weight);
  vector[second] = (vector[second] ?? 0) + (hash & 0x20000 ? weight : -weight);
}

/** FNV-1a with a final mix, so that all bits depend on all characters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum === 0) return vector;
  const scale = 1 / Math.sqrt(sum);
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}
