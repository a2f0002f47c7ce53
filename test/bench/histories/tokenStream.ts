/** Tokens of many files one after the other, with hash chains to find earlier places that look like the end of a text. */
export class TokenStream {
  tokens: Int32Array = new Int32Array(firstSize);
  gaps = new Uint8Array(firstSize);
  length = 0;
  readonly #heads: Int32Array[];
  readonly #previous: Int32Array[] = chainOrders.map(() => new Int32Array(firstSize));
  readonly #vocabulary: Vocabulary;
  readonly #mask: number;

  constructor(vocabulary: Vocabulary, bits: number) {
    this.#vocabulary = vocabulary;
    this.#mask = (1 << bits) - 1;
    this.#heads = chainOrders.map(() => new Int32Array(1 << bits).fill(-1));
  }

  /** Returns [start, end) of what was added; a sentinel follows, which nothing matches. */
  append(tokens: readonly number[], gaps: readonly number[]): readonly [number, number] {
    const start = this.length;
    this.#grow(start + tokens.length + 1);
    this.tokens.set(tokens, start);
    this.gaps.set(gaps, start);
    this.length += tokens.length;
    this.tokens[this.length++] = sentinel;
    for (let at = start + 1; at < start + tokens.length; at++) {
      for (const [chain, order] of chainOrders.entries()) {
        const key = this.keyBefore(this.tokens, at, order, start);
        if (key < 0) continue;
        (this.#previous[chain] as Int32Array)[at] = this.#heads[chain]?.[key] ?? -1;
        (this.#heads[chain] as Int32Array)[key] = at;
      }
    }
    return [start, start + tokens.length];
  }

  forget([start, end]: readonly [number, number]): void {
    this.tokens.fill(sentinel, start, end);
  }

  /** Places whose last tokens hash like those before `at` of `context`, newest first. Order 7 is the abstract one. */
  *places(context: Int32Array, at: number, order: number): Generator<number> {
    const chain = chainOrders.indexOf(order);
    const key = this.keyBefore(context, at, order, 0);
    if (key < 0) return;
    let place = this.#heads[chain]?.[key] ?? -1;
    for (let steps = 0; place >= 0 && steps < 400; steps++) {
      yield place;
      place = this.#previous[chain]?.[place] ?? -1;
    }
  }

  keyBefore(tokens: Int32Array, at: number, order: number, start: number): number {
    if (at - order < start) return -1;
    let hash = order;
    for (let back = at - order; back < at; back++) {
      const token = tokens[back] ?? sentinel;
      if (token === sentinel) return -1;
      hash = Math.imul(hash ^ (order === abstractOrder ? this.#vocabulary.abstract(token) : token), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash & this.#mask;
  }

  #grow(needed: number): void {
    if (needed <= this.tokens.length) return;
    const size = Math.max(needed, this.tokens.length * 2);
    const widen = (old: Int32Array): Int32Array => {
      const wide = new Int32Array(size);
      wide.set(old);
      return wide;
    };
    this.tokens = widen(this.tokens);
    for (const [chain, old] of this.#previous.entries()) this.#previous[chain] = widen(old);
    const gaps = new Uint8Array(size);
    gaps.set(this.gaps);
    this.gaps = gaps;
  }
}

const firstSize = 1 << 12;
export const sentinel = -1;
export const abstractOrder = 7;
const chainOrders = [8, 4, 2, abstractOrder];

export class Vocabulary {
  readonly texts: string[] = ['\n'];
  readonly #ids = new Map<string, number>([['\n', 0]]);
  readonly #kinds: number[] = [0];

  id(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.#ids.set(text, id);
      this.texts.push(text);
      this.#kinds.push(/^[\p{L}_$]/u.test(text) && !keywords.has(text) ? 1 : /^\p{N}/u.test(text) ? 2 : 0);
    }
    return id;
  }

  isRenamable(token: number): boolean {
    return this.#kinds[token] !== 0;
  }

  /** Names and numbers are all the same; other tokens are themselves. */
  abstract(token: number): number {
    return this.isRenamable(token) ? -2 - (this.#kinds[token] ?? 0) : token;
  }
}

const keywords = new Set(
  (
    'if else for while do switch case default break continue return function func fn def class struct enum interface ' +
    'impl trait type let const var mut new try catch finally except raise throw throws import from export package use ' +
    'mod pub public private protected static final abstract async await yield in is not and or null None nil true ' +
    'True false False self this super void int char long unsigned double float bool string with as lambda match where ' +
    'go defer chan map range select extends implements instanceof typeof sizeof typedef include define'
  ).split(' '),
);
