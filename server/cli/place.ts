import { resolve } from 'node:path';
import { lineStartsOf, offsetAt, positionAt } from '../base/position.js';
import { UsageError } from './parseCommandLine.js';

/** FILE:LINE:COLUMN as compilers print it: both from 1, columns in characters. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Raises UsageError. */
export function parsePlace(text: string, cwd: string): Place {
  const found = /^(?<file>.+):(?<line>\d+):(?<column>\d+)$/su.exec(text)?.groups;
  const file = found?.['file'];
  const line = Number(found?.['line']);
  const column = Number(found?.['column']);
  if (file === undefined || line < 1 || column < 1 || !Number.isSafeInteger(line + column)) {
    throw new UsageError(`${text} is not FILE:LINE:COLUMN, both counted from 1, such as src/a.ts:12:5.`);
  }
  return { path: resolve(cwd, file), line, column };
}

/** The offset in utf-16 units. Raises UsageError for a place that the text does not have. */
export function offsetOfPlace(text: string, place: Place): number {
  const starts = lineStartsOf(text);
  if (place.line > starts.length) {
    throw new UsageError(`${place.path} has ${starts.length} lines; there is no line ${place.line}.`);
  }
  const start = offsetAt(text, starts, { line: place.line - 1, character: 0 });
  const end = offsetAt(text, starts, { line: place.line - 1, character: Number.MAX_SAFE_INTEGER });
  const characters = [...text.slice(start, end)];
  if (place.column > characters.length + 1) {
    throw new UsageError(
      `Line ${place.line} of ${place.path} has ${characters.length} characters; there is no column ${place.column}.`,
    );
  }
  return start + characters.slice(0, place.column - 1).join('').length;
}

/** Line and column of an offset, as a person reads them. */
export function placeOfOffset(text: string, offset: number): { readonly line: number; readonly column: number } {
  const starts = lineStartsOf(text);
  const { line } = positionAt(starts, offset);
  return { line: line + 1, column: [...text.slice(starts[line], offset)].length + 1 };
}
