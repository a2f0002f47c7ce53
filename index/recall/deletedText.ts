import type { DocSnapshot } from '../../server/base/snapshot.js';
import type { Delimiters } from './delimiters.js';
import { codeState, isWordCode, lex } from './lexer.js';
import { Segment } from './segment.js';
import { freshnessOf } from './source.js';
import { TokenBuffer } from './tokenBuffer.js';
import type { Vocabulary } from './vocabulary.js';

const capacity = 1 << 13;
const minChars = 8;
const maxChars = 8000;
const linesBefore = 3;

type DocumentName = Pick<DocSnapshot, 'uri' | 'path'>;

/**
 * Text that was just deleted: what goes on there, or elsewhere, is often the same again.
 * Kept with the lines before it, so that it is found by what stands left of the cursor now.
 */
export class DeletedText {
  readonly #vocabulary: Vocabulary;
  readonly #buffer = new TokenBuffer();
  #segment: Segment | null = null;
  /** By document, the files of the segment that hold its text. */
  readonly #files = new Map<string, number[]>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  get segment(): Segment | null {
    return this.#segment;
  }

  /** `text` is the text before text[start, end) was taken out of it. */
  remember({ uri, path }: DocumentName, delimiters: Delimiters, text: string, start: number, end: number): void {
    if (end - start < minChars || end - start > maxChars || text.slice(start, end).trim().length < minChars) return;
    let from = start;
    for (let line = 0; line <= linesBefore && from > 0; line++) from = text.lastIndexOf('\n', from - 2) + 1;
    from = Math.max(from, start - 1000);
    this.#buffer.clear();
    lex(text, from, endOfSource(text, start, end), codeState, delimiters, this.#vocabulary, this.#buffer);
    if (this.#segment?.add(path ?? '', this.#buffer) !== true) {
      // Full: only what was deleted last counts.
      for (const known of [...this.#files.keys()]) this.forget(known);
      this.#segment = new Segment(this.#vocabulary, freshnessOf.deleted, capacity);
      if (!this.#segment.add(path ?? '', this.#buffer)) return;
    }
    const files = this.#files.get(uri) ?? [];
    files.push(this.#segment.files.count - 1);
    this.#files.set(uri, files);
  }

  /** The document is closed, or may be drawn from no more. */
  forget(uri: string): void {
    for (const file of this.#files.get(uri) ?? []) this.#segment?.remove(file);
    this.#files.delete(uri);
  }
}

/**
 * Behind whole lines the text goes on as it did. Behind a piece of a line nothing is known: it was deleted
 * because it was to go on otherwise, so that its end must not count as the end of a line.
 */
function endOfSource(text: string, start: number, end: number): number {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const endsLine = text[end - 1] === '\n' || text.slice(end, lineEnd < 0 ? text.length : lineEnd).trim() === '';
  if (endsLine && (start === 0 || text.slice(lineStart, start).trim() === '')) {
    return Math.min(lineEnd < 0 ? text.length : lineEnd + 1, end + 400);
  }
  // Half a word is none.
  let to = end;
  while (to < text.length && to - end < 200 && isWordCode(text.charCodeAt(to - 1)) && isWordCode(text.charCodeAt(to)))
    to++;
  return to;
}
