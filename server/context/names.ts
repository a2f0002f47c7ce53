import type { Language } from '../../grammars/language.js';

/** An identifier that stands near the cursor, and how much its definition would tell. */
export interface NearName {
  readonly name: string;
  /** From 0; the largest are looked up. */
  readonly weight: number;
}

/** Lines before and behind the cursor that names are taken from. */
const linesBefore = 60;
const linesBehind = 12;
/** Half as much so many lines away. */
const halfLines = 12;

/**
 * Identifiers of the lines around one, which itself is left out: `before` ends where that line begins and `behind`
 * begins where it ends. `typed` is what of it may count too. Long names tell more than short ones, private ones less.
 */
export function namesNear(
  before: string,
  behind: string,
  typed: string,
  imported: ReadonlySet<string>,
  language: Language | null,
): readonly NearName[] {
  const weights = new Map<string, number>();
  const add = (text: string, distance: number): void => {
    for (const [name] of withoutQuoted(text, language).matchAll(identifiers)) {
      if (name.length < 3 || keywords.has(name)) continue;
      const near = 1 / (1 + distance / halfLines);
      // Often and near is more than once and near, but not as often as it stands there.
      weights.set(name, Math.min(2.5, (weights.get(name) ?? 0) + near));
    }
  };
  const above = lastLines(before, linesBefore);
  for (const [at, line] of above.entries()) add(line, above.length - 1 - at);
  const below = behind.split('\n', linesBehind + 1);
  for (const [at, line] of below.entries()) add(line, at + 2);
  if (typed !== '') for (let count = 0; count < 3; count++) add(typed, 0);
  return [...weights]
    .map(([name, weight]) => ({ name, weight: weight * shapeWeight(name) * (imported.has(name) ? 2 : 1) }))
    .sort((left, right) => right.weight - left.weight || (left.name < right.name ? -1 : 1));
}

/** What any place of a text may name, what tells most first; at most `limit`. */
export function namesIn(text: string, limit: number, language: Language | null): readonly string[] {
  const weights = new Map<string, number>();
  for (const line of text.slice(0, maxUnits).split('\n')) {
    for (const [name] of withoutQuoted(line, language).matchAll(identifiers)) {
      if (name.length < 3 || keywords.has(name)) continue;
      weights.set(name, Math.min(2.5, (weights.get(name) ?? 0) + 0.5));
    }
  }
  return [...weights]
    .map(([name, weight]) => ({ name, weight: weight * shapeWeight(name) }))
    .sort((left, right) => right.weight - left.weight)
    .slice(0, limit)
    .map(({ name }) => name);
}

const identifiers = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const maxUnits = 200_000;

/** Names of several words or of eight units and more are rarely chance; those that begin with `_` are a file's own. */
function shapeWeight(name: string): number {
  if (/^[_$#]/.test(name)) return 0.2;
  const isCompound = /[\p{Ll}\p{N}]\p{Lu}|[^_]_[^_]/u.test(name);
  if (/^\p{Lu}/u.test(name) && !/^[\p{Lu}\p{N}_]+$/u.test(name)) return isCompound ? 2.2 : 1.8;
  return isCompound || name.length >= 8 ? 1.5 : name.length <= 4 ? 0.5 : 0.8;
}

function lastLines(text: string, count: number): string[] {
  let at = text.length;
  for (let lines = 0; lines <= count && at > 0; lines++) at = text.lastIndexOf('\n', at - 1);
  return text.slice(Math.max(0, at + 1)).split('\n');
}

/** Words of strings and of comments at a line's end name nothing. What spans lines is not followed. */
function withoutQuoted(line: string, language: Language | null): string {
  const plain = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  let end = plain.length;
  for (const mark of language?.lineComments ?? ['//', '#']) {
    const at = plain.indexOf(mark);
    if (at >= 0) end = Math.min(end, at);
  }
  return /^\s*\*/.test(plain) ? '' : plain.slice(0, end);
}

/** Of all languages together: a keyword of one is rarely worth a look-up in another. */
const keywords: ReadonlySet<string> = new Set(
  (
    'and any async await bool boolean break byte case catch chan char class const constructor continue def default defer ' +
    'del delete dict double dyn elif else enum err except export extends false final finally float fmt fn for from func ' +
    'function get global goto http if impl implements import in include instanceof int int32 int64 interface isinstance ' +
    'lambda len let list long loop map match mod module mut namespace new nil None nonlocal not null number object ' +
    'of or Ok override package pass print private protected pub public raise range readonly ref rest return ' +
    'self Self set short static std str string struct super switch template this throw throws trait true True False try type ' +
    'typeof tuple uint undefined union unsafe unsigned use using var virtual void volatile where while with yield unknown ' +
    'never String Some Option Result Vec Box Promise Array Object Error console error assert describe test expect'
  ).split(' '),
);
