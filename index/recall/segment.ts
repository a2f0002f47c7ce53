import { Chains, emptyChains, type ChainsData } from './chains.js';
import { FileTable, type FileTableData } from './fileTable.js';
import type { Origin } from './recall.js';
import { freshnessOf, type Source } from './source.js';
import type { TokenBuffer } from './tokenBuffer.js';
import { endOfFile, idMask, newline } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

/** Plain arrays, to cross threads and to be written to disk. */
export interface SegmentData {
  readonly length: number;
  readonly words: Int32Array;
  readonly gaps: Uint8Array;
  readonly chains: ChainsData;
  readonly files: FileTableData;
}

/**
 * Whole files one behind the other, an end mark before, between and behind them. Files are only added; one that is
 * replaced or gone is marked dead and its place stays. The newest are found first, so what is nearest is added last.
 */
export class Segment implements Source {
  length: number;
  readonly words: Int32Array;
  readonly gaps: Uint8Array;
  readonly chains: Chains;
  readonly freshness: number;
  readonly files: FileTable;
  readonly #vocabulary: Vocabulary;
  readonly #dead = new Set<number>();
  /** Starts and ends of dead files by turns, ascending. */
  #deadRanges = new Int32Array(0);
  /** Many files may die at once; their ranges are sorted when they are next needed. */
  #isDeadStale = false;

  constructor(vocabulary: Vocabulary, freshness: number, from: SegmentData | number) {
    this.#vocabulary = vocabulary;
    this.freshness = freshness;
    if (typeof from === 'number') {
      this.words = new Int32Array(from);
      this.gaps = new Uint8Array(from);
      this.chains = emptyChains(from, bytes => new ArrayBuffer(bytes));
      this.files = new FileTable();
      this.length = 1; // The end mark before the first file.
    } else {
      this.words = from.words;
      this.gaps = from.gaps;
      this.chains = new Chains(from.chains);
      this.files = new FileTable(from.files);
      this.length = from.length;
    }
  }

  get capacity(): number {
    return this.words.length;
  }

  get bytes(): number {
    return this.words.byteLength + this.gaps.byteLength + this.chains.bytes + this.files.count * 100;
  }

  /** Adds a file, or false where it does not fit. */
  add(path: string, tokens: TokenBuffer): boolean {
    if (this.length + tokens.length + 1 > this.capacity) return false;
    const start = this.length;
    this.files.add(path, start);
    const { counts, kinds } = this.#vocabulary;
    for (let i = 0; i < tokens.length; i++) {
      const position = start + i;
      this.words[position] = tokens.words[i]!;
      this.gaps[position] = tokens.gaps[i]!;
      counts[tokens.words[i]! & idMask]!++;
      this.chains.hash(this.words, position, i + 1, kinds);
      this.chains.insert(position);
    }
    this.length = start + tokens.length + 1;
    this.words[this.length - 1] = endOfFile;
    return true;
  }

  /** Takes a file out for good, and its words with it: those that stand nowhere else are names in scope no more. */
  remove(file: number): void {
    const { counts } = this.#vocabulary;
    const end = this.files.end(file, this.length) - 1;
    for (let position = this.files.start(file); position < end; position++) counts[this.words[position]! & idMask]!--;
    this.setDead(file, true);
    this.files.forget(this.files.path(file));
  }

  /** Says which files must not be seen: replaced, gone, or open in an editor. */
  setDead(file: number, dead: boolean): void {
    if (this.#dead.has(file) === dead) return;
    if (dead) this.#dead.add(file);
    else this.#dead.delete(file);
    this.#isDeadStale = true;
  }

  next(position: number): number {
    return this.words[position + 1] === endOfFile ? -1 : position + 1;
  }

  previous(position: number): number {
    return this.words[position - 1] === endOfFile ? -1 : position - 1;
  }

  isAlive(position: number): boolean {
    if (this.#isDeadStale) this.#sortDead();
    const ranges = this.#deadRanges;
    if (ranges.length === 0) return true;
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return (low & 1) === 0;
  }

  fileAt(position: number): number {
    return this.files.at(position);
  }

  folderOf(file: number): number {
    return this.files.folder(file);
  }

  extensionOf(file: number): number {
    return this.files.extension(file);
  }

  originOf(position: number): Origin {
    const file = this.files.at(position);
    if (this.freshness === freshnessOf.deleted) return { kind: 'deleted', path: this.files.path(file), line: 0 };
    let line = 1;
    for (let i = this.files.start(file); i < position; i++) {
      if ((this.words[i]! & idMask) === newline) line += this.gaps[i]!;
    }
    return { kind: 'workspace', path: this.files.path(file), line };
  }

  #sortDead(): void {
    const files = [...this.#dead].sort((a, b) => a - b);
    this.#deadRanges = Int32Array.from(files.flatMap(one => [this.files.start(one), this.files.end(one, this.length)]));
    this.#isDeadStale = false;
  }
}
