import { isSecretShaped } from './secretShape.js';
import { firstMark, keywords, kindOf, marks, opaque } from './tokenKinds.js';

/** Longer words are not worth their memory, and nobody wants to see them offered. */
const maxTokenChars = 96;
const prefixBuckets = 1 << 14;
const prefixChars = 3;

/** Plain arrays, so that a vocabulary crosses threads without a copy and is written to disk as it is. */
export interface VocabularyData {
  readonly size: number;
  readonly unitsUsed: number;
  readonly units: Uint16Array;
  /** Where a token's units begin; entry `size` is the end of the last. */
  readonly starts: Int32Array;
  readonly hashes: Int32Array;
  readonly kinds: Uint8Array;
  /** How often it stands in the workspace. */
  readonly counts: Uint32Array;
  /** Open addressing: id + 1, or 0. */
  readonly table: Int32Array;
  readonly prefixHeads: Int32Array;
  readonly prefixNext: Int32Array;
}

/** Token texts and their numbers. Ids are dense from 0 and never change; texts are utf-16 units, lone surrogates too. */
export class Vocabulary implements VocabularyData {
  size = 0;
  unitsUsed = 0;
  units: Uint16Array;
  starts: Int32Array;
  hashes: Int32Array;
  kinds: Uint8Array;
  counts: Uint32Array;
  table: Int32Array;
  prefixHeads: Int32Array;
  prefixNext: Int32Array;
  readonly #prefix = new Uint16Array(prefixChars);

  constructor(data: VocabularyData | null = null) {
    this.units = data?.units ?? new Uint16Array(1 << 15);
    this.starts = data?.starts ?? new Int32Array((1 << 12) + 1);
    this.hashes = data?.hashes ?? new Int32Array(1 << 12);
    this.kinds = data?.kinds ?? new Uint8Array(1 << 12);
    this.counts = data?.counts ?? new Uint32Array(1 << 12);
    this.table = data?.table ?? new Int32Array(1 << 13);
    this.prefixHeads = data?.prefixHeads ?? new Int32Array(prefixBuckets);
    this.prefixNext = data?.prefixNext ?? new Int32Array(1 << 12);
    if (data !== null) {
      this.size = data.size;
      this.unitsUsed = data.unitsUsed;
      return;
    }
    this.#append('', 0, 0, 0, kindOf.endOfFile);
    this.#append('\n', 0, 1, hashOf('\n', 0, 1), kindOf.newline);
    this.#append('', 0, 0, 0, kindOf.opaque);
    for (const mark of marks) this.intern(mark, 0, 1);
  }

  /** A vocabulary from the arrays that do not depend on the others, as they are saved. */
  static restore(saved: Omit<VocabularyData, 'counts' | 'table' | 'prefixHeads' | 'prefixNext'>): Vocabulary {
    const { size, unitsUsed } = saved;
    const entries = 2 ** Math.ceil(Math.log2(size * 1.25 + 1024));
    const vocabulary = new Vocabulary({
      size,
      unitsUsed,
      units: copied(new Uint16Array(Math.ceil(unitsUsed * 1.25) + (1 << 15)), saved.units),
      starts: copied(new Int32Array(entries + 1), saved.starts),
      hashes: copied(new Int32Array(entries), saved.hashes),
      kinds: copied(new Uint8Array(entries), saved.kinds),
      counts: new Uint32Array(entries),
      table: new Int32Array(tableSize(entries)),
      prefixHeads: new Int32Array(prefixBuckets),
      prefixNext: new Int32Array(entries),
    });
    for (let id = opaque + 1; id < size; id++) vocabulary.#enter(id);
    return vocabulary;
  }

  /** The id of text[start, end), a new one where it is unknown, or `opaque` where it must not be kept. */
  intern(text: string, start: number, end: number): number {
    if (end - start > maxTokenChars) return opaque;
    const hash = hashOf(text, start, end);
    const known = this.#find(text, start, end, hash);
    if (known >= 0) return known;
    if (end - start >= 16 && isSecretShaped(text.slice(start, end))) return opaque;
    if (this.size > 0xfffff0) return opaque;
    return this.#append(text, start, end, hash, kindOfText(text, start, end));
  }

