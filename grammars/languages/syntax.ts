import type { Language, StringSyntax } from '../language.js';

type Row = Pick<Language, 'id' | 'name'> & Partial<Language>;

/** Fills in what most languages do not have. */
export function row(values: Row): Language {
  return {
    aliases: [],
    extensions: [],
    fileNames: [],
    interpreters: [],
    grammar: null,
    lineComments: [],
    blockComments: [],
    strings: [],
    blocksByIndentation: false,
    prose: false,
    ...values,
  };
}

export const slashes = { lineComments: ['//'], blockComments: [['/*', '*/']] } as const;
export const hashes = { lineComments: ['#'] } as const;
export const angles = { blockComments: [['<!--', '-->']] } as const;

/** A string that ends with its line, with `\` as escape. */
export function short(quote: string, values: Partial<StringSyntax> = {}): StringSyntax {
  return { open: quote, close: quote, escape: '\\', multiline: false, interpolation: null, ...values };
}

/** A string that may go on over lines, with `\` as escape. */
export function long(quote: string, values: Partial<StringSyntax> = {}): StringSyntax {
  return short(quote, { multiline: true, ...values });
}

/** A string over lines in which nothing is special but its end. */
export function raw(open: string, close: string = open): StringSyntax {
  return { open, close, escape: null, multiline: true, interpolation: null };
}
