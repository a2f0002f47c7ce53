import { badAnswer } from '../transportFailures.js';

/** One vector for each text, all of one length, of finite numbers; otherwise a ModelFailure. */
export function readVectors(vectors: unknown, count: number, host: string): Float32Array[] {
  if (!Array.isArray(vectors) || vectors.length !== count) throw badAnswer(host);
  const read = vectors.map((vector: unknown) => {
    if (!Array.isArray(vector) || vector.length === 0) throw badAnswer(host);
    if (!vector.every(value => typeof value === 'number' && Number.isFinite(value))) throw badAnswer(host);
    return Float32Array.from(vector);
  });
  if (read.some(vector => vector.length !== read[0]?.length)) throw badAnswer(host);
  return read;
}
