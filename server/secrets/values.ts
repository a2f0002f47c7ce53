import { isPlaceholder } from './placeholder.js';
import { isDigest, looksLikeKey, looksRandom, uuid } from './randomness.js';
import type { NameMeaning } from './secretNames.js';

/** How a value stands in the text. */
export type ValuePlace =
  /** In quotes, behind an operator. */
  | 'literal'
  /** In quotes, as an argument, or in a comparison, or behind a function's name: a literal may be anything there. */
  | 'argument'
  /** Bare, in a line that assigns and does nothing else, as in YAML and properties. */
  | 'line'
  /** The next word, with nothing in between: of a sentence or a command. */
  | 'told'
  /** Bare, in a line `NAME=value` as environment files have it, or a part of a connection string. */
  | 'environment'
  /** Bare, anywhere: an expression of code, mostly. */
  | 'bare';

/** What a value is shows by then. */
const maxJudged = 300;

/** Whether the value of something named like a secret is one. */
export function isSecretValue(whole: string, meaning: NameMeaning, isAbout: boolean, place: ValuePlace): boolean {
  const value = whole.slice(0, maxJudged);
  if (value.length < 4 || isPlaceholder(value)) return false;
  if (isReference(value) || (!quoted.has(place) && isExpression(value))) return false;
  if (isAbout || meaning === 'key') return looksLikeKey(value);
  if (/\s/.test(value)) return meaning === 'password' && isPassphrase(value, place === 'literal' ? 3 : 4);
  if (place === 'told' && value.length < 16) return false;
  const isChance = looksRandom(value) || isDigest(value) || uuid.test(value);
  if (isChance) return true;
  if (place === 'told') return false;
  if (place === 'argument') return meaning === 'password' && isMixed(value);
  if (place === 'bare') return meaning === 'password' && isMixed(value) && !/^[A-Za-z_$][\w$.]*$/.test(value);
  if (meaning === 'password') return place !== 'line' || isMixed(value) || /[^\w.]/.test(value.slice(1));
  if (meaning === 'secret' && place !== 'line') {
    return value.length >= 6 && (isMixed(value) || !(place === 'literal' ? /[./]/ : /[-_./]/).test(value));
  }
  return value.length >= 8 && isMixed(value) && !/^[A-Za-z]+[-_.]?\d{1,2}$/.test(value);
}

/** Letters, and digits or marks besides them; or digits alone. */
function isMixed(value: string): boolean {
  return (
    (/\d/.test(value) && (/[A-Za-z]/.test(value) || /^\d{4,}$/.test(value))) ||
    /[A-Za-z][@#$%^&*!?+~]|[@#$%^&*!?+~][A-Za-z]/.test(value)
  );
}

/** Where a value is, and not what it is: a path, an address without a secret in it, a name with dots, a call. */
function isReference(value: string): boolean {
  if (/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(value)) return true;
  if (/^(?:\.{0,2}|~|[A-Za-z]:)[/\\](?:[\w .@-]+[/\\])*[\w .@-]*$/.test(value))
    return !value.split(/[/\\]/).some(part => part.length >= 12 && looksRandom(part));
  if (/^[A-Za-z_$][\w$]*(?:(?:\.|::|->|:)[A-Za-z_$][\w$]*)+$/.test(value)) return !looksRandom(value);
  if (/^[~^]?v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?$/.test(value) || encodings.test(value)) return true;
  // What stands between two literals that are joined, taken for a literal itself.
  if (/^[+&.,]\s*[A-Za-z_$][\w$.]*\(?$/.test(value)) return !looksRandom(value);
  return /^[A-Za-z_$][\w$.]*\(|^[({[]|=>|^\/.*\/[gimsuy]*$/.test(value);
}

/** Of code: something pointed at, negated or reached through something else; a small number. */
function isExpression(value: string): boolean {
  return /^[*&!]*[A-Za-z_$][\w$]*(?:[?!]?\.[A-Za-z_$][\w$]*)*$/.test(value)
    ? !looksRandom(value) && /[*&!.]/.test(value)
    : /^0x[0-9a-f]{1,8}$/i.test(value);
}

const quoted: ReadonlySet<ValuePlace> = new Set(['literal', 'argument', 'environment']);

/** Words of a phrase that nobody writes as a sentence. */
function isPassphrase(value: string, fewestWords: number): boolean {
  const words = value.split(' ');
  if (words.length < fewestWords || words.length > 24) return false;
  return words.every(word => /^[a-z0-9]{3,12}$/.test(word) && !sentenceWords.has(word));
}

const encodings =
  /^(?:utf-?(?:8|16|32)(?:-?[lb]e)?|latin-?1|iso-8859-\d+|cp-?\d+|base(?:32|58|64)(?:url)?|sha-?\d+|md5|hs\d+|rs\d+|es\d+|aes-?\d+)$/i;

const sentenceWords = new Set(
  `the and for are not you your with this that from must have has will can should please enter was were been password
  passphrase token secret key use used using when then than does did its our their one all any but how what where who why is
  new old reset forgot confirm change invalid wrong too short long at least characters match field required`.split(
    /\s+/,
  ),
);
