import { bareBehind, wholeEnd } from './bareValues.js';
import { closed, literalBehind } from './literalValues.js';
import { meaningOf, namingWords, type NameMeaning } from './secretNames.js';
import type { FoundSecret } from './secrets.js';
import { matchAt, type Span, type Value } from './spans.js';
import { isSecretValue } from './values.js';

/** No name is longer. */
const maxNameUnits = 80;

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
      const spans = [{ ...value, end: wholeEnd(text, value) }, ...piecesAfter(text, value)];
      found.push(...spans.map(({ start, end }) => ({ start, end, kind: kindOf(named.meaning) })));
      namingWords.lastIndex = Math.max(namingWords.lastIndex, spans.at(-1)?.end ?? 0);
    }
  }
  return found;
}

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

const nameUnit = /[\w-]/;

const pathUnit = /[\w.-]/;

function valuesBehind(text: string, name: Span): Value[] {
  const value = literalBehind(text, name) ?? bareBehind(text, name);
  if (value === null) return [];
  // What is asked for by a name often has a value to fall back on: `getenv("X", "…")`, `getenv("X") or "…"`.
  const next = value.quote !== null && value.place === 'argument' ? matchAt(fallback, text, value.end) : null;
  if (next === null) return [value];
  return [value, closed(text, value.end + next[0].length, next[1] ?? '', 'argument')];
}

const fallback =
  /\\{0,3}["'`](?:\s{0,4},\s{0,20}|\)?\s{0,4}\)\s{0,20}(?:\?\?|\|\||\?:|or)\s{0,20})[a-zA-Z@$]{0,2}(["'`])/y;

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

function kindOf(meaning: NameMeaning): string {
  return meaning === 'key' ? 'secret-key' : meaning;
}
