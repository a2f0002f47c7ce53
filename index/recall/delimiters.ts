import type { Language } from '../../grammars/language.js';
import { regionOf } from './tokenKinds.js';

/** What begins a string or a comment, and what ends it. */
export interface Delimiter {
  /** From 1; 0 stands for code. */
  readonly index: number;
  readonly region: number;
  readonly open: string;
  /** Empty where the end of the line ends it. */
  readonly close: string;
  /** Code of the character that takes the next one literally, or -1. */
  readonly escape: number;
  readonly multiline: boolean;
  readonly interpolation: readonly [open: string, close: string] | null;
}

export interface Delimiters {
  /** Entry 0 is not used. */
  readonly all: readonly (Delimiter | null)[];
  /** By the code of the first character (below 128), the longest first. */
  readonly byFirst: readonly (readonly Delimiter[] | undefined)[];
}

/** More than any language has; they must fit the state that a newline keeps. */
const maxDelimiters = 31;

export function delimitersOf(language: Language | null): Delimiters {
  if (language === null) return noDelimiters;
  let known = cache.get(language);
  if (known === undefined) cache.set(language, (known = compile(language)));
  return known;
}

export const noDelimiters: Delimiters = { all: [null], byFirst: [] };

const cache = new WeakMap<Language, Delimiters>();

function compile(language: Language): Delimiters {
  const rows: Omit<Delimiter, 'index'>[] = [];
  const comment = { region: regionOf.comment, escape: -1, interpolation: null };
  for (const open of language.lineComments) rows.push({ ...comment, open, close: '', multiline: false });
  for (const [open, close] of language.blockComments) rows.push({ ...comment, open, close, multiline: true });
  for (const { open, close, escape, multiline, interpolation } of language.strings) {
    const escapeCode = escape === null ? -1 : escape.charCodeAt(0);
    rows.push({ region: regionOf.string, open, close, escape: escapeCode, multiline, interpolation });
  }
  const usable = rows.filter(row => row.open !== '' && row.open.charCodeAt(0) < 128).slice(0, maxDelimiters);
  const all = usable.map((row, at) => ({ ...row, index: at + 1 }));
  const byFirst: Delimiter[][] = [];
  for (const delimiter of all) (byFirst[delimiter.open.charCodeAt(0)] ??= []).push(delimiter);
  for (const group of byFirst) group?.sort((a, b) => b.open.length - a.open.length);
  return { all: [null, ...all], byFirst };
}
