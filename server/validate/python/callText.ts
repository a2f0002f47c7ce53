import { maskCode } from '../../../grammars/maskCode.js';
import { languageOf } from '../../../grammars/registry.js';

export interface CallText {
  /** [start, end) of the whole call. */
  readonly start: number;
  readonly end: number;
  /** What stands between its parentheses. */
  readonly inside: string;
  /** Its arguments, trimmed, in order. */
  readonly parts: readonly string[];
}

const maxUnits = 10_000;

/**
 * The call whose callee, or which itself, stands at [start, end); null where there is none. A call that begins with another,
 * as in `a(b).c(d)`, is read from the parenthesis that its callee ends at.
 */
export function callAt(text: string, start: number, end: number): CallText | null {
  const python = languageOf('a.py', 'python');
  if (python === null) return null;
  const code = text.slice(start, start + maxUnits);
  const masked = maskCode(code, python).text;
  const length = end - start;
  const isWhole = masked[length - 1] === ')';
  const open = isWhole
    ? openingOf(masked, length - 1)
    : /^\s*\(/.test(masked.slice(length))
      ? masked.indexOf('(', length)
      : -1;
  if (open < 0) return null;
  const close = closingOf(masked, open);
  if (close < 0) return null;
  const cuts = [open, ...commasIn(masked, open, close), close];
  const parts = cuts.slice(1).map((cut, index) => code.slice((cuts[index] ?? 0) + 1, cut).trim());
  return {
    start,
    end: start + close + 1,
    inside: code.slice(open + 1, close),
    parts: parts.filter(part => part !== ''),
  };
}

/** How an argument comes about, as far as its own text tells. */
export type Making = 'literal' | 'built' | 'other';

/** `built`: joined, formatted or interpolated from parts that are not all written out. */
export function makingOf(argument: string): Making {
  const python = languageOf('a.py', 'python');
  if (python === null) return 'other';
  const masked = maskCode(argument, python).text;
  const outside = masked.replace(/(["'])(?:\1\1)?\u0001*(?:[\n\r]\u0001*)*\1(?:\1\1)?/g, '""');
  if (/^\s*(?:[rbu]{0,2}""\s*)+$/i.test(outside)) return 'literal';
  if (/^\s*(?:[rbuf]{0,2}""\s*)+$/i.test(outside))
    return /\{[^{}]/.test(argument.replaceAll('{{', '')) ? 'built' : 'literal';
  if (/^\s*\[/.test(outside)) return /^[\s[\],"]*$/.test(outside) ? 'literal' : 'other';
  if (/""\s*(?:%|\+|\.\s*(?:format|join)\s*\()|\+\s*[rbuf]{0,2}""/i.test(outside)) return 'built';
  if (/[rb]?f[rb]?""/i.test(outside) && /\{[^{}]/.test(argument)) return 'built';
  return 'other';
}

function openingOf(masked: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (')]}'.includes(masked.charAt(at))) depth++;
    else if ('([{'.includes(masked.charAt(at)) && --depth === 0) return at;
  }
  return -1;
}

function closingOf(masked: string, open: number): number {
  let depth = 0;
  for (let at = open; at < masked.length; at++) {
    if ('([{'.includes(masked.charAt(at))) depth++;
    else if (')]}'.includes(masked.charAt(at)) && --depth === 0) return at;
  }
  return -1;
}

function commasIn(masked: string, open: number, close: number): readonly number[] {
  const commas: number[] = [];
  let depth = 0;
  for (let at = open + 1; at < close; at++) {
    if ('([{'.includes(masked.charAt(at))) depth++;
    else if (')]}'.includes(masked.charAt(at))) depth--;
    else if (masked[at] === ',' && depth === 0) commas.push(at);
  }
  return commas;
}
