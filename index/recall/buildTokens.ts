import { emptyChains } from './chains.js';
import type { Built } from './engine.js';
import { FileTable } from './fileTable.js';
import { TokenBuffer } from './tokenBuffer.js';
import { endOfFile, idMask } from './tokenKinds.js';
import { shareVocabulary, Vocabulary } from './vocabulary.js';
import { lexFile } from './workspaceTokens.js';

/** A file as it was when it was listed. */
export interface ListedFile {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Where the tokens of an unchanged file lie in what an earlier build has saved. */
export interface SavedTokens {
  readonly vocabulary: Vocabulary;
  readonly words: Int32Array;
  readonly gaps: Uint8Array;
  /** Files in it. */
  readonly count: number;
  find(file: ListedFile): { readonly start: number; readonly end: number } | null;
}

export interface BuildOutcome extends Built {
  /** The files in it, in the order of the stream, for saving. */
  readonly inOrder: readonly ListedFile[];
  /** How many were taken from what was saved. */
  readonly reused: number;
}

/**
 * Builds the stream of a workspace, in shared memory. `files` come nearest first and are taken until `maxTokens` are
 * reached; they are laid down the other way round, since what was added last is found first.
 * `read` gives a file's text, or null where it cannot be read.
 */
export function buildTokens(
  files: readonly ListedFile[],
  maxTokens: number,
  saved: SavedTokens | null,
  read: (file: ListedFile) => string | null,
): BuildOutcome {
  const vocabulary = saved?.vocabulary ?? new Vocabulary();
  const taken: {
    readonly file: ListedFile;
    readonly isSaved: boolean;
    readonly start: number;
    readonly end: number;
  }[] = [];
  const spool = new Spool();
  const buffer = new TokenBuffer();
  let total = 0;
  let reused = 0;
  let leftOut = 0;
  for (const file of files) {
    if (total >= maxTokens) {
      leftOut++;
      continue;
    }
    const known = saved?.find(file) ?? null;
    if (known !== null) {
      taken.push({ file, isSaved: true, ...known });
      total += known.end - known.start;
      reused++;
      continue;
    }
    const text = read(file);
    if (text === null) continue;
    lexFile(file.path, text, vocabulary, buffer);
    if (total + buffer.length > maxTokens) {
      leftOut++;
      total = maxTokens;
      continue;
    }
    const start = spool.append(buffer);
    taken.push({ file, isSaved: false, start, end: start + buffer.length });
    total += buffer.length;
  }
  taken.reverse();

  const length = taken.reduce((sum, { start, end }) => sum + end - start + 1, 1);
  const words = new Int32Array(new SharedArrayBuffer(length * 4));
  const gaps = new Uint8Array(new SharedArrayBuffer(length));
  const table = new FileTable();
  let at = 1;
  for (const { file, isSaved, start, end } of taken) {
    const from = isSaved && saved !== null ? saved : spool;
    words.set(from.words.subarray(start, end), at);
    gaps.set(from.gaps.subarray(start, end), at);
    table.add(file.path, at);
    at += end - start + 1; // An end mark behind it: memory is zero already.
  }
  spool.clear();

  const chains = emptyChains(length, bytes => new SharedArrayBuffer(bytes));
  chains.insertAll(words, length, vocabulary.kinds);
  vocabulary.counts.fill(0);
  for (const word of words) if (word !== endOfFile) vocabulary.counts[word & idMask]!++;
  const { heads, previous } = chains;
  return {
    vocabulary: shareVocabulary(vocabulary),
    segment: { length, words, gaps, chains: { heads, previous }, files: table.data() },
    leftOut,
    inOrder: taken.map(({ file }) => file),
    reused,
  };
}

/** Tokens of many files, one behind the other. */
class Spool {
  words = new Int32Array(1 << 16);
  gaps = new Uint8Array(1 << 16);
  #length = 0;

  append({ words, gaps, length }: TokenBuffer): number {
    if (this.#length + length > this.words.length) {
      const size = Math.max(Math.ceil(this.words.length * 1.5), this.#length + length);
      const [oldWords, oldGaps] = [this.words, this.gaps];
      this.words = new Int32Array(size);
      this.gaps = new Uint8Array(size);
      this.words.set(oldWords);
      this.gaps.set(oldGaps);
    }
    const start = this.#length;
    this.words.set(words.subarray(0, length), start);
    this.gaps.set(gaps.subarray(0, length), start);
    this.#length += length;
    return start;
  }

  clear(): void {
    this.words = new Int32Array(0);
    this.gaps = new Uint8Array(0);
    this.#length = 0;
  }
}
