/**
 * The lower-case parts of every word and identifier in `text`, in order: `parseHTTPHeaders2` gives parse, http, headers, 2.
 * Camel case, snake case, acronyms and digits part a word; so does whatever is neither letter nor digit.
 */
export function subTokens(text: string): string[] {
  const parts: string[] = [];
  forEachWord(text, (start, end) => splitWord(text, start, end, parts));
  return parts;
}

/** The lower-case parts of one name. */
export function splitIdentifier(name: string): string[] {
  return subTokens(name);
}

/** Whole identifiers of `text`, as they are written. */
export function identifiersOf(text: string): string[] {
  const names: string[] = [];
  forEachWord(text, (start, end) => names.push(text.slice(start, end)));
  return names;
}

/** Words of identifiers seen before: the same few make up most of a source tree. */
export type WordMemo = Map<string, readonly string[]>;

const maxMemoised = 20_000;

/**
 * What `text` is found by: sub-tokens, stemmed, without stop words, and each identifier of several parts also as a whole.
 * Both sides of a search go through here, so that a comment's "parses headers" meets `parseHeader`.
 * They are added to `words`, which is given back.
 */
export function searchWords(text: string, memo?: WordMemo, words: string[] = []): string[] {
  forEachWord(text, (start, end) => {
    const identifier = text.slice(start, end);
    let own = memo?.get(identifier);
    if (own === undefined) {
      own = wordsOfIdentifier(identifier);
      if (memo !== undefined) {
        if (memo.size >= maxMemoised) memo.clear();
        memo.set(identifier, own);
      }
    }
    for (const word of own) words.push(word);
  });
  return words;
}

/** What a question asks for: its search words, or all its words where they are none but stop words, as names may be. */
export function queryWords(query: string): string[] {
  const words = searchWords(query);
  return words.length > 0 ? words : subTokens(query).map(stem);
}

/** The search words of one whole identifier. */
export function wordsOfIdentifier(identifier: string): string[] {
  const parts: string[] = [];
  splitWord(identifier, 0, identifier.length, parts);
  const words = parts.filter(part => !stopWords.has(part)).map(stem);
  if (parts.length > 1) words.push(parts.join(''));
  return words;
}

/** Takes endings off an English word that rarely change what it is about. Not a dictionary form; only equal for kin. */
export function stem(word: string): string {
  let end = word.length;
  if (end < 4) return word;
  if (word.endsWith('ies') && end > 4) return `${word.slice(0, end - 3)}i`;
  if (word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us') && !word.endsWith('is')) end -= 1;
  if (end > 5 && word.endsWith('ing', end)) end = undouble(word, end - 3);
  else if (end > 4 && word.endsWith('ed', end)) end = undouble(word, end - 2);
  if (end > 3 && word.charCodeAt(end - 1) === lowerE) end -= 1;
  if (end > 3 && word.charCodeAt(end - 1) === lowerY) return `${word.slice(0, end - 1)}i`;
  return word.slice(0, end);
}

const lowerE = 101;
const lowerS = 115;
const lowerY = 121;

function undouble(word: string, end: number): number {
  const last = word.charCodeAt(end - 1);
  const doubled = end > 3 && last === word.charCodeAt(end - 2) && !'lsz'.includes(word[end - 1] ?? '');
  return doubled ? end - 1 : end;
}

const separator = 0;
const lower = 1;
const upper = 2;
const digit = 3;

const asciiClasses = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 97 && code <= 122) return lower;
  if (code >= 65 && code <= 90) return upper;
  return code >= 48 && code <= 57 ? digit : separator;
});

function characterClass(code: number): number {
  if (code < 128) return asciiClasses[code] ?? separator;
  const known = otherClasses.get(code);
  if (known !== undefined) return known;
  const found = classOf(code);
  otherClasses.set(code, found);
  return found;
}

/** Looked up by expression once each. */
const otherClasses = new Map<number, number>();

function classOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/\p{Lu}/u.test(character)) return upper;
  // A half of a surrogate pair counts as a letter: scripts beyond the first plane have no camel case.
  if (/[\p{L}\p{M}\p{Cs}]/u.test(character)) return lower;
  return /\p{N}/u.test(character) ? digit : separator;
}

const underscore = 95;
const dollar = 36;

/** Whether a unit is part of a word or identifier. */
export function isWordUnit(code: number): boolean {
  return characterClass(code) !== separator || code === underscore || code === dollar;
}

function forEachWord(text: string, visit: (start: number, end: number) => void): void {
  let start = -1;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : 0;
    if (isWordUnit(code)) {
      if (start < 0) start = index;
    } else if (start >= 0) {
      visit(start, index);
      start = -1;
    }
  }
}

function splitWord(text: string, start: number, end: number, parts: string[]): void {
  let partStart = start;
  let before: number = separator;
  const cut = (at: number) => {
    if (at > partStart) parts.push(text.slice(partStart, at).toLowerCase());
    partStart = at;
  };
  for (let index = start; index < end; index += 1) {
    const now = characterClass(text.charCodeAt(index));
    if (now === separator) {
      cut(index);
      partStart = index + 1;
    } else if (before !== separator && now !== before) {
      if (before === upper && now === lower) {
        // The last capital of an acronym begins the next word, unless only a plural's s follows: URLs.
        if (index - partStart > 1 && !isPluralEnd(text, index, end)) cut(index - 1);
      } else cut(index);
    }
    before = now;
  }
  cut(end);
}

function isPluralEnd(text: string, index: number, end: number): boolean {
  if (text.charCodeAt(index) !== lowerS) return false;
  return index + 1 >= end || characterClass(text.charCodeAt(index + 1)) !== lower;
}

/** English function words, and keywords so common that they tell nothing of a piece of code. */
const stopWords: ReadonlySet<string> = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have how i if in into is it its let may ' +
    'more most must no not of on only or other our shall should so some such than that the their them then there these ' +
    'they this those to was we were what when where which while who will with would you your ' +
    'break case catch class const continue def defer elif else end enum except export extends false final finally fn ' +
    'func function go implements import interface lambda new nil none null package pass private protected public pub ' +
    'raise return returns self static struct super switch throw throws true try type undefined val var void yield'
  ).split(' '),
);
