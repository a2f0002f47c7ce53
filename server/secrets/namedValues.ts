import { meaningOf, namingWords, type NameMeaning } from './secretNames.js';
import type { FoundSecret } from './secrets.js';
import { looksRandom } from './randomness.js';
import { isSecretValue, type ValuePlace } from './values.js';

/** No name is longer. */
const maxNameUnits = 80;
const maxValueUnits = 8192;

/**
 * Values of what is named like a secret, in every syntax in which names get values: assignments, keys of objects, keyword
 * arguments, environment files, headers, attributes, connection strings, options of commands.
 */
export function findNamedValues(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  namingWords.lastIndex = 0;
  for (let word = namingWords.exec(text); word !== null; word = namingWords.exec(text)) {
    const name = nameAround(text, word.index, word[0].length);
    const named = meaningOf(text.slice(name.start, name.end));
    // A name that ends here is not looked at again for its other words.
    namingWords.lastIndex = Math.max(name.end, word.index + 1);
    if (named === null) continue;
    for (const value of valuesBehind(text, name)) {
      if (!isSecretValue(text.slice(value.start, value.end), named.meaning, named.isAbout, value.place)) continue;
      const spans = [value, ...piecesAfter(text, value)];
      found.push(...spans.map(({ start, end }) => ({ start, end, kind: kindOf(named.meaning) })));
      namingWords.lastIndex = Math.max(namingWords.lastIndex, spans.at(-1)?.end ?? 0);
    }
  }
  return found;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Value extends Span {
  readonly place: ValuePlace;
  /** What closes it, for literals. */
  readonly quote: string | null;
}

function kindOf(meaning: NameMeaning): string {
  return meaning === 'key' ? 'secret-key' : meaning;
}

const nameUnit = /[\w-]/;
const pathUnit = /[\w.-]/;

function nameAround(text: string, at: number, units: number): Span {
  let start = at;
  // What a name is reached through says what it is of: `app.api.key`.
  while (start > 0 && at - start < maxNameUnits && pathUnit.test(text.charAt(start - 1))) start--;
  let end = at + units;
  while (end < text.length && end - at < maxNameUnits && nameUnit.test(text.charAt(end))) end++;
  // The letter of an escape is no part of a name: "\nPASSWORD=…".
  if (start > 0 && text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start))) start++;
  return { start: Math.min(start, at), end };
}

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
const fallback =
  /\\{0,3}["'`](?:\s{0,4},\s{0,20}|\)?\s{0,4}\)\s{0,20}(?:\?\?|\|\||\?:|or)\s{0,20})[a-zA-Z@$]{0,2}(["'`])/y;
const tagged = /\\{0,3}["']?(?:\s[\w:.-]{1,40}=["'][^"'<>]{0,80}["']){0,3}>([^<>\n]{4,400})<\//y;
const valueKey = /["']?,?\s{1,40}(?:-\s)?["']?value["']?\s{0,4}[:=]\s{0,4}([^\s"'`#,{}[\]]{4,4096})/y;
const bare = /\\{0,3}["'`]?\]?([ \t]{0,20})(===?|!==?|:=|=>|:-|[:=])([ \t]{0,20})([^\s"'`<>(){}[\],;&|\\]{4,8192})/y;
const option = /(?:=|[ \t]{1,4})["']?([^\s"'-][^\s"'`<>|;&(){}]{3,4096})/y;
const loginLine = /[ \t]{1,8}(\S{4,400})/y;

function valuesBehind(text: string, name: Span): Value[] {
  const value = literalBehind(text, name) ?? bareBehind(text, name);
  if (value === null) return [];
  // What is asked for by a name often has a value to fall back on: `getenv("X", "…")`, `getenv("X") or "…"`.
  const next = value.quote !== null && value.place === 'argument' ? matchAt(fallback, text, value.end) : null;
  if (next === null) return [value];
  return [value, closed(text, value.end + next[0].length, next[1] ?? '', 'argument')];
}

function literalBehind(text: string, name: Span): Value | null {
  const match = matchAt(assigned, text, name.end);
  if (match !== null) {
    const isComparison = /[=!]=/.test(match[1] ?? '');
    const start = name.end + match[0].length;
    const literal = closed(
      text,
      start,
      match[3] ?? '',
      isComparison || match[2] !== undefined ? 'argument' : 'literal',
    );
    return literal;
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
  return call === null ? null : closed(text, name.end + call[0].length, call[1] ?? '', 'argument');
}

function closed(text: string, start: number, opened: string, place: ValuePlace): Value {
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

function bareBehind(text: string, name: Span): Value | null {
  const element = matchAt(tagged, text, name.end);
  if (element !== null) return bareValue(name.end + element[0].length - 2, element[1] ?? '', 'environment');
  const pair = matchAt(valueKey, text, name.end);
  if (pair !== null) return bareValue(name.end + pair[0].length, pair[1] ?? '', 'line');
  const before = lineBefore(text, name.start);
  const isOption = text.charAt(name.start) === '-';
  if (isOption) {
    const given = matchAt(option, text, name.end);
    if (given !== null) return bareValue(name.end + given[0].length, given[1] ?? '', 'line');
  }
  if (isWordOf(before) && /(?:^\s*|\bmachine\s+\S+\s+)login\s+\S+\s+$|^\s*ENV\s+$/.test(before)) {
    const login = matchAt(loginLine, text, name.end);
    if (login !== null) return bareValue(name.end + login[0].length, login[1] ?? '', 'environment');
  }
  const match = matchAt(bare, text, name.end);
  if (match === null) return null;
  const [whole, left = '', sign = '', right = '', value = ''] = match;
  const end = name.end + whole.length;
  if (text.charAt(end) === '(' && /^[\w$.]+$/.test(value)) return null;
  const last = withRest(text, name, end, before);
  const isAlone = enclosing(text, name) === text.charAt(last);
  const place = isAlone ? 'line' : placeOf(text, end, before, left + right, sign);
  return { start: end - value.length, end: last, place, quote: null };
}

/** The line up to a name, as far as it matters. */
function lineBefore(text: string, at: number): string {
  const near = text.slice(Math.max(0, at - 200), at);
  return near.slice(near.lastIndexOf('\n') + 1);
}

/** What must stand there before the dearer question is asked. */
function isWordOf(line: string): boolean {
  return line.includes('login') || line.includes('ENV');
}

function bareValue(end: number, value: string, place: ValuePlace): Value {
  return { start: end - value.length, end, place, quote: null };
}

const lineName =
  /^\s*(?:-\s+|export\s+|ENV\s+|ARG\s+|set\s+|setx?\s+|env\s+|-e\s+|--env\s+|declare\s+(?:-x\s+)?|Environment=)*["']?[\w.\[\]/:@-]*$/;

/** What kind of bare value ends at `end`: `before` is its line up to the name. */
function placeOf(text: string, end: number, before: string, blanks: string, sign: string): ValuePlace {
  if (sign === ':-') return 'environment';
  if (/[=!]=/.test(sign) || sign === '=>' || sign === ':=') return 'bare';
  const after = text.slice(end, end + 40);
  const endsLine = /^[^\S\n]*(?:#.*)?(?:\r?\n|$)/.test(after) || /^[^\S\n]+#/.test(after);
  if (sign === '=' && blanks === '' && isConnection(before, after)) return 'environment';
  if (!lineName.test(before) || /^\s*[({[.]/.test(after))
    return sign === '=' && blanks === '' && /^["'&]|^\\n/.test(after) ? 'line' : 'bare';
  if (sign === '=' && blanks === '') return 'environment';
  return endsLine ? 'line' : 'bare';
}

/** Parts of a connection string stand around it: `Server=db;Uid=me;Pwd=…;`. */
function isConnection(before: string, after: string): boolean {
  return (
    /(?:^|[;"'\s])[A-Za-z][\w ]{1,30}=[^;\n"']{0,120};[\s]*(?:[\w ]*)$/.test(before.slice(-160)) ||
    /^;\s*[A-Za-z][\w ]{1,30}=/.test(after)
  );
}

/**
 * In a line that does nothing but `name=value`, the value goes on to the end of the line, through marks that end it elsewhere;
 * and so does a passphrase, through its blanks.
 */
function withRest(text: string, name: Span, end: number, before: string): number {
  const after = text.slice(end, end + 400);
  if (/passphrase$/i.test(text.slice(name.start, name.end))) {
    return end + (/^(?: [a-z0-9]{3,12}){2,9}(?=["'}\s]|$)/.exec(after)?.[0].length ?? 0);
  }
  const enclosed = enclosing(text, name);
  if (enclosed !== null) {
    const to = after.indexOf(enclosed);
    if (to !== -1 && !/[\s"'`]/.test(after.slice(0, to))) return end + to;
  }
  const rest = /^[^\s"'`\\<>{}]{1,400}(?=["']?[ \t]*(?:\r?\n|$))/.exec(after)?.[0] ?? '';
  if (
    rest === '' ||
    rest === ';' ||
    /^;[\w ]{1,30}=/.test(rest) ||
    !/^\s*(?:(?:export|ENV|-e|-)\s+)*["']?$/.test(before)
  )
    return end;
  const [, blanks = '', value = ''] = /^\s*[:=]([ \t]*)(.*)$/.exec(text.slice(name.end, end)) ?? [];
  if (/^[\w$.]+$/.test(value) && /^[([]/.test(rest)) return end;
  return blanks === '' || looksRandom(value + rest) ? end + rest.length : end;
}

/** What closes a string, or an expression of a template, that holds nothing but name and value: `"X-Key: …"`, `${app.key:…}`. */
function enclosing(text: string, name: Span): string | null {
  const opened = text.charAt(name.start - 1);
  if (/["'`]/.test(opened) && /[:=]/.test(text.charAt(name.end))) return opened;
  return opened === '{' && text.charAt(name.start - 2) === '$' && text.charAt(name.end) === ':' ? '}' : null;
}

/** Literals that continue the one before: joined by an operator, or simply following it on the next line. */
function piecesAfter(text: string, value: Value): Span[] {
  if (value.quote === null) return [];
  const pieces: Span[] = [];
  let at = value.end + value.quote.length;
  while (pieces.length < 200) {
    const joint = matchAt(continued, text, at);
    if (joint === null) return pieces;
    const piece = closed(text, at + joint[0].length, joint[1] ?? '', 'literal');
    if (/\s/.test(text.slice(piece.start, piece.end)) || piece.end - piece.start < 4) return pieces;
    pieces.push({ start: piece.start, end: piece.end });
    at = piece.end + (joint[1] ?? '').length;
  }
  return pieces;
}

const continued = /(?:\s{0,20}(?:\+|\.|&|\\|<>|\.\.)\s{0,40}|\s{0,4}\\?\n[ \t]{0,40})[a-zA-Z@$]{0,2}(["'`])/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
