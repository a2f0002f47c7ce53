import { matchAt, type Span, type Value } from './spans.js';
import type { ValuePlace } from './values.js';

/** The literal that a name's value is, in whatever syntax the two stand together, or null. */
export function literalBehind(text: string, name: Span): Value | null {
  const match = matchAt(assigned, text, name.end);
  if (match !== null) {
    const isComparison = /[=!]=/.test(match[1] ?? '');
    const start = name.end + match[0].length;
    const isArgument = isComparison || match[2] !== undefined;
    return closed(text, start, match[3] ?? '', isArgument ? 'argument' : 'literal');
  }
  const isQuoted = /["'`]/.test(text.charAt(name.start - 1));
  const other = matchAt(neighbour, text, name.end);
  if (other !== null) {
    const isPair = /value["'\\]*\s*[:=]/i.test(other[0]);
    const place = isPair || /^\s/.test(other[0]) ? 'literal' : 'argument';
    // A quote that closes the name and another that opens some other text, with only white space between.
    if (!isPair && isQuoted !== /^\\*["'`]/.test(other[0])) return null;
    if (isQuoted && !other[0].includes(',') && !isPair) return null;
    return closed(
      text,
      name.end + other[0].length,
      other[1] ?? '',
      place === 'literal' && !isPair ? 'argument' : place,
    );
  }
  const call = matchAt(called, text, name.end);
  if (call === null) return null;
  const isSetter =
    call[0].startsWith('(') &&
    /^(?:[\w.]*[._])?(?:set|update|with|change)[A-Z_]/.test(text.slice(name.start, name.end));
  return closed(text, name.end + call[0].length, call[1] ?? '', isSetter ? 'literal' : 'argument');
}

/** The literal that begins at `start`, behind the quote that opened it. */
export function closed(text: string, start: number, opened: string, place: ValuePlace): Value {
  const closing = opened === '[[' ? ']]' : opened;
  const limit = Math.min(text.length, start + maxValueUnits);
  const isBlock = closing.length === 3 || closing === '`' || closing === ']]';
  for (let at = start; at < limit; at++) {
    if (text.startsWith(closing, at)) return { start, end: at, place, quote: opened };
    const unit = text.charCodeAt(at);
    if (unit === 92 && !closing.startsWith('\\')) at++;
    else if (unit === 10 && !isBlock) return unclosed(text, start, at, place, opened);
  }
  return unclosed(text, start, limit, place, opened);
}

/** A literal whose end is not there: it is being written, or cut off. Up to the first white space. */
function unclosed(text: string, start: number, limit: number, place: ValuePlace, opened: string): Value {
  const units = /^[^\s;,)]*/.exec(text.slice(start, limit))?.[0].length ?? 0;
  return { start, end: start + units, place, quote: opened };
}

const maxValueUnits = 8192;

/** A type, as it stands between a name and its operator. */
const type =
  "(?:[ \\t]{0,4}[?!]?[ \\t]{0,4}:[ \\t]{0,4}[\\w.<>\\[\\]?| &*',:]{1,60}?|[ \\t]{1,4}[\\w.*\\[\\]]{1,30}(?=[ \\t]{0,4}=)|\\s{0,4}\\{ ?get;[\\w ;]{0,40}\\})?";

const operator = `(?:::?=|===?|!==?|=>|<-|->|\\?\\?=?|\\|\\|=?|\\?:|or(?=[ \\t])|\\.=|[:=])`;

/** What may stand in front of a literal: letters of its kind, one bracket, one call. */
const opening = `(?:[({\\[]\\s{0,4})?(?:new )?(wrap)?[a-zA-Z@$]{0,2}#?`;

const wrapper = `(?:[A-Za-z_][\\w.:<>]{0,60}!?\\(\\s{0,4}|ConvertTo-SecureString )`;

const quote = `(\\\\{0,3}(?:"""|'''|["'\`]|\\[\\[))`;

/** Behind the name: brackets, quotes and types; an operator; a literal. */
const assigned = new RegExp(
  `[\\])]?\\\\{0,3}["'\`]?[\\])]?(?:\\[\\w{0,20}\\])?${type}[ \\t]{0,40}(${operator})\\s{0,40}${opening.replace('wrap', wrapper)}${quote}`,
  'y',
);

/** A name and a value that are arguments of one call, or neighbours in a list: `set("password", "…")`, `name: …, value: …`. */
const neighbour = new RegExp(
  `\\\\{0,3}["'\`]?(?:\\s{0,4},\\s{0,20}|\\s{1,60})(?:-?\\s?\\\\{0,3}["']?(?:value|Value|content)\\\\{0,3}["']?\\s{0,4}[:=]\\s{0,4})?[a-zA-Z@$]{0,2}${quote}`,
  'y',
);

const called = new RegExp(`[\\])]?(?:\\.[\\w.]{1,30})?[({]\\s{0,20}[a-zA-Z@$]{0,2}${quote}`, 'y');
