import { positionAt, type LineStarts } from '../base/position.js';

/** What of the file itself goes into a prompt. */
export interface FileWindow {
  /** The cursor's line, from 0. */
  readonly line: number;
  readonly startLine: number;
  /** The last line of which `suffix` holds something. */
  readonly endLine: number;
  readonly prefix: string;
  readonly typed: string;
  readonly suffix: string;
  /** Where in the text the three of them begin and end. */
  readonly start: number;
  readonly end: number;
}

export interface WindowUnits {
  readonly prefix: number;
  readonly typed: number;
  readonly suffix: number;
}

/**
 * The window's start moves in steps of so many lines at most: in between, a model finds the text that it has read before.
 * A small window moves in smaller ones, so that a step costs it no more than a sixth or so of what it could show.
 */
export const windowStep = 32;
const stepShare = 1 / 6;
const unitsALine = 35;
/** A line longer than its room loses its start, in steps of so many units. */
const typedStep = 256;

/**
 * The text around an offset. The start depends on line numbers alone, not on what is typed. The end is not rounded: it
 * depends on what follows alone, which typing leaves as it is, while line numbers below the cursor move with each line.
 */
export function windowOf(text: string, starts: LineStarts, offset: number, room: WindowUnits): FileWindow {
  const { line, character } = positionAt(starts, offset);
  const lineStart = offset - character;
  const cut = character <= room.typed ? 0 : Math.ceil((character - room.typed) / typedStep) * typedStep;
  const typedStart = afterPair(text, lineStart + cut);
  const startLine = cut > 0 ? line : firstLine(starts, line, room.prefix);
  const start = cut > 0 ? typedStart : (starts[startLine] ?? 0);
  const end = suffixEnd(text, starts, offset, line, room.suffix);
  return {
    line,
    startLine,
    endLine: positionAt(starts, end).line,
    prefix: cut > 0 ? '' : text.slice(start, lineStart),
    typed: text.slice(typedStart, offset),
    suffix: text.slice(offset, end),
    start,
    end,
  };
}

/** The first step from which all up to `line` fits; any line where not even the last step fits. */
function firstLine(starts: LineStarts, line: number, units: number): number {
  const lineStart = starts[line] ?? 0;
  let low = 0;
  let high = line;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lineStart - (starts[middle] ?? 0) <= units) high = middle;
    else low = middle + 1;
  }
  const lines = stepFor(units);
  const step = Math.ceil(low / lines) * lines;
  return step <= line ? step : low;
}

/** A power of two, so that the starts of one size of window are among those of a smaller. */
export function stepFor(units: number): number {
  const lines = Math.max(1, (units * stepShare) / unitsALine);
  return Math.min(windowStep, 2 ** Math.floor(Math.log2(lines)));
}

function suffixEnd(text: string, starts: LineStarts, offset: number, line: number, units: number): number {
  if (text.length - offset <= units) return text.length;
  let low = line;
  let high = starts.length - 1;
  // The last line start that is near enough; what ends there has whole lines only.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) - offset <= units) low = middle;
    else high = middle - 1;
  }
  const end = starts[low] ?? 0;
  return end > offset ? end : beforePair(text, offset + units);
}

/** Not between the halves of a pair. */
function afterPair(text: string, at: number): number {
  return isLowHalf(text.charCodeAt(at)) ? at + 1 : at;
}

function beforePair(text: string, at: number): number {
  return isLowHalf(text.charCodeAt(at)) ? at - 1 : at;
}

function isLowHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
