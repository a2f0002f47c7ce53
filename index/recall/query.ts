import type { DocumentStream } from './documentStream.js';
import { gapColumns } from './gaps.js';
import { isBlankCode, isWordCode, lex, regionOfState } from './lexer.js';
import { TokenBuffer } from './tokenBuffer.js';
import { flagShift, idMask, kindOf, newline } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

export const contextTokens = 48;
/** Room for what is predicted behind the context. */
const predictedTokens = 128;
const maxRecent = 12;
/** Of the text after the cursor so many tokens count as near, and so many are looked at for a line written twice. */
const nearTokens = 8;
const afterTokens = 64;
const lineTokens = 64;

/** The place that is asked for, as tokens. One object serves one question after the other. */
export class Query {
  text = '';
  offset = 0;
  /** Where the half-typed word begins; the offset itself where nothing is typed. */
  wordStart = 0;
  typed = '';
  hasBlanksBefore = false;
  lineStart = 0;
  lineEnd = 0;
  /** What stands right of the cursor in its line, without blanks around. */
  suffix = '';
  /** Ids left of the word, the last `context.length - …` of them; predicted tokens are added behind. */
  readonly context = new Int32Array(contextTokens + predictedTokens);
  length = 0;
  /** How much of `context` was there at first. */
  given = 0;
  /** Position of the last token before the word, or -1. */
  contextEnd = -1;
  /** Positions of the cursor's own line from the word on: nothing may be learnt from these. */
  hiddenFrom = 0;
  hiddenTo = 0;
  region = 0;
  column = 0;
  openBrackets = 0;
  indentColumns = 0;
  indentChange = 0;
  readonly after = new Int32Array(afterTokens);
  afterCount = 0;
  nearCount = 0;
  readonly above = new Line();
  readonly twoAbove = new Line();
  readonly recent = new Int32Array(maxRecent);
  recentCount = 0;
  readonly #scratch = new TokenBuffer();

  /** Looks around `offset` of the text that `document` holds the tokens of. */
  ask(document: DocumentStream, vocabulary: Vocabulary, text: string, offset: number): void {
    this.text = text;
    this.offset = offset;
    this.lineStart = text.lastIndexOf('\n', offset - 1) + 1;
    if (offset === 0) this.lineStart = 0;
    const end = text.indexOf('\n', offset);
    this.lineEnd = end < 0 ? text.length : end;
    this.suffix = text.slice(offset, Math.min(this.lineEnd, offset + 400)).trim();
    this.#findWord(document, vocabulary);
    this.#hide(document);
    this.#readContext(document, vocabulary);
    this.#readAround(document);
    this.#readRecent(document, vocabulary);
    this.#findRegion(document, vocabulary);
  }

  /** Puts a predicted token behind the context. */
  push(id: number): void {
    if (this.length < this.context.length) this.context[this.length++] = id;
  }

