import { Failure } from '../../server/base/failure.js';
import { normalise } from './hashedEmbedder.js';

export interface CheckedVectors {
  /** 0 where not one text was answered. */
  readonly dimensions: number;
  /** Of unit length; null for a text that was not answered. */
  readonly vectors: readonly (Float32Array | null)[];
}

/** Throws a Failure where an answer is not one vector a text, all of one length and of numbers. */
export function checkedVectors(answered: readonly Float32Array[], texts: number): CheckedVectors {
  if (answered.length !== texts) throw unusable(`${answered.length} vectors for ${texts} texts`);
  const lengths = new Set(answered.map(({ length }) => length));
  lengths.delete(0);
  if (lengths.size > 1) throw unusable('vectors of different lengths');
  const [dimensions = 0] = lengths;
  if (dimensions > mostDimensions) throw unusable(`vectors of ${dimensions} numbers`);
  return { dimensions, vectors: answered.map(checkedVector) };
}

const mostDimensions = 16_384;

function checkedVector(vector: Float32Array): Float32Array | null {
  // One number that is none, or infinite, makes the sum so.
  const sum = vector.reduce((total, value) => total + value * value, 0);
  if (!Number.isFinite(sum)) throw unusable('what are no numbers');
  return sum === 0 ? null : normalise(Float32Array.from(vector));
}

function unusable(what: string): Failure {
  return new Failure('unavailable', `The model for vectors answered ${what}.`, {
    remedy: 'Name another one in tasks.embed, or none.',
  });
}
