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
  for (let offset = 0; offset < text.length; offset++) {
    const unit = text.charCodeAt(offset);
    if (unit === 10) starts.push(offset + 1);
    else if (unit === 13 && text.charCodeAt(offset + 1) !== 10) starts.push(offset + 1);
  }
  return starts;
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
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low, character: Math.max(0, offset - (starts[low] ?? 0)) };
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
