import type { Language } from './language.js';
import { maskCode } from './maskCode.js';

/**
 * Where the comment or string begins that a piece of code ends in, unless it ends with its line by itself; null where it
 * ends in code. By the text alone, so that what only looks like a quote may be taken for one.
 */
export function openedQuote(code: string, language: Language): number | null {
  const { open } = maskCode(code, language);
  if (open === null) return null;
  const { strings, blockComments, lineComments } = language;
  const openers = open === 'string' ? strings.map(string => string.open) : blockComments.map(([opener]) => opener);
  let begin: number | null = null;
  for (let at = code.length - 1; at >= 0 && begin === null; at--) {
    const isOpener = openers.some(opener => code.startsWith(opener, at));
    const isLine = open === 'comment' && lineComments.some(opener => code.startsWith(opener, at));
    if ((!isOpener && !isLine) || maskCode(code, language, at).open !== null) continue;
    if (isLine && !isOpener) return null;
    begin = at;
  }
  // A quote of three marks is found at its last one first.
  while (begin !== null && begin > 0 && /["'`]/.test(code[begin] ?? '') && code[begin - 1] === code[begin]) begin--;
  return begin;
}

/**
 * The same for what is put inside a comment or string that begins with `opener`: where it begins something else that it
 * leaves open, be it behind the end of that or in it, as `${` does.
 */
export function openedWithin(opener: string, text: string, language: Language): number | null {
  const begin = openedQuote(opener + text, language);
  if (begin !== null && begin >= opener.length) return begin - opener.length;
  const syntax = language.strings.find(({ open }) => opener.startsWith(open));
  if (begin === null || syntax?.interpolation == null) return null;
  const [open, close] = syntax.interpolation;
  const last = text.lastIndexOf(open);
  return last >= 0 && !text.includes(close, last) ? last : null;
}
