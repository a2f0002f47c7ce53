import type { Chunk } from './codeIndex.js';

/** A chunk that has no vector of a model yet. */
export interface UnvectoredChunk {
  /** Hash of the content that it is part of, and its place in it. */
  readonly hash: string;
  readonly ordinal: number;
  /** What a vector of it is kept by: the same for the same text, in whatever file. */
  readonly key: string;
  readonly text: string;
  /** One of the files that have it, relative to the folder; zero-based line. */
  readonly path: string;
  readonly startLine: number;
}

export interface VectorCounts {
  /** Chunks that have a vector of this model, and all there are; a content of several files counts once. */
  readonly done: number;
  readonly all: number;
}

export interface ModelCounts extends VectorCounts {
  /** Its embedder. */
  readonly model: string;
}

export interface Unvectored extends VectorCounts {
  readonly chunks: readonly UnvectoredChunk[];
}

export interface NearChunk {
  readonly path: string;
  readonly chunk: Chunk;
  /** Between vectors of unit length, squared: 0 to 4. */
  readonly distance: number;
}

export interface VectorBatch {
  /** What tells embedders apart: vectors of different ones are never compared. */
  readonly embedder: string;
  readonly dimensions: number;
  readonly chunks: readonly Pick<UnvectoredChunk, 'hash' | 'ordinal' | 'key'>[];
  /** One after the other, of unit length; all zeros for a chunk that says nothing. */
  readonly vectors: Float32Array;
}

/**
 * Vectors that models made of the chunks of a store, beside its own rows and kept by content. What is stored of one
 * model is whole at every moment, also when the process is killed. Rejects as the store does.
 */
export interface ChunkVectors {
  /** The next chunks without a vector, at most about `limit`; none of the contents `except`. */
  missing(embedder: string, limit: number, except: readonly string[]): Promise<Unvectored>;
  /** Vectors of other dimensions than those before replace them all. Chunks that have one keep it. */
  put(batch: VectorBatch): Promise<VectorCounts>;
  /** The chunks nearest to a vector of unit length, best first; none where there are no vectors of this embedder and size. */
  nearest(embedder: string, vector: Float32Array, limit: number, signal: AbortSignal): Promise<readonly NearChunk[]>;
  /** Of every embedder that there are vectors of. */
  counts(): Promise<readonly ModelCounts[]>;
  /** Of these contents, those that no file has now lose their vectors, of every model. */
  forget(hashes: readonly string[]): Promise<void>;
  /** This one serves: vectors of all others are removed, and its own are put in order. */
  settle(embedder: string): Promise<void>;
}