  #findWord(document: DocumentStream, vocabulary: Vocabulary): void {
    const { text, offset } = this;
    let start = offset;
    while (start > this.lineStart && offset - start < 200 && isWordCode(text.charCodeAt(start - 1))) start--;
    const at = document.tokenAt(start);
    let before = at < 0 ? document.last() : document.previous(at);
    // A number such as 1.5 is one token although a word begins within it.
    if (before >= 0 && start < offset) {
      const tokenStart = document.offsetOf(before);
      const id = document.words[before]! & idMask;
      if (id !== newline && tokenStart + vocabulary.chars(id) > start) {
        start = tokenStart;
        before = document.previous(before);
      }
    }
    this.wordStart = start;
    this.typed = text.slice(start, offset);
    this.contextEnd = before;
    this.hasBlanksBefore = start > this.lineStart && isBlankCode(text.charCodeAt(start - 1));
  }

  #hide(document: DocumentStream): void {
    this.hiddenFrom = this.hiddenTo = 0;
    const first = document.tokenAt(this.wordStart);
    if (first < 0 || document.offsetOf(first) > this.lineEnd) return;
    this.hiddenFrom = first;
    let at = first;
    while (at >= 0 && (document.words[at]! & idMask) !== newline && at - first < 4096) {
      this.hiddenTo = at + 1;
      at = document.next(at);
    }
    if (at >= 0) this.hiddenTo = at + 1;
  }

  #readContext(document: DocumentStream, vocabulary: Vocabulary): void {
    let count = 0;
    for (let at = this.contextEnd; at >= 0 && count < contextTokens; at = document.previous(at)) {
      this.context[contextTokens - ++count] = document.words[at]! & idMask;
    }
    this.context.copyWithin(0, contextTokens - count, contextTokens);
    this.length = this.given = count;
    this.column = this.openBrackets = 0;
    for (let i = count - 1; i >= 0 && this.context[i] !== newline; i--) {
      this.column++;
      this.openBrackets += bracketChange(vocabulary.kinds[this.context[i]!]!);
    }
  }

  #readAround(document: DocumentStream): void {
    let at = this.contextEnd;
    while (at >= 0 && (document.words[at]! & idMask) !== newline) at = document.previous(at);
    at = this.above.readBack(document, at);
    this.twoAbove.readBack(document, at);
    let blanks = this.lineStart;
    while (blanks < this.wordStart && isBlankCode(this.text.charCodeAt(blanks))) blanks++;
    this.indentColumns = 0;
    for (let i = this.lineStart; i < blanks; i++) this.indentColumns += this.text.charCodeAt(i) === 9 ? 4 : 1;
    this.indentChange = this.indentColumns - this.above.indentColumns;
    this.afterCount = 0;
    let next = this.hiddenTo > 0 ? document.next(this.hiddenTo - 1) : document.tokenAt(this.wordStart);
    for (; next >= 0 && this.afterCount < afterTokens; next = document.next(next)) {
      this.after[this.afterCount++] = document.words[next]! & idMask;
    }
    this.nearCount = Math.min(nearTokens, this.afterCount);
  }

  #readRecent(document: DocumentStream, vocabulary: Vocabulary): void {
    this.recentCount = 0;
    const wanted = this.typed === '' ? 5 : maxRecent;
    const reach = this.typed === '' ? 300 : 2000;
    let at = this.contextEnd;
    for (let walked = 0; at >= 0 && walked < reach && this.recentCount < wanted; walked++) {
      const id = document.words[at]! & idMask;
      at = document.previous(at);
      const kind = vocabulary.kinds[id]!;
      if (kind !== kindOf.identifier && (kind !== kindOf.keyword || this.typed === '')) continue;
      if (this.typed !== '' && !vocabulary.startsWith(id, this.typed)) continue;
      let known = 0;
      while (known < this.recentCount && this.recent[known] !== id) known++;
      if (known === this.recentCount) this.recent[this.recentCount++] = id;
    }
  }

  /** Reads the line up to the cursor again, from what the line before left open. */
  #findRegion(document: DocumentStream, vocabulary: Vocabulary): void {
    let at = this.contextEnd;
    for (let walked = 0; at >= 0 && (document.words[at]! & idMask) !== newline; walked++) {
      if (walked > 4096) break;
      at = document.previous(at);
    }
    const state = at < 0 ? 0 : document.words[at]! >> flagShift;
    this.#scratch.clear();
    const start = Math.max(this.lineStart, this.wordStart - 4096);
    const here = lex(this.text, start, this.wordStart, state, document.delimiters, vocabulary, this.#scratch);
    this.region = regionOfState(here, document.delimiters);
  }
}

/** The tokens of one line above the cursor. */
export class Line {
  readonly ids = new Int32Array(lineTokens);
  count = 0;
  indentColumns = 0;

  /** Reads the line that the newline at `end` closes; returns the newline before it, or -1. */
  readBack(document: DocumentStream, end: number): number {
    this.count = 0;
    this.indentColumns = 0;
    if (end < 0) return -1;
    let first = end;
    let length = 0;
    let at = document.previous(end);
    while (at >= 0 && (document.words[at]! & idMask) !== newline && length < 4096) {
      first = at;
      length++;
      at = document.previous(at);
    }
    if (length === 0) return at;
    this.indentColumns = gapColumns(document.gaps[first]!);
    for (let next = first; this.count < lineTokens && this.count < length; next = document.next(next)) {
      this.ids[this.count++] = document.words[next]! & idMask;
    }
    return at;
  }

  /** Takes over a line that was predicted. */
  take(ids: Int32Array, from: number, to: number, indentColumns: number): void {
    this.count = Math.min(lineTokens, to - from);
    this.ids.set(ids.subarray(from, from + this.count));
    this.indentColumns = indentColumns;
  }
}

/** 1 for what opens a bracket, -1 for what closes one: the first marks of `marks`. */
export function bracketChange(kind: number): number {
  return kind < 10 || kind > 15 ? 0 : kind < 13 ? 1 : -1;
}
