import { chainCount, Chains, emptyChains, maxOrder } from './chains.js';
import type { Delimiters } from './delimiters.js';
import { codeState, isBlankCode, lex } from './lexer.js';
import type { Origin } from './recall.js';
import { extensionHash, folderHash, freshnessOf, type Source } from './source.js';
import { TokenBuffer } from './tokenBuffer.js';
import { flagShift, idMask, newline } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

/** A run of the stream that stands in the text; what lies in no span has been replaced. */
interface Span {
  readonly from: number;
  readonly to: number;
  /** What to add to the offsets of its tokens. */
  shift: number;
}

const maxSpans = 32;
/** A tail up to this long is read anew with each edit in it; beyond, a new one begins. */
const maxTailTokens = 300;

/**
 * The tokens of a document that is being edited, always as a fresh reading of its text would give them.
 * An edit re-reads the lines that it touches and puts them at the end of the stream; spans, in the order of the text,
 * say what of the stream is valid. Typing goes on in the last such piece (the tail), which is taken back and read anew,
 * so that the cost is that of the lines and not of the document.
 */
export class DocumentStream implements Source {
  words = new Int32Array(0);
  gaps = new Uint8Array(0);
  chains: Chains = emptyChains(1, bytes => new ArrayBuffer(bytes));
  freshness: number = freshnessOf.document;
  readonly path: string | null;
  readonly delimiters: Delimiters;
  readonly #vocabulary: Vocabulary;
  readonly #tokens = new TokenBuffer();
  #offsets = new Int32Array(0);
  #length = 0;
  #spans: Span[] = [];
  #lastSpan = 0;
  #tailFrom = -1;
  readonly #tailSlots = new Int32Array((maxTailTokens + 1) * chainCount);
  #scratch = new Int32Array(64);

  constructor(vocabulary: Vocabulary, delimiters: Delimiters, path: string | null) {
    this.#vocabulary = vocabulary;
    this.delimiters = delimiters;
    this.path = path;
  }

