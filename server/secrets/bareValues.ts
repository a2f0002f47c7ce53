import { looksRandom } from './randomness.js';
import { matchAt, type Span, type Value } from './spans.js';
import type { ValuePlace } from './values.js';

/** The value of a name that stands without quotes, as in files of settings, commands and addresses, or null. */
export function bareBehind(text: string, name: Span): Value | null {
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
  const block = matchAt(blockScalar, text, name.end);
  if (block !== null) return bareValue(name.end + block[0].length, block[1] ?? '', 'environment');
  const match = matchAt(bare, text, name.end);
  if (match === null) return told(text, name);
  const [whole, left = '', sign = '', right = '', value = ''] = match;
  const end = name.end + whole.length;
  if (/[([]/.test(text.charAt(end)) && /^[\w$.]+$/.test(value)) return null;
  const last = withRest(text, name, end, before);
  const isAlone = enclosing(text, name) === text.charAt(last);
  const place = isAlone ? 'line' : placeOf(text, name, end, before, left + right, sign);
  return { start: end - value.length, end: last, place, quote: null };
}

/** A bare value is first read as far as it takes to judge it. */
export function wholeEnd(text: string, { start, end, quote: opened }: Value): number {
  if (opened !== null || end - start < 600) return end;
  return end + (matchAt(bareRest, text, end)?.[0].length ?? 0);
}

const bareRest = /[^\s"'`<>(){}[\],;&|\\]{0,32000}/y;

const tagged = /\\{0,3}["']?(?:\s[\w:.-]{1,40}=["'][^"'<>]{0,80}["']){0,3}>([^<>\n]{4,400})<\//y;

const valueKey = /["']?,?\s{1,40}(?:-\s)?["']?value["']?\s{0,4}[:=]\s{0,4}([^\s"'`#,{}[\]]{4,4096})/y;

const bare = /\\{0,3}["'`]?\]?([ \t]{0,20})(===?|!==?|:=|\?=|=>|:-|[:=])([ \t]{0,20})([^\s"'`<>(){}[\],;&|\\]{4,600})/y;

const option = /(?:=|[ \t]{1,4})["']?([^\s"'-][^\s"'`<>|;&(){}]{3,4096})/y;

const blockScalar = /["']?[ \t]{0,4}:[ \t]{1,4}[|>][+-]?[ \t]*\r?\n[ \t]{1,40}(\S{4,4096})(?=[ \t]*(?:\r?\n|$))/y;

const nextWord = /(['"]?[ \t]{1,4}(?:(?:is|was|now)[ \t]{1,2}['"`]?)?)([^\s"'`<>(){}[\],|\\]{4,400})/y;

const loginLine = /[ \t]{1,8}(\S{4,400})/y;

/** In a sentence, or as the next word of a command: `token is …`, `configure set aws_secret_access_key …`. */
function told(text: string, name: Span): Value | null {
  const match = matchAt(nextWord, text, name.end);
  if (match === null) return null;
  const value = (match[2] ?? '').replace(/[.,;:!?)]+$/, '');
  const start = name.end + (match[1] ?? '').length;
  const isTold = /\S/.test(match[1] ?? '');
  return { start, end: start + value.length, place: isTold ? 'argument' : 'told', quote: null };
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
function placeOf(text: string, name: Span, end: number, before: string, blanks: string, sign: string): ValuePlace {
  if (sign === ':-') return 'environment';
  if (/[=!]=/.test(sign) || sign === '=>' || (/^[:?]=$/.test(sign) && /[a-z]/.test(text.slice(name.start, name.end))))
    return 'bare';
  const after = text.slice(end, end + 40);
  const endsLine = /^[^\S\n]*(?:#.*)?(?:\r?\n|$)/.test(after) || /^[^\S\n]+#/.test(after);
  if (sign === '=' && blanks === '' && isConnection(before, after)) return 'environment';
  if (!lineName.test(before) || /^\s*[({[.]/.test(after))
    return sign === '=' && blanks === '' && (/^["'&]|^\\n/.test(after) || /[?&]$/.test(before)) ? 'line' : 'bare';
  if (sign === '=' && blanks === '') return 'environment';
  return endsLine ? 'line' : 'bare';
}

/** Parts of a connection string stand around it: `Server=db;Uid=me;Pwd=…;`. */
function isConnection(before: string, after: string): boolean {
  return (
    /(?:^|[;"'\s])[A-Za-z][\w ]{1,30}=[^;\n"']{0,120};[\s]*(?:[\w ]*)$/.test(before.slice(-160)) ||
    /^;\s*[A-Za-z][\w ]{1,30}=/.test(after) ||
    /\b(?:dbname|user|username|host|port|uid|server)=\S+\s+$/i.test(before)
  );
}

/**
 * In a line that does nothing but `name=value`, the value goes on to the end of the line, through marks that end it elsewhere;
 * and so does a passphrase, through its blanks.
 */
function withRest(text: string, name: Span, end: number, before: string): number {
  const after = text.slice(end, end + 400);
  if (/phrase$|mnemonic$/i.test(text.slice(name.start, name.end))) {
    return end + (/^(?: [a-z0-9]{3,12}){2,23}(?=["'}\s]|$)/.exec(after)?.[0].length ?? 0);
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
