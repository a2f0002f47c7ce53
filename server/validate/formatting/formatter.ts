import type { SourceFile, Unknown } from '../validator.js';

/** What a formatter says of one file. */
export type Layout =
  | { readonly kind: 'formatted'; readonly text: string; readonly by: string }
  /** The project does not have such files laid out, or the file is not of the language: nothing is said of it. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

export const unused: Layout = { kind: 'unused' };

export function unknownLayout(why: string, remedy: string | null = null, missing: string | null = null): Layout {
  return { kind: 'unknown', unknown: { why, remedy, missing } };
}

/** Lays files out one way; the answers in the order of the files. Raises nothing but the signal's reason and Failures of a thread. */
export type Formatter = (
  files: readonly SourceFile[],
  folder: string,
  signal: AbortSignal,
) => Promise<readonly Layout[]>;

/** Where the time for all files is over, the rest is unknown: prettier takes ten milliseconds for each, and a check is to take seconds. */
export const budgetMs = 8_000;

export const tooMany: Layout = unknownLayout('There are too many files to lay them all out.');