  /** The id of a text, or -1. */
  find(text: string): number {
    return this.#find(text, 0, text.length, hashOf(text, 0, text.length));
  }

  /** Whether a file on disk or deleted text has the word as of now; it is not enough that it was typed or read once. */
  isInWorkspace(text: string): boolean {
    const id = this.find(text);
    return id > opaque && this.counts[id]! > 0;
  }

  text(id: number): string {
    let text = '';
    for (let i = this.starts[id]!; i < this.starts[id + 1]!; i++) text += String.fromCharCode(this.units[i]!);
    return text;
  }

  chars(id: number): number {
    return this.starts[id + 1]! - this.starts[id]!;
  }

  startsWith(id: number, prefix: string): boolean {
    const start = this.starts[id]!;
    if (this.starts[id + 1]! - start < prefix.length) return false;
    for (let i = 0; i < prefix.length; i++) if (this.units[start + i] !== prefix.charCodeAt(i)) return false;
    return true;
  }

  /** Up to `found.length` identifiers longer than the prefix, the most frequent first; returns how many. */
  byPrefix(prefix: string, found: Int32Array): number {
    if (prefix.length < prefixChars) return 0;
    let got = 0;
    let walked = 0;
    for (let i = 0; i < prefixChars; i++) this.#prefix[i] = prefix.charCodeAt(i);
    let id = this.prefixHeads[bucketOf(this.#prefix, 0)]! - 1;
    for (; id >= 0 && walked < 400; walked++, id = this.prefixNext[id]! - 1) {
      const count = this.counts[id]!;
      if (count === 0 || this.chars(id) === prefix.length || !this.startsWith(id, prefix)) continue;
      let at = got;
      if (got < found.length) got++;
      else if (count > this.counts[found[got - 1]!]!) at = got - 1;
      else continue;
      for (; at > 0 && this.counts[found[at - 1]!]! < count; at--) found[at] = found[at - 1]!;
      found[at] = id;
    }
    return got;
  }

  get bytes(): number {
    const { units, starts, hashes, kinds, counts, table, prefixHeads, prefixNext } = this;
    const arrays = [units, starts, hashes, kinds, counts, table, prefixHeads, prefixNext];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  #find(text: string, start: number, end: number, hash: number): number {
    const mask = this.table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.table[slot]! - 1;
      if (id < 0) return -1;
      if (this.hashes[id] === hash && this.#equals(id, text, start, end)) return id;
    }
  }

  #equals(id: number, text: string, start: number, end: number): boolean {
    const from = this.starts[id]!;
    const length = end - start;
    if (this.starts[id + 1]! - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.units[from + i] !== text.charCodeAt(start + i)) return false;
    return true;
  }

  #append(text: string, start: number, end: number, hash: number, kind: number): number {
    const id = this.size;
    const length = end - start;
    if (id + 2 > this.hashes.length || this.unitsUsed + length > this.units.length) this.#grow();
    for (let i = 0; i < length; i++) this.units[this.unitsUsed + i] = text.charCodeAt(start + i);
    this.unitsUsed += length;
    this.starts[id + 1] = this.unitsUsed;
    this.hashes[id] = hash;
    this.kinds[id] = kind;
    this.size = id + 1;
    // The first ones are found by their numbers only.
    if (id > opaque) this.#enter(id);
    return id;
  }

