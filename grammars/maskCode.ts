import type { Language, StringSyntax } from './language.js';

export interface MaskedCode {
  /** As long as the code and with its line breaks; comments are blanks, what strings hold is U+0001. */
  readonly text: string;
  /** What the code ends in. */
  readonly open: 'comment' | 'string' | null;
}

/** Takes comments and strings out of the way of whoever counts brackets. Taken to begin in code; `until` ends it. */
export function maskCode(code: string, language: Language, until = code.length): MaskedCode {
  const units = code.slice(0, until).split('');
  let at = 0;
  let open: MaskedCode['open'] = null;
  while (at < until) {
    const block = language.blockComments.find(([start]) => code.startsWith(start, at));
    const string = block === undefined ? stringAt(code, at, language.strings) : null;
    if (block !== undefined) {
      const end = code.indexOf(block[1], at + block[0].length);
      const stop = end < 0 ? until : end + block[1].length;
      if (stop >= until && !(end >= 0 && stop === until)) open = 'comment';
      at = fill(units, at, stop, ' ');
    } else if (isExpression(code, at, language)) {
      const end = endOfExpression(code, at);
      fill(units, at + 1, end - 1, '\u0001');
      at = end;
    } else if (startsLineComment(code, at, language)) {
      const lineEnd = code.indexOf('\n', at);
      if (lineEnd < 0 || lineEnd >= until) open = 'comment';
      at = fill(units, at, lineEnd < 0 ? until : lineEnd, ' ');
    } else if (string !== null) {
      const from = at + string.open.length;
      const end = endOfString(code, from, string);
      if (end.at > until || (!end.closed && end.at >= until)) open = 'string';
      fill(units, from, end.at - (end.closed ? string.close.length : 0), '\u0001');
      at = Math.max(end.at, from);
    } else at++;
  }
  return { text: units.join(''), open };
}

function fill(units: string[], from: number, to: number, mask: string): number {
  const stop = Math.min(to, units.length);
  for (let at = from; at < stop; at++) if (units[at] !== '\n' && units[at] !== '\r') units[at] = mask;
  return to;
}

/** A regular expression of JavaScript: `/` where no operand stands before it. */
function isExpression(code: string, at: number, { grammar }: Language): boolean {
  if (code[at] !== '/' || code[at + 1] === '/' || code[at + 1] === '*') return false;
  if (grammar !== 'javascript' && grammar !== 'typescript' && grammar !== 'tsx') return false;
  return (
    /(?:^|[=(,:;!&|?{}[\n+]|=>|\b(?:return|case|typeof|in|of))\s*$/.test(code.slice(Math.max(0, at - 40), at)) &&
    endOfExpression(code, at) > at
  );
}

/** Behind the closing `/`; `at` itself where the line has none. */
function endOfExpression(code: string, at: number): number {
  let isInSet = false;
  for (let i = at + 1; i < code.length && code[i] !== '\n'; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === '[') isInSet = true;
    else if (code[i] === ']') isInSet = false;
    else if (code[i] === '/' && !isInSet) return i + 1;
  }
  return at;
}

function startsLineComment(code: string, at: number, { lineComments }: Language): boolean {
  const opener = lineComments.find(comment => code.startsWith(comment, at));
  if (opener === undefined) return false;
  const before = code[at - 1] ?? ' ';
  // `$#` and `a#b` are no comments in shells and the like; `//` after `:` is a URL's.
  if (opener === '#') return /[\s;({[,)]/.test(before);
  return opener !== '//' || before !== ':';
}

function stringAt(code: string, at: number, strings: readonly StringSyntax[]): StringSyntax | null {
  let best: StringSyntax | null = null;
  for (const syntax of strings) {
    if (code.startsWith(syntax.open, at) && syntax.open.length > (best?.open.length ?? 0)) best = syntax;
  }
  if (best === null) return null;
  // An apostrophe behind a letter is a lifetime's or a word's, and so is the letter of a prefix.
  return /^\w/.test(best.open) || best.open === "'" ? (/\w/.test(code[at - 1] ?? '') ? null : best) : best;
}

function endOfString(code: string, from: number, syntax: StringSyntax): { at: number; closed: boolean } {
  const { close, escape, multiline, interpolation } = syntax;
  let at = from;
  while (at < code.length && (multiline || code[at] !== '\n')) {
    if (escape !== null && code.startsWith(escape, at)) at += escape.length + 1;
    else if (code.startsWith(close, at)) return { at: at + close.length, closed: true };
    else if (interpolation !== null && code.startsWith(interpolation[0], at))
      at = endOfInterpolation(code, at + interpolation[0].length, interpolation[1]);
    else at++;
  }
  return { at: Math.min(at, code.length), closed: false };
}

function endOfInterpolation(code: string, from: number, close: string): number {
  let depth = 0;
  for (let at = from; at < code.length && code[at] !== '\n'; at++) {
    if (code.startsWith(close, at)) {
      if (depth === 0) return at + close.length;
      depth--;
    } else if (code[at] === '{') depth++;
  }
  return from;
}
