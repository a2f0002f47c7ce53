import { isWordUnit, wordsOfIdentifier } from './identifiers.js';

/**
 * Search words by number, for the many texts of a first index: each identifier is looked up by the hash of its units as
 * the text is read, so that nothing is cut out, parted or stemmed twice. The words are those of `searchWords`.
 */
export interface WordTable {
  /** Adds the numbers of a text's search words to `numbers`, in their order. */
  read(text: string, numbers: number[]): void;
  word(number: number): string;
  /** Numbers are below it. */
  readonly size: number;
  /** Whether it is so full that it should be cleared; all numbers are then void. */
  readonly isFull: boolean;
  clear(): void;
}

const maxIdentifiers = 50_000;
const slots = 1 << 18;

export function createWordTable(): WordTable {
  /** Number of an identifier and one, by its hash; 0 where a slot is free. */
  const table = new Int32Array(slots);
  /** The units of all identifiers, one after the other; each begins at its offset. */
  let pool = new Uint16Array(1 << 19);
  let offsets = new Int32Array(2 * maxIdentifiers);
  let count = 0;
  let wordsOf: (readonly number[])[] = [];
  let words: string[] = [];
  let numberOf = new Map<string, number>();
  /** The text at hand: units of an array are read far faster than those of a string. */
  let bytes = Buffer.alloc(1 << 16);
  let units = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);

  const numbered = (word: string): number => {
    const known = numberOf.get(word);
    if (known !== undefined) return known;
    numberOf.set(word, words.length);
    return words.push(word) - 1;
  };

  const isAt = (start: number, end: number, identifier: number): boolean => {
    const from = offsets[identifier] ?? 0;
    if ((offsets[identifier + 1] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at++) if (units[at] !== pool[from + at - start]) return false;
    return true;
  };

  const find = (start: number, end: number, hash: number): readonly number[] => {
    let slot = (hash ^ (hash >>> 15)) & (slots - 1);
    for (let entry = table[slot] ?? 0; entry > 0; entry = table[slot] ?? 0) {
      if (isAt(start, end, entry - 1)) return wordsOf[entry - 1] ?? [];
      slot = (slot + 1) & (slots - 1);
    }
    const own = wordsOfIdentifier(bytes.toString('utf16le', 2 * start, 2 * end)).map(numbered);
    const from = offsets[count] ?? 0;
    const to = from + end - start;
    while (to > pool.length) pool = grown(pool, new Uint16Array(2 * pool.length));
    if (count + 2 > offsets.length) offsets = grown(offsets, new Int32Array(2 * offsets.length));
    pool.set(units.subarray(start, end), from);
    offsets[++count] = to;
    wordsOf.push(own);
    table[slot] = count;
    return own;
  };

  const takeText = (text: string): void => {
    if (text.length > units.length) {
      bytes = Buffer.alloc(2 * Math.max(text.length, 2 * units.length));
      units = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    }
    bytes.write(text, 'utf16le');
  };

  return {
    read(text, numbers) {
      takeText(text);
      const { length } = text;
      const own = units;
      for (let at = 0; at < length; at++) {
        let unit = own[at] ?? 0;
        if (!isWordUnit(unit)) continue;
        const start = at;
        let hash = 0x811c9dc5;
        do {
          hash = Math.imul(hash ^ unit, 0x01000193);
          unit = ++at < length ? (own[at] ?? 0) : 0;
        } while (isWordUnit(unit));
        const found = find(start, at, hash);
        for (let index = 0; index < found.length; index++) numbers.push(found[index] ?? 0);
      }
    },
    word: number => words[number] ?? '',
    get size() {
      return words.length;
    },
    get isFull() {
      return count >= maxIdentifiers;
    },
    clear() {
      table.fill(0);
      count = 0;
      [wordsOf, words, numberOf] = [[], [], new Map()];
    },
  };
}

function grown<Numbers extends Uint16Array | Int32Array>(before: Numbers, after: Numbers): Numbers {
  after.set(before);
  return after;
}