  /** Reads text[from, to) and forgets what was. */
  reset(text: string, from = 0, to = text.length): void {
    const tokens = this.#tokens;
    tokens.clear();
    lex(text, from, to, codeState, this.delimiters, this.#vocabulary, tokens);
    const capacity = Math.ceil(tokens.length * 1.25) + 2048;
    if (this.words.length < capacity || this.words.length > capacity * 2) {
      this.words = new Int32Array(capacity);
      this.gaps = new Uint8Array(capacity);
      this.#offsets = new Int32Array(capacity);
      this.chains = emptyChains(capacity, bytes => new ArrayBuffer(bytes));
    } else for (const heads of this.chains.heads) heads.fill(0);
    this.#length = 0;
    this.#spans = [];
    this.#tailFrom = -1;
    if (tokens.length === 0) return;
    this.#append(0, false);
    this.#spans.push({ from: 0, to: this.#length, shift: 0 });
  }

  /** The text became `text`, in which [start, newEnd) replaces what was [start, oldEnd). */
  edit(text: string, start: number, oldEnd: number, newEnd: number): void {
    const delta = newEnd - oldEnd;
    // From the line of the last token before the edit, so that line ends that fall together are read together …
    let first = this.#lineStart(this.#tokenBefore(start));
    // … to the line end behind it.
    let behind = this.#behindReach(this.#lineAfter(this.tokenAt(oldEnd)));
    if (this.#tailFrom >= 0) {
      const tail = this.#spans.find(span => span.from === this.#tailFrom);
      if (tail !== undefined && this.#touches(first, behind, tail)) {
        if (this.#isBefore(tail.from, first)) first = tail.from;
        const afterTail = this.next(tail.to - 1);
        if (behind >= 0 && (afterTail < 0 || this.#isBefore(behind, afterTail))) behind = afterTail;
      }
    }
    let from = this.#textStart(text, first);
    while (first >= 0 && from > 0 && this.previous(first) >= 0 && startsWithLineEnd(text, from)) {
      first = this.#lineStart(this.previous(first));
      from = this.#textStart(text, first);
    }
    const to = behind < 0 ? text.length : beforeBlanks(text, this.offsetOf(behind) + delta);
    this.#replace(text, first, behind, from, to, delta);
  }

  get tokens(): number {
    return this.#spans.reduce((sum, span) => sum + span.to - span.from, 0);
  }

  get bytes(): number {
    return this.words.length * 9 + this.chains.bytes;
  }

  /** The first token that begins at `offset` or behind, or -1. */
  tokenAt(offset: number): number {
    for (const { from, to, shift } of this.#spans) {
      if (this.#offsets[to - 1]! + shift < offset) continue;
      let low = from;
      let high = to - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.#offsets[middle]! + shift < offset) low = middle + 1;
        else high = middle;
      }
      return low;
    }
    return -1;
  }

  /** The last token of the text, or -1. */
  last(): number {
    return (this.#spans.at(-1)?.to ?? 0) - 1;
  }

  /** The first token of the text, or -1. */
  first(): number {
    return this.#spans[0]?.from ?? -1;
  }

  offsetOf(position: number): number {
    return this.#offsets[position]! + (this.#spans[this.#spanOf(position)]?.shift ?? 0);
  }

  next(position: number): number {
    const at = this.#spanOf(position);
    if (at < 0) return -1;
    return position + 1 < this.#spans[at]!.to ? position + 1 : (this.#spans[at + 1]?.from ?? -1);
  }

  previous(position: number): number {
    const at = this.#spanOf(position);
    if (at < 0) return -1;
    return position > this.#spans[at]!.from ? position - 1 : (this.#spans[at - 1]?.to ?? 0) - 1;
  }

  isAlive(position: number): boolean {
    return this.#spanOf(position) >= 0;
  }

  fileAt(): number {
    return 0;
  }

  folderOf(): number {
    return folderHash(this.path);
  }

  extensionOf(): number {
    return extensionHash(this.path);
  }

  originOf(position: number): Origin {
    let line = 1;
    for (const { from, to } of this.#spans) {
      const inside = position >= from && position < to;
      for (let i = from; i < (inside ? position : to); i++) {
        if ((this.words[i]! & idMask) === newline) line += this.gaps[i]!;
      }
      if (inside) break;
    }
    return { kind: this.freshness === freshnessOf.document ? 'document' : 'workspace', path: this.path, line };
  }

  #spanOf(position: number): number {
    const spans = this.#spans;
    // Walks stay in one span for long.
    const last = spans[this.#lastSpan];
    if (last !== undefined && position >= last.from && position < last.to) return this.#lastSpan;
    for (let at = 0; at < spans.length; at++) {
      const span = spans[at]!;
      if (position < span.from || position >= span.to) continue;
      this.#lastSpan = at;
      return at;
    }
    return -1;
  }

  #tokenBefore(offset: number): number {
    const at = this.tokenAt(offset);
    return at < 0 ? this.last() : this.previous(at);
  }

  #lineStart(position: number): number {
    if (position < 0) return this.first();
    let at = position;
    for (;;) {
      const before = this.previous(at);
      if (before < 0 || (this.words[before]! & idMask) === newline) return at;
      at = before;
    }
  }

  #lineAfter(position: number): number {
    let at = position;
    while (at >= 0 && (this.words[at]! & idMask) !== newline) at = this.next(at);
    return at < 0 ? -1 : this.next(at);
  }

  /** The first line whose chains hold nothing of what stands before `position`: theirs reach back so many tokens at most. */
  #behindReach(position: number): number {
    let at = position;
    for (let reach = 0; at >= 0 && reach < maxOrder; reach++) at = this.next(at);
    return at === position || at < 0 || this.#lineStart(at) === at ? at : this.#lineAfter(at);
  }

  /** Where the line of `position`, the first of its line, begins: behind the line end before it. */
  #textStart(text: string, position: number): number {
    if (position < 0 || this.previous(position) < 0) return 0;
    return beforeBlanks(text, this.offsetOf(position));
  }

  /** In the order of the text; -1 is behind everything. */
  #isBefore(one: number, other: number): boolean {
    if (other < 0) return one >= 0;
    if (one < 0) return false;
    const [a, b] = [this.#spanOf(one), this.#spanOf(other)];
    return a === b ? one < other : a < b;
  }

