import type { Delimiters } from './delimiters.js';
import { codeState, lex } from './lexer.js';
import { Segment } from './segment.js';
import { freshnessOf } from './source.js';
import { TokenBuffer } from './tokenBuffer.js';
import type { Vocabulary } from './vocabulary.js';

const capacity = 1 << 13;
const minChars = 8;
const maxChars = 8000;
const linesBefore = 3;

/**
 * Text that was just deleted: what goes on there, or elsewhere, is often the same again.
 * Kept with the lines before it, so that it is found by what stands left of the cursor now.
 */
export class DeletedText {
  readonly #vocabulary: Vocabulary;
  readonly #buffer = new TokenBuffer();
  #segment: Segment | null = null;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  get segment(): Segment | null {
    return this.#segment;
  }

  /** `text` is the text before text[start, end) was taken out of it. */
  remember(path: string | null, delimiters: Delimiters, text: string, start: number, end: number): void {
    if (end - start < minChars || end - start > maxChars || text.slice(start, end).trim().length < minChars) return;
    let from = start;
    for (let line = 0; line <= linesBefore && from > 0; line++) from = text.lastIndexOf('\n', from - 2) + 1;
    from = Math.max(from, start - 1000);
    const lineEnd = text.indexOf('\n', end);
    const to = Math.min(lineEnd < 0 ? text.length : lineEnd + 1, end + 400);
    this.#buffer.clear();
    lex(text, from, to, codeState, delimiters, this.#vocabulary, this.#buffer);
    if (this.#segment?.add(path ?? '', this.#buffer) === true) return;
    // Full: only what was deleted last counts.
    this.#segment = new Segment(this.#vocabulary, freshnessOf.deleted, capacity);
    this.#segment.add(path ?? '', this.#buffer);
  }
}
