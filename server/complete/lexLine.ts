import type { Language, StringSyntax } from '../../grammars/language.js';

/** What the cursor stands in, as far as its own line tells. */
export type LineState =
  | { readonly kind: 'code' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'string'; readonly syntax: StringSyntax; readonly content: string };

const code: LineState = { kind: 'code' };

/**
 * Reads one line up to the cursor, taking its start for code. Comments and strings that began on a line above are the
 * syntax tree's to know.
 */
export function lexLine(prefix: string, language: Language): LineState {
  // Strings that an interpolation interrupts, innermost last.
  const interrupted: StringSyntax[] = [];
  let at = 0;
  while (at < prefix.length) {
    const interrupting = interrupted.at(-1) ?? null;
    if (interrupting !== null && interrupting.interpolation !== null) {
      if (prefix.startsWith(interrupting.interpolation[1], at)) {
        interrupted.pop();
        const contentStart = at + interrupting.interpolation[1].length;
        const end = endOfString(prefix, contentStart, interrupting);
        if (end.kind === 'open') return inString(interrupting, prefix.slice(contentStart));
        if (end.kind === 'interrupted') interrupted.push(interrupting);
        at = end.at;
        continue;
      }
    }
    if (startsLineComment(prefix, at, language)) return { kind: 'comment' };
    const block = language.blockComments.find(([open]) => prefix.startsWith(open, at));
    if (block !== undefined) {
      const end = prefix.indexOf(block[1], at + block[0].length);
      if (end < 0) return { kind: 'comment' };
      at = end + block[1].length;
      continue;
    }
    const syntax = stringAt(prefix, at, language.strings);
    if (syntax === null) {
      at++;
      continue;
    }
    const contentStart = at + syntax.open.length;
    const end = endOfString(prefix, contentStart, syntax);
    if (end.kind === 'open') return inString(syntax, prefix.slice(contentStart));
    if (end.kind === 'interrupted') interrupted.push(syntax);
    at = end.at;
  }
  return code;
}

function inString(syntax: StringSyntax, content: string): LineState {
  return { kind: 'string', syntax, content };
}

/** `#` inside a word or after `$` starts no comment in shells and the like; `//` after `:` is a URL's. */
function startsLineComment(line: string, at: number, language: Language): boolean {
  const opener = language.lineComments.find(comment => line.startsWith(comment, at));
  if (opener === undefined) return false;
  const before = line[at - 1] ?? ' ';
  if (opener === '#') return /[\s;({[,)]/.test(before);
  return opener !== '//' || before !== ':';
}

/** The longest opener that fits: three quotes before one. */
function stringAt(line: string, at: number, strings: readonly StringSyntax[]): StringSyntax | null {
  let best: StringSyntax | null = null;
  for (const syntax of strings) {
    if (line.startsWith(syntax.open, at) && syntax.open.length > (best?.open.length ?? 0)) best = syntax;
  }
  // An apostrophe behind a letter is a lifetime's, a digit separator's or a word's.
  return best?.open === "'" && /\w/.test(line[at - 1] ?? '') ? null : best;
}

type StringEnd = { readonly kind: 'closed' | 'interrupted'; readonly at: number } | { readonly kind: 'open' };

function endOfString(line: string, from: number, syntax: StringSyntax): StringEnd {
  let at = from;
  while (at < line.length) {
    if (syntax.escape !== null && line.startsWith(syntax.escape, at)) {
      at += syntax.escape.length + 1;
    } else if (line.startsWith(syntax.close, at)) {
      return { kind: 'closed', at: at + syntax.close.length };
    } else if (syntax.interpolation !== null && line.startsWith(syntax.interpolation[0], at)) {
      return { kind: 'interrupted', at: at + syntax.interpolation[0].length };
    } else {
      at++;
    }
  }
  return { kind: 'open' };
}
