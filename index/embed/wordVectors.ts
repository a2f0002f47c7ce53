import type { WordTable } from '../wordTable.js';
import { bodyWeight, normalise, type WordEmbedder } from './hashedEmbedder.js';

/** Vectors from words that a table has numbered: the same as the embedder's, for many chunks in a row. */
export interface WordVectors {
  /** Writes the vector of a text whose first line has the words of `headline`, and the others those of `body`. */
  write(headline: readonly number[], body: readonly number[], vector: Float32Array): void;
  /** The table was cleared. */
  clear(): void;
}

export function createWordVectors(table: WordTable, embedder: WordEmbedder): WordVectors {
  /** Features of all words one after the other; those of a word begin at its offset. */
  let places = new Uint8Array(1 << 16);
  let shares = new Float32Array(1 << 16);
  let offsets: number[] = [0];
  let weights = new Float64Array(1 << 12);
  let rounds = new Int32Array(1 << 12);
  let round = 0;
  const met: number[] = [];

  const learn = (): void => {
    while (offsets.length <= table.size) {
      const features = embedder.featuresOf(table.word(offsets.length - 1));
      const from = offsets.at(-1) ?? 0;
      const to = from + features.places.length;
      if (to > places.length) {
        places = grown(places, new Uint8Array(2 * places.length));
        shares = grown(shares, new Float32Array(2 * shares.length));
      }
      places.set(features.places, from);
      shares.set(features.shares, from);
      offsets.push(to);
    }
    while (weights.length < table.size) {
      weights = grown(weights, new Float64Array(2 * weights.length));
      rounds = grown(rounds, new Int32Array(2 * rounds.length));
    }
  };

  const count = (numbers: readonly number[]): void => {
    for (const number of numbers) {
      if (rounds[number] !== round) {
        rounds[number] = round;
        weights[number] = 0;
        met.push(number);
      }
      weights[number] = (weights[number] ?? 0) + 1;
    }
  };

  return {
    write(headline, body, vector) {
      learn();
      round++;
      met.length = 0;
      count(body);
      for (const number of met) weights[number] = bodyWeight(table.word(number), weights[number] ?? 0);
      count(headline);
      for (const number of met) {
        const weight = weights[number] ?? 0;
        const end = offsets[number + 1] ?? 0;
        for (let index = offsets[number] ?? 0; index < end; index++) {
          const place = places[index] ?? 0;
          vector[place] = (vector[place] ?? 0) + weight * (shares[index] ?? 0);
        }
      }
      normalise(vector);
    },
    clear() {
      offsets = [0];
    },
  };
}

function grown<Numbers extends Uint8Array | Float32Array | Float64Array | Int32Array>(
  before: Numbers,
  after: Numbers,
): Numbers {
  after.set(before);
  return after;
}