  #enter(id: number): void {
    place(this.table, this.hashes[id]!, id);
    if (this.kinds[id] !== kindOf.identifier || this.chars(id) <= prefixChars) return;
    const bucket = bucketOf(this.units, this.starts[id]!);
    this.prefixNext[id] = this.prefixHeads[bucket]!;
    this.prefixHeads[bucket] = id + 1;
  }

  #grow(): void {
    const entries = this.size + 2 > this.hashes.length ? this.hashes.length * 2 : this.hashes.length;
    if (this.unitsUsed + maxTokenChars > this.units.length) {
      this.units = copied(new Uint16Array(this.units.length * 2), this.units);
    }
    if (entries === this.hashes.length) return;
    this.starts = copied(new Int32Array(entries + 1), this.starts);
    this.hashes = copied(new Int32Array(entries), this.hashes);
    this.kinds = copied(new Uint8Array(entries), this.kinds);
    this.counts = copied(new Uint32Array(entries), this.counts);
    this.prefixNext = copied(new Int32Array(entries), this.prefixNext);
    // A power of two, whatever the size that was handed over.
    this.table = new Int32Array(2 ** Math.ceil(Math.log2(entries * 1.6)));
    for (let id = opaque + 1; id < this.size; id++) place(this.table, this.hashes[id]!, id);
  }
}

/** A copy in shared memory with room to grow by an eighth, so that the other side does not copy at its first word. */
export function shareVocabulary(vocabulary: Vocabulary): VocabularyData {
  const { size, unitsUsed } = vocabulary;
  const entries = Math.ceil(size * 1.125) + 4096;
  const data: VocabularyData = {
    size,
    unitsUsed,
    units: shared(Uint16Array, Math.ceil(unitsUsed * 1.125) + (1 << 15)),
    starts: shared(Int32Array, entries + 1),
    hashes: shared(Int32Array, entries),
    kinds: shared(Uint8Array, entries),
    counts: shared(Uint32Array, entries),
    table: shared(Int32Array, tableSize(entries)),
    prefixHeads: shared(Int32Array, prefixBuckets),
    prefixNext: shared(Int32Array, entries),
  };
  data.units.set(vocabulary.units.subarray(0, unitsUsed));
  data.starts.set(vocabulary.starts.subarray(0, size + 1));
  data.hashes.set(vocabulary.hashes.subarray(0, size));
  data.kinds.set(vocabulary.kinds.subarray(0, size));
  data.counts.set(vocabulary.counts.subarray(0, size));
  data.prefixHeads.set(vocabulary.prefixHeads);
  data.prefixNext.set(vocabulary.prefixNext.subarray(0, size));
  for (let id = opaque + 1; id < size; id++) place(data.table, data.hashes[id]!, id);
  return data;
}

/** A power of two, and never much more than half full. */
function tableSize(entries: number): number {
  return 2 ** Math.ceil(Math.log2(entries * 1.6));
}

function place(table: Int32Array, hash: number, id: number): void {
  const mask = table.length - 1;
  let slot = hash & mask;
  while (table[slot] !== 0) slot = (slot + 1) & mask;
  table[slot] = id + 1;
}

function kindOfText(text: string, start: number, end: number): number {
  const code = text.charCodeAt(start);
  if (code >= 48 && code <= 57) return kindOf.number;
  const length = end - start;
  if (length === 1) {
    const mark = marks.indexOf(text.charAt(start));
    if (mark >= 0) return firstMark + mark;
  }
  if (code < 128 && !/[A-Za-z_$]/.test(text.charAt(start))) return kindOf.otherMark;
  return keywords.has(text.slice(start, end)) ? kindOf.keyword : kindOf.identifier;
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function bucketOf(units: Uint16Array, start: number): number {
  let hash = 7;
  for (let i = start; i < start + prefixChars; i++) hash = Math.imul(hash, 131) + units[i]!;
  return Math.imul(hash, 0x9e3779b1) >>> 18;
}

function copied<T extends Uint8Array | Uint16Array | Int32Array | Uint32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}

function shared<T>(make: new (buffer: SharedArrayBuffer) => T, length: number): T {
  const width = make === (Uint8Array as unknown) ? 1 : make === (Uint16Array as unknown) ? 2 : 4;
  return new make(new SharedArrayBuffer(length * width));
}
