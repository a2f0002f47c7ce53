import type { Chains } from './chains.js';
import type { Origin } from './recall.js';

/** Where a source's tokens come from; the smaller, the fresher. */
export const freshnessOf = { deleted: 0, changed: 1, document: 2, indexed: 3 } as const;

/** A stream of tokens in which matches are looked for. Positions are stable while nothing is changed. */
export interface Source {
  readonly words: Int32Array;
  readonly gaps: Uint8Array;
  readonly chains: Chains;
  readonly freshness: number;
  /** Position of the next token of the same text, or -1. */
  next(position: number): number;
  previous(position: number): number;
  /** False for what has been replaced since, or must not be seen now. */
  isAlive(position: number): boolean;
  /** A number that tells the texts of a source apart. */
  fileAt(position: number): number;
  /** Hashes of the file's folder and of its extension: alike means the same. */
  folderOf(file: number): number;
  extensionOf(file: number): number;
  originOf(position: number): Origin;
}

/** Hash of the folder of a path. */
export function folderHash(path: string | null): number {
  return path === null ? 0 : hash(path, 0, lastSeparator(path));
}

/** Hash of the extension of a path, of its name where it has none. */
export function extensionHash(path: string | null): number {
  if (path === null) return 0;
  const name = lastSeparator(path) + 1;
  return hash(path, Math.max(name, path.lastIndexOf('.')), path.length);
}

export function hash(text: string, start = 0, end = text.length): number {
  let sum = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum ^ (sum >>> 15);
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}
