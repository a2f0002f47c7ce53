import { endOfFile, idMask, kindOf } from './tokenKinds.js';

/** How many tokens each chain's key takes in; the last key is of abstract tokens: names and numbers count as alike. */
export const orders = [8, 4, 2, 1, 7] as const;
export const chainCount = orders.length;
export const abstractChain = 4;
/** The longest key, so the most tokens before a position that matter for inserting it. */
export const maxOrder = 8;

/** Plain arrays, to cross threads. */
export interface ChainsData {
  readonly heads: readonly Int32Array[];
  readonly previous: readonly Int32Array[];
}

/**
 * Hash chains over the last tokens of a stream, as in LZ77: for each key the newest position, and from each position the
 * one before it with the same key. Entries hold position + 1, so that 0 is the end. Keys collide: check what you find.
 */
export class Chains implements ChainsData {
  readonly heads: readonly Int32Array[];
  readonly previous: readonly Int32Array[];
  readonly #shift: number;
  /** Slots of the position that was hashed last, per chain; -1 where too few tokens stand before it. */
  readonly slots = new Int32Array(chainCount);

  constructor(data: ChainsData) {
    this.heads = data.heads;
    this.previous = data.previous;
    this.#shift = Math.clz32(data.heads[0]!.length) + 1;
  }

  /** Fills `slots` for the token words[index], of which `available` tokens up to and with it belong together. */
  hash(words: Int32Array, index: number, available: number, kinds: Uint8Array): void {
    const slots = this.slots;
    const shift = this.#shift;
    slots.fill(-1);
    const length = available < maxOrder ? available : maxOrder;
    let literal = literalSeed;
    let abstract = abstractSeed;
    for (let back = 0; back < length; back++) {
      const id = words[index - back]! & idMask;
      literal = mixLiteral(literal, id);
      abstract = mixAbstract(abstract, id, kinds[id]!);
      if (back === 0) slots[3] = slotOf(literal, shift);
      else if (back === 1) slots[2] = slotOf(literal, shift);
      else if (back === 3) slots[1] = slotOf(literal, shift);
      else if (back === 6) slots[4] = slotOf(abstract, shift);
      else if (back === 7) slots[0] = slotOf(literal, shift);
    }
  }

  /** Enters `position` under the keys hashed last. */
  insert(position: number): void {
    for (let chain = 0; chain < chainCount; chain++) {
      const slot = this.slots[chain]!;
      if (slot < 0) {
        this.previous[chain]![position] = 0;
        continue;
      }
      const head = this.heads[chain]!;
      this.previous[chain]![position] = head[slot]!;
      head[slot] = position + 1;
    }
  }

  /**
   * Enters all positions from 1 up to `length`, as `hash` and `insert` would one by one, chain after chain: the heads of
   * one chain stay in the processor's cache, which those of all five together would not.
   */
  insertAll(words: Int32Array, length: number, kinds: Uint8Array): void {
    for (let chain = 0; chain < chainCount; chain++) this.#insertChain(chain, words, length, kinds);
  }

  #insertChain(chain: number, words: Int32Array, length: number, kinds: Uint8Array): void {
    const order = orders[chain]!;
    const isAbstract = chain === abstractChain;
    const heads = this.heads[chain]!;
    const previous = this.previous[chain]!;
    const shift = this.#shift;
    let available = 0;
    for (let position = 1; position < length; position++) {
      if (words[position] === endOfFile) available = 0;
      else available++;
      if (available < order) continue;
      let key = isAbstract ? abstractSeed : literalSeed;
      for (let back = 0; back < order; back++) {
        const id = words[position - back]! & idMask;
        key = isAbstract ? mixAbstract(key, id, kinds[id]!) : mixLiteral(key, id);
      }
      const slot = slotOf(key, shift);
      previous[position] = heads[slot]!;
      heads[slot] = position + 1;
    }
  }

  /** Takes the newest position out again; `slots` are those that it was entered under. */
  remove(position: number, slots: Int32Array, at: number): void {
    for (let chain = 0; chain < chainCount; chain++) {
      const slot = slots[at + chain]!;
      if (slot >= 0) this.heads[chain]![slot] = this.previous[chain]![position]!;
    }
  }

  get bytes(): number {
    const sum = (arrays: readonly Int32Array[]) => arrays.reduce((total, array) => total + array.byteLength, 0);
    return sum(this.heads) + sum(this.previous);
  }
}

const literalSeed = 0x1b873593;
const abstractSeed = 0x2545f491;

function mixLiteral(key: number, id: number): number {
  const mixed = Math.imul(key ^ id, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function mixAbstract(key: number, id: number, kind: number): number {
  const code = kind === kindOf.identifier ? 0x5bd1e995 : kind === kindOf.number ? 0x3c6ef372 : id;
  const mixed = Math.imul(key ^ code, 0x9e3779b1);
  return mixed ^ (mixed >>> 13);
}

function slotOf(key: number, shift: number): number {
  return Math.imul(key, 0xc2b2ae35) >>> shift;
}

/** Empty chains for up to `capacity` positions; `allocate` gives zeroed memory. */
export function emptyChains(capacity: number, allocate: (bytes: number) => ArrayBufferLike): Chains {
  // An eighth of the positions: chains stay short where it matters, and heads cost little.
  const size = 2 ** Math.min(20, Math.max(8, Math.ceil(Math.log2(capacity / 8 + 1))));
  const make = (length: number) => orders.map(() => new Int32Array(allocate(length * 4)));
  return new Chains({ heads: make(size), previous: make(capacity) });
}
