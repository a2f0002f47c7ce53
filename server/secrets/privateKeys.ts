import type { FoundSecret } from './secrets.js';

/** Longer than any key that is written down: 16,384 bits with decoration. */
const maxBlockUnits = 32_000;

const begin = /-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/g;
const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|---- END SSH2 ENCRYPTED PRIVATE KEY ----/y;
const anyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|---- END SSH2 ENCRYPTED PRIVATE KEY ----/g;

/**
 * Private keys in the form of PEM, OpenSSH, PGP and PuTTY: over several lines, quoted line by line, commented out, in one
 * line with escapes, and with their first or their last line cut off.
 */
export function findPrivateKeys(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(begin)) {
    if (match.index < (found.at(-1)?.end ?? 0)) continue;
    const from = match.index + match[0].length;
    const body = skipBody(text, from);
    if (body === from || isMask(text.slice(from, body))) continue;
    found.push({ start: match.index, end: body, kind: 'private-key' });
  }
  const whole = new Set(found.map(({ end: at }) => at));
  let from = 0;
  for (const match of text.matchAll(anyEnd)) {
    const after = match.index + match[0].length;
    const start = whole.has(after) ? match.index : bodyBefore(text, match.index, from);
    if (start < match.index && !isMask(text.slice(start, match.index)))
      found.push({ start, end: after, kind: 'private-key' });
    from = after;
  }
  for (const match of text.matchAll(/\bPrivate-Lines: \d{1,3}\r?\n/g)) {
    const from = match.index + match[0].length;
    const body = skipBody(text, from);
    if (body > from) found.push({ start: from, end: body, kind: 'private-key' });
  }
  return found;
}

/** `XXXX…` in the place of a key. */
function isMask(body: string): boolean {
  return new Set(body.replace(/----.*/s, '')).size < 12;
}

/**
 * At the beginning and at the end of a text that was cut out of a file: lines as only the middle of a key block has them,
 * whose first and last lines the cut left outside.
 */
export function findCutKeys(text: string): FoundSecret[] {
  const lines = text.split(/(?<=\n)/);
  const leading = lines.findIndex(line => !isKeyLine(line));
  if (leading === -1) return text === '' ? [] : [{ start: 0, end: trimmedEnd(text), kind: 'private-key' }];
  const found: FoundSecret[] = [];
  const start = lines.slice(0, leading).join('').length;
  if (leading > 0) {
    const last = /^[ \t]*[A-Za-z0-9+/]+={0,2}(?=\r?\n|$)/.exec(lines[leading] ?? '')?.[0] ?? '';
    const isShortLast = last !== '' && last.trim().length < 64 && /\d|[+/=]/.test(last);
    found.push({
      start: 0,
      end: isShortLast ? start + last.length : trimmedEnd(text.slice(0, start)),
      kind: 'private-key',
    });
  }
  const trailing = lines.findLastIndex(line => !isKeyLine(line));
  if (trailing < lines.length - 1) {
    const from = lines.slice(0, trailing + 1).join('').length;
    const indent = /^\s*/.exec(text.slice(from))?.[0].length ?? 0;
    found.push({ start: from + indent, end: trimmedEnd(text), kind: 'private-key' });
  }
  return found;
}

/** A full line of base64 as key blocks have them, alone on its line, and no digest. */
function isKeyLine(line: string): boolean {
  const body = /^[\s"'#*+/>|]{0,12}?([A-Za-z0-9+/]{60,76})(?:\\n)?["',;+.&\\\s]*$/.exec(line)?.[1];
  return body !== undefined && /[a-z]/.test(body) && /[A-Z]/.test(body) && /\d|[+/]/.test(body);
}

function trimmedEnd(text: string): number {
  return text.trimEnd().length;
}

/** Between the lines of a key: white space, escapes, and what joins strings or begins comments. */
const between =
  /(?:\s|\\+[nrt]|\\+(?=\s|$)|["'`,;]|\+(?=\s)|\.(?=\s)|(?<=\n[ \t]{0,40})(?:\/\/|#|\*|>|\||--)(?=[ \t]))*/y;
const header = /[A-Z][A-Za-z-]{2,20}: ?[^\n\\]{1,200}/y;
const run = /[A-Za-z0-9+/]+={0,3}|=[A-Za-z0-9+/]{4}(?![A-Za-z0-9])/y;

/** Behind the last line of the key that begins at `from`, its last line included where it is there; `from` when there is none. */
function skipBody(text: string, from: number): number {
  let at = from;
  let reached = from;
  let lineUnits = 0;
  let isLast = false;
  while (at - from < maxBlockUnits) {
    at = skip(between, text, at);
    const closed = skip(end, text, at);
    if (closed > at) return reached === from && closed - from < 60 ? from : closed;
    const headed = reached === from ? skip(header, text, at) : at;
    if (headed > at) {
      at = headed;
      continue;
    }
    const next: number = isLast ? skip(checksum, text, at) : skip(run, text, at);
    const length: number = next - at;
    // A line may be cut off or be the last one, but no line is longer than those before it.
    if (length === 0 || (lineUnits === 0 && length < 16) || (lineUnits > 0 && length > lineUnits + 2)) break;
    if (lineUnits > 0 && length < lineUnits && /^[a-z]+$/.test(text.slice(at, next))) break;
    isLast = (lineUnits > 0 && length < lineUnits) || text.charAt(next - 1) === '=';
    lineUnits = Math.max(lineUnits, length);
    at = next;
    reached = next;
  }
  return reached;
}

/** The line that ends a PGP block. */
const checksum = /=[A-Za-z0-9+/]{4}(?![A-Za-z0-9])/y;

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** Where the lines of base64 begin that end at `at`, at least `from`. */
function bodyBefore(text: string, at: number, from: number): number {
  const lowest = Math.max(from, at - maxBlockUnits);
  const segments = segmentsOf(text.slice(lowest, at));
  let start = at - lowest;
  let count = 0;
  for (const { offset, piece } of segments.reverse()) {
    const alone = /^[\s"'`#*>|,;+.\\-]{0,60}(?:\/\/ )?([A-Za-z0-9+/]*={0,3})[\s"'`+,;.\\]*$/.exec(piece.slice(0, 400));
    const body = alone?.[1] ?? '';
    // The last line is short, and so may be a checksum below it.
    if (alone === null || piece.length > 400 || body.length < (count <= 1 ? 0 : 40)) {
      // The first line stands behind the quote or the name that it begins with; or all is one line.
      const tail = /[A-Za-z0-9+/]{32,}={0,3}[\s"'`+,;.\\]*$/.exec(piece)?.[0];
      return lowest + (tail === undefined ? start : offset + piece.length - tail.length);
    }
    if (body !== '') {
      start = offset + piece.indexOf(body);
      count++;
    }
  }
  return lowest + start;
}

/** Lines, those that an escape in a string ends too. */
function segmentsOf(text: string): { readonly offset: number; readonly piece: string }[] {
  const segments = [];
  let offset = 0;
  for (const match of text.matchAll(/\\{1,4}r\\{1,4}n|\\{1,4}n|\r?\n/g)) {
    segments.push({ offset, piece: text.slice(offset, match.index) });
    offset = match.index + match[0].length;
  }
  segments.push({ offset, piece: text.slice(offset) });
  return segments;
}
