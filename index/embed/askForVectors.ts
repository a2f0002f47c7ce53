import { Failure } from '../../server/base/failure.js';
import type { UnvectoredChunk } from '../chunkVectors.js';
import { createBatchPace, type BatchPace } from './batchPace.js';
import { checkedVectors, type CheckedVectors } from './checkedVectors.js';
import { wordingOf } from './modelWording.js';
import type { TextEmbedder } from './textEmbedder.js';
import { cutToTokens, estimateTokens } from './textLength.js';

/** What is learnt of an embedder while it is asked. */
export interface Asking {
  readonly pace: BatchPace;
  /** How often a text was refused that went alone, though others were taken. */
  readonly refused: Map<string, number>;
  /** Texts that were refused however short. */
  readonly hopeless: Set<string>;
  maxTokens: number;
  /** Of its vectors; 0 before the first. */
  dimensions: number;
  /** How often their length changed. */
  changes: number;
}

export interface ChunkVector extends Pick<UnvectoredChunk, 'hash' | 'ordinal' | 'key'> {
  /** Of unit length; all zeros for a chunk that says nothing. */
  readonly vector: Float32Array;
}

export interface Asked {
  readonly rows: readonly ChunkVector[];
  /** Texts that are to be asked again, shorter. */
  readonly again: ReadonlySet<string>;
}

/** A text that is refused alone is cut in half each time, and left alone after so many. */
const triesPerText = 5;
const fewestTokens = 200;
/** Less by what stands before a text, and by what an estimate may be wrong. */
const usableShare = 0.9;

export function newAsking(contextTokens: number | null): Asking {
  return {
    pace: createBatchPace(),
    refused: new Map(),
    hopeless: new Set(),
    maxTokens: contextTokens === null ? Infinity : Math.max(fewestTokens, Math.floor(contextTokens * usableShare)),
    dimensions: 0,
    changes: 0,
  };
}

/**
 * One request. Throws what went wrong with the model; where only a text was to blame, it is in `again` or hopeless.
 * Paths are absolute.
 */
export async function askForVectors(
  embedder: TextEmbedder,
  asking: Asking,
  chunks: readonly UnvectoredChunk[],
  signal: AbortSignal,
): Promise<Asked> {
  const telling = chunks.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  const startedMs = performance.now();
  let answer: CheckedVectors;
  try {
    answer = await vectorsOf(embedder, asking, telling, signal);
  } catch (error) {
    signal.throwIfAborted();
    asking.pace.failed();
    const [only] = telling;
    if (only === undefined || telling.length > 1 || !(await answersOthers(embedder, asking, only, signal))) throw error;
    return { rows: [], again: refuse(asking, only) };
  }
  signal.throwIfAborted();
  if (telling.length > 0) asking.pace.answered(telling.length, performance.now() - startedMs);
  const { dimensions } = asking;
  const rows = telling.flatMap(({ hash, ordinal, key }, index): ChunkVector[] => {
    const vector = answer.vectors[index] ?? null;
    return vector === null ? [] : [{ hash, ordinal, key, vector }];
  });
  // Nothing can be stored before it is known how long a vector is.
  if (dimensions === 0) return { rows, again: new Set() };
  const silent = chunks.filter(chunk => !telling.includes(chunk));
  const nothing = new Float32Array(dimensions);
  return {
    rows: [...rows, ...silent.map(({ hash, ordinal, key }) => ({ hash, ordinal, key, vector: nothing }))],
    again: new Set(),
  };
}

async function vectorsOf(
  embedder: TextEmbedder,
  asking: Asking,
  chunks: readonly UnvectoredChunk[],
  signal: AbortSignal,
): Promise<CheckedVectors> {
  if (chunks.length === 0) return { dimensions: asking.dimensions, vectors: [] };
  const { chunk: before } = wordingOf(embedder.id);
  const texts = chunks.map(({ text, key, path, startLine }) => {
    const tries = asking.refused.get(key) ?? 0;
    const maxTokens = tries === 0 ? asking.maxTokens : Math.min(asking.maxTokens, estimateTokens(text) / 2 ** tries);
    return { text: before + cutToTokens(text, maxTokens), path, startLine };
  });
  const checked = checkedVectors(await embedder.embed(texts, signal), texts.length);
  if (checked.dimensions === 0) return checked;
  if (asking.dimensions !== 0 && checked.dimensions !== asking.dimensions) {
    // It may be another model of the same name from now on.
    asking.dimensions = 0;
    asking.changes++;
    throw new Failure('unavailable', 'The model for vectors answers vectors of different lengths.', {
      remedy: 'Name another one in tasks.embed, or none.',
    });
  }
  asking.dimensions = checked.dimensions;
  return checked;
}

/** Whether the model works as such: a short text instead of the one that it refused. */
async function answersOthers(
  embedder: TextEmbedder,
  asking: Asking,
  { path, startLine, text }: UnvectoredChunk,
  signal: AbortSignal,
): Promise<boolean> {
  const word = /[\p{L}\p{N}]{1,12}/u.exec(text)?.[0] ?? '';
  if (word === text) return false;
  try {
    const answered = await embedder.embed([{ text: word, path, startLine }], signal);
    const { dimensions } = checkedVectors(answered, 1);
    return asking.dimensions === 0 || dimensions === asking.dimensions;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

function refuse(asking: Asking, { key, text }: UnvectoredChunk): ReadonlySet<string> {
  const tries = (asking.refused.get(key) ?? 0) + 1;
  // Most often it was too long, and then others of its length are, too.
  if (tries === 1) asking.maxTokens = Math.max(fewestTokens, Math.min(asking.maxTokens, estimateTokens(text)) * 0.9);
  if (tries < triesPerText) {
    asking.refused.set(key, tries);
    return new Set([key]);
  }
  asking.refused.delete(key);
  asking.hopeless.add(key);
  return new Set();
}
