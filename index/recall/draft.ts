import type { Candidate } from './candidates.js';
import { gapText } from './gaps.js';
import { indentAfter, indentStyleAt, lineGap, type IndentStyle } from './layout.js';
import type { Predictor } from './predictor.js';
import { freshnessOf, type Source } from './source.js';
import { newline } from './tokenKinds.js';

export interface DraftStep {
  /** Length of the text with this token. */
  readonly end: number;
  readonly confidence: number;
  /** The place that the token was taken from; null where it is a name in scope. */
  readonly from: { readonly source: Source; readonly position: number } | null;
}

const defaultStyle: IndentStyle = { tabs: false, width: 4 };

/** Line ends that a newline stands for, empty lines included. */
export function lineBreaksOf(candidate: Candidate): number {
  return Math.min(Math.max(1, candidate.gap), 3);
}

/** The text of a prediction as it grows, laid out as the document is. */
export class Draft {
  text = '';
  readonly steps: DraftStep[] = [];
  lineBreaks = 0;
  readonly #predictor: Predictor;
  readonly #own: Source;
  readonly #lineBreak: string;
  #indent: string;
  #style: IndentStyle | null = null;
  /** Line ends that are written only when a token follows. */
  #pending = '';
  #isLineStart = false;

  constructor(predictor: Predictor, own: Source) {
    this.#predictor = predictor;
    this.#own = own;
    const { text, lineStart, lineEnd, wordStart } = predictor.query;
    const end = lineEnd < text.length ? lineEnd : text.indexOf('\n');
    this.#lineBreak = end > 0 && text.charCodeAt(end - 1) === 13 ? '\r\n' : '\n';
    const blanks = /^[\t ]*/.exec(text.slice(lineStart, Math.min(wordStart, lineStart + 400)));
    this.#indent = blanks?.[0] ?? '';
  }

  /** Adds what the predictor holds best, before it advances. */
  add(candidate: Candidate, confidence: number): void {
    const { vocabulary, query, progress } = this.#predictor;
    if (candidate.id === newline) {
      this.lineBreaks += lineBreaksOf(candidate);
      this.#pending += this.#lineBreak.repeat(lineBreaksOf(candidate));
      this.#isLineStart = true;
      return;
    }
    const from = this.#placeOf(candidate);
    if (this.#isLineStart) {
      this.#indent = this.#nextIndent(candidate, this.#indent);
      this.text += this.#pending + this.#indent;
      this.#pending = '';
      this.#isLineStart = false;
    } else if (progress.step > 0) this.text += gapText(candidate.gap);
    else this.text += this.#firstGap(candidate, query.wordStart === query.lineStart && query.typed === '');
    this.text += vocabulary.text(candidate.id);
    this.steps.push({ end: this.text.length, confidence, from });
  }

  /** The blanks at the cursor: those that stand there are enough. */
  #firstGap(candidate: Candidate, isColumnZero: boolean): string {
    const { query } = this.#predictor;
    if (query.typed !== '' || query.hasBlanksBefore) return '';
    if (!isColumnZero) return query.column === 0 ? '' : gapText(candidate.gap);
    return query.suffix === '' ? this.#nextIndent(candidate, this.#indentAbove()) : '';
  }

  #indentAbove(): string {
    const { text, lineStart } = this.#predictor.query;
    const above = text.slice(0, lineStart).trimEnd();
    const start = above.lastIndexOf('\n') + 1;
    return /^[\t ]*/.exec(above.slice(start, start + 400))?.[0] ?? '';
  }

  /** The indentation of the line that the candidate begins, behind one indented by `indent`. */
  #nextIndent(candidate: Candidate, indent: string): string {
    const { matches, query } = this.#predictor;
    const i = candidate.match;
    if (i < 0) return indent;
    const source = matches.sources[matches.source[i]!]!;
    const position = matches.position[i]!;
    this.#style ??= indentStyleAt(this.#own, query.contextEnd);
    const theirs = indentStyleAt(source, position) ?? this.#style ?? defaultStyle;
    return indentAfter(indent, this.#style ?? theirs, lineGap(source, position), candidate.gap, theirs);
  }

  #placeOf(candidate: Candidate): DraftStep['from'] {
    const { matches } = this.#predictor;
    const i = candidate.match;
    if (i < 0) return null;
    const source = matches.sources[matches.source[i]!]!;
    return { source, position: source.freshness === freshnessOf.deleted ? matches.position[i]! : matches.next[i]! };
  }
}
