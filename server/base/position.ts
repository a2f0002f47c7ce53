import type { TextEdit } from './snapshot.js';

/** Zero-based line and column, columns in utf-16 units, as LSP counts. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Offsets of line starts of one text. Lines end with \n, \r\n or a lone \r, as LSP says. */
export type LineStarts = readonly number[];

export function lineStartsOf(text: string): LineStarts {
  const starts = [0];
  addLineStarts(starts, text, 0, text.length);
  return starts;
}

/** Line starts after `edit` was made, from those before it: a keystroke must not cost a pass over the whole text. */
export function editLineStarts(before: LineStarts, edit: TextEdit, after: string): LineStarts {
  // The unit before the edit may be a \r that gains or loses its \n.
  const kept = lineAt(before, Math.max(0, edit.start - 1)) + 1;
  const starts = before.slice(0, kept);
  const newEnd = edit.start + edit.text.length;
  addLineStarts(starts, after, starts.at(-1) ?? 0, Math.min(after.length, newEnd + 1));
  const shift = newEnd - edit.end;
  for (let line = lineAt(before, edit.end + 1) + 1; line < before.length; line++)
    starts.push((before[line] ?? 0) + shift);
  return starts;
}

function addLineStarts(starts: number[], text: string, from: number, to: number): void {
  for (let offset = from; offset < to; offset++) {
    const unit = text.charCodeAt(offset);
    if (unit === 10 || (unit === 13 && text.charCodeAt(offset + 1) !== 10)) starts.push(offset + 1);
  }
}

/** The offset of a position; what lies outside the text is clamped to its line's end, to the start or to the end. */
export function offsetAt(text: string, starts: LineStarts, position: Position): number {
  const line = Math.trunc(position.line);
  if (!(line >= 0)) return 0;
  if (line >= starts.length) return text.length;
  const start = starts[line] ?? 0;
  const end = lineEndOf(text, starts, line);
  const character = Math.trunc(position.character);
  return character > 0 ? Math.min(start + character, end) : start;
}

export function positionAt(starts: LineStarts, offset: number): Position {
  const line = lineAt(starts, offset);
  return { line, character: Math.max(0, offset - (starts[line] ?? 0)) };
}

/** The last line that starts at or before an offset. */
function lineAt(starts: LineStarts, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** Where a line's text ends, before its line break. */
function lineEndOf(text: string, starts: LineStarts, line: number): number {
  let end = starts[line + 1] ?? text.length;
  if (line + 1 < starts.length) {
    if (text.charCodeAt(end - 1) === 10) end--;
    if (text.charCodeAt(end - 1) === 13 && end > (starts[line] ?? 0)) end--;
  }
  return end;
}
