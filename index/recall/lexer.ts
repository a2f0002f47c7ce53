import type { Delimiter, Delimiters } from './delimiters.js';
import type { TokenBuffer } from './tokenBuffer.js';
import { flagShift, idMask, newline, opaque, regionOf } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';
import { encodeGap } from './gaps.js';

/** Of a longer line only the start is read: nobody types there by hand. */
export const maxLineChars = 4000;

/** State of the lexer at the start of a text in which no string or comment is open. */
export const codeState = 0;

/** States from here on: in the interpolation of the string with that number. */
const interpolationStates = 32;

/**
 * Splits text[start, end) into names, numbers, single marks and newlines, for any language; blanks become the gap of
 * what follows, and empty lines fall together. `state` is what the text before `start` leaves open.
 * Returns the state at `end`. Tokens do not depend on the state; only the region they are flagged with does.
 */
export function lex(
  text: string,
  start: number,
  end: number,
  state: number,
  delimiters: Delimiters,
  vocabulary: Vocabulary,
  into: TokenBuffer,
): number {
  const scanner = new Region(delimiters, state);
  let spaces = 0;
  let tabs = 0;
  let lineStart = start;
  let i = start;
  while (i < end) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? kinds[code]! : isWideBlank(code) ? blank : word;
    if (kind === blank) {
      if (code === 9) tabs++;
      else spaces++;
      i++;
      continue;
    }
    if (kind === lineEnd) {
      scanner.endLine();
      pushNewline(into, scanner.state, i);
      i += code === 13 && i + 1 < end && text.charCodeAt(i + 1) === 10 ? 2 : 1;
      lineStart = i;
      spaces = tabs = 0;
      continue;
    }
    if (i - lineStart > maxLineChars) {
      into.push(opaque, encodeGap(spaces, tabs), i);
      i = endOfLine(text, i, end);
      spaces = tabs = 0;
      continue;
    }
    scanner.at(text, i);
    let stop = i + 1;
    if (kind === word) while (stop < end && isWordCode(text.charCodeAt(stop))) stop++;
    else if (kind === digit) stop = endOfNumber(text, i, end);
    const id = vocabulary.intern(text, i, stop);
    into.push(id | (scanner.regionAt(i) << flagShift), encodeGap(spaces, tabs), i);
    // A delimiter may end in the middle of a word, as in r"…": the rest of it has been read as one token.
    spaces = tabs = 0;
    i = stop;
  }
  return scanner.state;
}

/** What the lexer's state says of the place behind it. */
export function regionOfState(state: number, delimiters: Delimiters): number {
  return state < interpolationStates ? (delimiters.all[state]?.region ?? regionOf.code) : regionOf.code;
}

export function isWordCode(code: number): boolean {
  if (code >= 128) return !isWideBlank(code);
  const kind = kinds[code]!;
  return kind === word || kind === digit;
}

export function isBlankCode(code: number): boolean {
  return code < 128 ? kinds[code] === blank : isWideBlank(code);
}

/** Follows strings and comments, with one level of expressions inside strings. */
class Region {
  readonly #delimiters: Delimiters;
  #open: Delimiter | null;
  #outer: Delimiter | null;
  #depth = 0;
  /** Up to here the marks belong to a delimiter that has been seen, or to an escaped character. */
  #seenTo = 0;
  /** The character that an escape takes literally. */
  #escaped = -1;

  constructor(delimiters: Delimiters, state: number) {
    this.#delimiters = delimiters;
    this.#open = state < interpolationStates ? (delimiters.all[state] ?? null) : null;
    this.#outer = state < interpolationStates ? null : (delimiters.all[state - interpolationStates] ?? null);
  }

  get state(): number {
    if (this.#outer !== null) return interpolationStates + this.#outer.index;
    return this.#open?.index ?? codeState;
  }

  /** Of the token that begins at i, once `at` has seen it. Delimiters themselves count as code. */
  regionAt(i: number): number {
    return i < this.#seenTo ? regionOf.code : (this.#open?.region ?? regionOf.code);
  }

  endLine(): void {
    if (this.#open !== null && !this.#open.multiline) this.#open = null;
    if (this.#outer !== null && !this.#outer.multiline) this.#outer = null;
    // Only what `state` can say may reach over the line end: a reading that begins there must come to the same.
    if (this.#outer !== null) this.#open = null;
    this.#depth = 0;
    this.#seenTo = 0;
  }

  at(text: string, i: number): void {
    if (i < this.#seenTo) return;
    if (this.#open === null) this.#inCode(text, i);
    else this.#inside(text, i, this.#open);
  }

  #inCode(text: string, i: number): void {
    const interpolation = this.#outer?.interpolation ?? null;
    if (interpolation !== null) {
      if (text.startsWith(interpolation[1], i)) {
        if (this.#depth > 0) this.#depth--;
        else {
          this.#open = this.#outer;
          this.#outer = null;
          this.#seenTo = i + interpolation[1].length;
          return;
        }
      } else if (text.charAt(i) === interpolation[0].at(-1)) this.#depth++;
    }
    const candidates = this.#delimiters.byFirst[text.charCodeAt(i)];
    if (candidates === undefined) return;
    for (const delimiter of candidates) {
      if (delimiter.open.length > 1 && !text.startsWith(delimiter.open, i)) continue;
      this.#open = delimiter;
      this.#seenTo = i + delimiter.open.length;
      return;
    }
  }

  #inside(text: string, i: number, open: Delimiter): void {
    if (text.charCodeAt(i) === open.escape && open.escape >= 0) {
      this.#escaped = i + 1;
      return;
    }
    if (i === this.#escaped) return;
    if (open.close !== '' && text.startsWith(open.close, i)) {
      this.#open = null;
      this.#seenTo = i + open.close.length;
      return;
    }
    if (open.interpolation !== null && this.#outer === null && text.startsWith(open.interpolation[0], i)) {
      this.#outer = open;
      this.#open = null;
      this.#depth = 0;
      this.#seenTo = i + open.interpolation[0].length;
    }
  }
}

function pushNewline(into: TokenBuffer, state: number, offset: number): void {
  const last = into.length - 1;
  if (last >= 0 && (into.words[last]! & idMask) === newline) {
    into.words[last] = newline | (state << flagShift);
    if (into.gaps[last]! < 255) into.gaps[last]!++;
  } else into.push(newline | (state << flagShift), 1, offset);
}

function endOfNumber(text: string, start: number, end: number): number {
  let stop = start + 1;
  while (stop < end) {
    const code = text.charCodeAt(stop);
    if (isWordCode(code)) stop++;
    else if (code === 46 && stop + 1 < end && kinds[text.charCodeAt(stop + 1)] === digit) stop += 2;
    else break;
  }
  return stop;
}

function endOfLine(text: string, from: number, end: number): number {
  const stop = text.indexOf('\n', from);
  if (stop < 0 || stop >= end) return end;
  return text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop;
}

const mark = 0;
const word = 1;
const digit = 2;
const blank = 3;
const lineEnd = 4;
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code === 10 || code === 13) return lineEnd;
  if (code === 9 || code === 11 || code === 12 || code === 32) return blank;
  if (code >= 48 && code <= 57) return digit;
  return /[A-Za-z_$]/.test(String.fromCharCode(code)) ? word : mark;
});

function isWideBlank(code: number): boolean {
  return code === 0xa0 || code === 0xfeff || code === 0x2028 || code === 0x2029 || code === 0x3000 || code === 0x85;
}
