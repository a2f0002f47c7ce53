import type { Language } from './language.js';

/**
 * What would close the comment or string over lines that a piece of code ends in; empty where it ends in none. A quote
 * that is not closed is no token to a parser, whereas everything else that is left open is.
 */
export function openQuote(code: string, { strings, lineComments, blockComments }: Language): string {
  let at = 0;
  while (at < code.length) {
    const line = lineComments.find(open => code.startsWith(open, at));
    const block = blockComments.find(([open]) => code.startsWith(open, at));
    const string = strings.find(({ open }) => code.startsWith(open, at));
    if (block !== undefined) {
      const end = code.indexOf(block[1], at + block[0].length);
      if (end < 0) return block[1];
      at = end + block[1].length;
    } else if (line !== undefined) {
      const end = code.indexOf('\n', at);
      if (end < 0) return '';
      at = end;
    } else if (string !== undefined) {
      at += string.open.length;
      while (at < code.length && !code.startsWith(string.close, at) && (string.multiline || code[at] !== '\n')) {
        at += code[at] === string.escape ? 2 : 1;
      }
      if (at >= code.length && string.multiline) return string.close;
      if (code.startsWith(string.close, at)) at += string.close.length;
    } else at++;
  }
  return '';
}
