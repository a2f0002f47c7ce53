import type { Language } from '../../grammars/language.js';
import { languageOf, otherText } from '../../grammars/registry.js';
import type { DocSnapshot } from '../base/snapshot.js';

/** What lies around the cursor, read from the text near it only: nothing here grows with the document. */
export interface Place {
  readonly language: Language;
  readonly offset: number;
  /** Where the cursor's line begins; later in a line so long that its start was not read. */
  readonly lineStart: number;
  /** The cursor's line, left and right of the cursor, without its line end. */
  readonly prefix: string;
  readonly suffix: string;
  /** Lines that are not blank, as written, nearest first. */
  readonly above: readonly string[];
  readonly below: readonly string[];
  readonly lineEnd: '\n' | '\r\n';
}

const maxPrefixUnits = 2000;
const maxSuffixUnits = 500;
const maxNearUnits = 4000;
const linesAbove = 12;
const linesBelow = 12;

export function placeOf(snapshot: DocSnapshot, offset: number): Place {
  const { text } = snapshot;
  const lineStart = startOfLine(text, offset, maxPrefixUnits);
  const lineStop = endOfLine(text, offset, maxSuffixUnits);
  return {
    language: languageOf(snapshot.path, snapshot.languageId, text.slice(0, 200)) ?? otherText,
    offset,
    lineStart,
    prefix: text.slice(lineStart, offset),
    suffix: text.slice(offset, lineStop),
    above: nearLines(text.slice(Math.max(0, lineStart - maxNearUnits), lineStart))
      .reverse()
      .slice(0, linesAbove),
    below: nearLines(text.slice(lineStop, lineStop + maxNearUnits)).slice(0, linesBelow),
    lineEnd: lineEndOf(text, lineStart, lineStop),
  };
}

/** Lines near the cursor, in order, blank ones included: for what must be learnt from several of them. */
export function linesAround(snapshot: DocSnapshot, offset: number): readonly string[] {
  return snapshot.text
    .slice(Math.max(0, offset - 2 * maxNearUnits), offset + maxNearUnits)
    .split(lineBreak)
    .slice(1, -1);
}

const lineBreak = /\r\n|\n|\r/;

function nearLines(text: string): string[] {
  return text.split(lineBreak).filter(line => line.trim() !== '');
}

function startOfLine(text: string, offset: number, maxUnits: number): number {
  const least = Math.max(0, offset - maxUnits);
  let at = offset;
  while (at > least && !isLineBreak(text.charCodeAt(at - 1))) at--;
  return at;
}

function endOfLine(text: string, offset: number, maxUnits: number): number {
  const most = Math.min(text.length, offset + maxUnits);
  let at = offset;
  while (at < most && !isLineBreak(text.charCodeAt(at))) at++;
  return at;
}

function isLineBreak(unit: number): boolean {
  return unit === 10 || unit === 13;
}

/** The line's own line end decides, then that of the line above. */
function lineEndOf(text: string, lineStart: number, lineStop: number): '\n' | '\r\n' {
  if (lineStop < text.length) return text.startsWith('\r\n', lineStop) ? '\r\n' : '\n';
  return text.endsWith('\r\n', lineStart) ? '\r\n' : '\n';
}