  /** Whether the lines from `first` up to `behind` meet the tail or lie right beside it. */
  #touches(first: number, behind: number, tail: Span): boolean {
    const afterTail = this.next(tail.to - 1);
    const startsTooLate = first >= 0 && afterTail >= 0 && this.#isBefore(afterTail, first);
    const endsTooEarly = behind >= 0 && this.#isBefore(behind, tail.from);
    return !startsTooLate && !endsTooEarly;
  }

  /** Reads text[from, to) in the place of the tokens from `first` up to `behind`. */
  #replace(text: string, first: number, behind: number, from: number, to: number, delta: number): void {
    const before = first < 0 ? -1 : this.previous(first);
    const stateBefore = before < 0 ? codeState : this.words[before]! >> flagShift;
    const lineEnd = behind < 0 ? -1 : this.previous(behind);
    const tokens = this.#tokens;
    tokens.clear();
    const state = lex(text, from, to, stateBefore, this.delimiters, this.#vocabulary, tokens);
    const changesWhatFollows = behind >= 0 && lineEnd >= 0 && this.words[lineEnd]! >> flagShift !== state;
    const isCrowded = this.#spans.length > maxSpans - 2 || this.#length + tokens.length > this.words.length;
    if (changesWhatFollows || isCrowded) return this.reset(text);
    const spans = this.#cut(first, behind, delta);
    if (this.#tailFrom >= 0 && !spans.kept.some(span => span.from >= this.#tailFrom)) this.#takeBackTail();
    const start = this.#length;
    this.#spans = spans.kept;
    if (tokens.length > 0) {
      const isTail = tokens.length <= maxTailTokens;
      this.#append(before, isTail);
      this.#tailFrom = isTail ? start : -1;
      this.#spans.splice(spans.at, 0, { from: start, to: this.#length, shift: 0 });
    }
  }

  /** The spans without the tokens from `first` up to `behind`, those after them shifted, and where the gap is. */
  #cut(first: number, behind: number, delta: number): { kept: Span[]; at: number } {
    const kept: Span[] = [];
    const firstSpan = first < 0 ? this.#spans.length : this.#spanOf(first);
    const behindSpan = behind < 0 ? this.#spans.length : this.#spanOf(behind);
    for (let i = 0; i < this.#spans.length && i <= firstSpan; i++) {
      const { from, to, shift } = this.#spans[i]!;
      const end = i === firstSpan ? first : to;
      if (end > from) kept.push({ from, to: end, shift });
    }
    const at = kept.length;
    for (let i = behindSpan; i < this.#spans.length; i++) {
      const { from, to, shift } = this.#spans[i]!;
      kept.push({ from: i === behindSpan ? behind : from, to, shift: shift + delta });
    }
    return { kept, at };
  }

  #takeBackTail(): void {
    for (let position = this.#length - 1; position >= this.#tailFrom; position--) {
      this.chains.remove(position, this.#tailSlots, (position - this.#tailFrom) * chainCount);
    }
    this.#length = this.#tailFrom;
    this.#tailFrom = -1;
  }

  /** Puts the tokens just read at the end of the stream; in the text they stand behind `before`. */
  #append(before: number, isTail: boolean): void {
    const { words, gaps, offsets, length } = this.#tokens;
    // Keys reach back over the seam.
    if (this.#scratch.length < length + maxOrder) this.#scratch = new Int32Array(length * 2 + maxOrder);
    let context = 0;
    for (let at = before; at >= 0 && context < maxOrder; at = this.previous(at)) {
      context++;
      this.#scratch[maxOrder - context] = this.words[at]!;
    }
    this.#scratch.set(words.subarray(0, length), maxOrder);
    const start = this.#length;
    const kinds = this.#vocabulary.kinds;
    for (let i = 0; i < length; i++) {
      const position = start + i;
      this.words[position] = words[i]!;
      this.gaps[position] = gaps[i]!;
      this.#offsets[position] = offsets[i]!;
      this.chains.hash(this.#scratch, maxOrder + i, context + i + 1, kinds);
      this.chains.insert(position);
      if (isTail) this.#tailSlots.set(this.chains.slots, i * chainCount);
    }
    this.#length = start + length;
  }
}

function beforeBlanks(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && isBlankCode(text.charCodeAt(start - 1))) start--;
  return start;
}

function startsWithLineEnd(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && isBlankCode(text.charCodeAt(at))) at++;
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}
