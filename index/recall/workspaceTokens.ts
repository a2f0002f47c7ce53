import { languageOf } from '../../grammars/registry.js';
import { delimitersOf } from './delimiters.js';
import { codeState, lex } from './lexer.js';
import { Segment, type SegmentData } from './segment.js';
import { freshnessOf } from './source.js';
import { TokenBuffer } from './tokenBuffer.js';
import { idMask, opaque } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

/** Of a larger file only the start is read. */
export const maxFileTokens = 100_000;
const firstSegmentTokens = 1 << 13;
const segmentTokens = 1 << 17;

/** Reads a file's text into a buffer, up to the limit. */
export function lexFile(path: string, text: string, vocabulary: Vocabulary, into: TokenBuffer): void {
  into.clear();
  const language = languageOf(path, '', text.slice(0, 4096));
  lex(text, 0, Math.min(text.length, maxFileTokens * 12), codeState, delimitersOf(language), vocabulary, into);
  if (into.length > maxFileTokens) into.length = maxFileTokens;
}

/** The tokens of all files on disk: what was built elsewhere, and in front of it what has changed since. */
export class WorkspaceTokens {
  readonly #vocabulary: Vocabulary;
  readonly #maxTokens: number;
  readonly #base: Segment | null;
  /** The newest first. */
  #changed: Segment[] = [];
  /** Open in an editor: their text on disk is not looked at. */
  readonly #hidden = new Map<string, number>();
  readonly #buffer = new TokenBuffer();
  #gone = 0;

  constructor(vocabulary: Vocabulary, maxTokens: number, base: SegmentData | null) {
    this.#vocabulary = vocabulary;
    this.#maxTokens = maxTokens;
    this.#base = base === null ? null : new Segment(vocabulary, freshnessOf.indexed, base);
  }

  /** The nearest first. */
  get segments(): readonly Segment[] {
    return this.#base === null ? this.#changed : [...this.#changed, this.#base];
  }

  get files(): number {
    return this.segments.reduce((sum, { files }) => sum + files.count, 0) - this.#gone;
  }

  get tokens(): number {
    return this.segments.reduce((sum, { length }) => sum + length, 0);
  }

  /** Tokens read since the build, replaced ones included. */
  get changedTokens(): number {
    return this.#changed.reduce((sum, { length }) => sum + length, 0);
  }

  get bytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Puts a file in the place of what was known of it; null takes it out. False where there is no room for it. */
  update(path: string, text: string | null): boolean {
    this.#remove(path);
    if (text === null) return true;
    lexFile(path, text, this.#vocabulary, this.#buffer);
    return this.#add(path, this.#buffer);
  }

  has(path: string): boolean {
    return this.segments.some(({ files }) => files.find(path) >= 0);
  }

  /** The files read since the build, and a way to have their tokens with the numbers of another vocabulary. */
  changedFiles(): readonly ChangedFile[] {
    return this.#changed.flatMap(segment =>
      segment.files.present().map(file => ({
        path: segment.files.path(file),
        copy: (from: Vocabulary, to: Vocabulary) => renumbered(segment, file, from, to),
      })),
    );
  }

  /** As `update`, with tokens that have been read before. */
  adoptTokens(path: string, tokens: TokenBuffer): boolean {
    this.#remove(path);
    return this.#add(path, tokens);
  }

  hide(path: string): void {
    this.#hidden.set(path, (this.#hidden.get(path) ?? 0) + 1);
    this.#setHidden(path, true);
  }

  show(path: string): void {
    const count = this.#hidden.get(path) ?? 0;
    if (count > 1) {
      this.#hidden.set(path, count - 1);
      return;
    }
    this.#hidden.delete(path);
    this.#setHidden(path, false);
  }

  #add(path: string, tokens: TokenBuffer): boolean {
    if (tokens.length === 0) return true;
    if (this.changedTokens + tokens.length > this.#maxTokens) return false;
    if (this.#changed[0]?.add(path, tokens) !== true) {
      const usual = this.#changed.length === 0 ? firstSegmentTokens : segmentTokens;
      const segment = new Segment(this.#vocabulary, freshnessOf.changed, Math.max(usual, tokens.length + 2));
      segment.add(path, tokens);
      this.#changed.unshift(segment);
    }
    if (this.#hidden.has(path)) this.#setHidden(path, true);
    return true;
  }

  #setHidden(path: string, hidden: boolean): void {
    for (const segment of this.segments) {
      const file = segment.files.find(path);
      // Only the newest text of a path can come back; older ones stay out for good.
      if (file >= 0) return segment.setDead(file, hidden);
    }
  }

  #remove(path: string): void {
    for (const segment of this.segments) {
      const file = segment.files.find(path);
      if (file < 0) continue;
      segment.remove(file);
      this.#gone++;
    }
  }
}

export interface ChangedFile {
  readonly path: string;
  copy(from: Vocabulary, to: Vocabulary): TokenBuffer;
}

function renumbered(
  { files, words, gaps, length }: Segment,
  file: number,
  from: Vocabulary,
  to: Vocabulary,
): TokenBuffer {
  const tokens = new TokenBuffer();
  for (let at = files.start(file); at < files.end(file, length) - 1; at++) {
    const id = words[at]! & idMask;
    const text = id <= opaque ? null : from.text(id);
    const renumberedId = text === null ? id : to.intern(text, 0, text.length);
    tokens.push(renumberedId | (words[at]! & ~idMask), gaps[at]!, 0);
  }
  return tokens;
}
