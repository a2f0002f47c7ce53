/** A passage that says under whose licence, or whose, a text is. */
export interface Header {
  readonly kind: 'licence' | 'copyright';
  /** What it declares: an SPDX expression, words of a licence, the holder of the rights. */
  readonly says: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Headers as licences ask for them. Text that only speaks of licences is none: what stands in a literal, a list of names, a
 * sentence without the words of such a header.
 */
export function headersOf(text: string): Header[] {
  return [
    ...found(text, tagged, 'licence', match => match[1]?.replace(/\s*(?:\*\/|-->|"""|''').*$/, '').trim() ?? ''),
    ...found(text, worded, 'licence', match =>
      `GNU ${(match[1] ?? '').trim()} General Public License ${match[2] ?? ''}`.replace(/ +/g, ' ').trim(),
    ),
    ...found(text.slice(0, 3000), copyrighted, 'copyright', match => (match[1] ?? '').replace(/[.\s]+$/, '')),
  ];
}

const tagged = /SPDX-License-Identifier:[ \t]*([^\n]{2,120})/g;
const worded =
  /(?:under|of) (?:the )?(?:terms of )?(?:the )?\W{0,12}GNU\W{1,12}(Affero |Lesser |Library )?General\W{1,12}Public\W{1,12}License(?:(?:,|\s|\W){1,12}(?:as published|either version|version (\d)|v(\d)))?/g;
const copyrighted =
  /^[ \t]*(?:\/\/|\/?\*+|#|--|;+|%|<!--|"""|''')?[ \t!*]*Copyright[ \t]+(?:\([cC]\)|©)?[ \t]*(?:\d{4}[\d, -]*(?:present)?,?[ \t]+)(?:by[ \t]+)?([A-Z][^\n<(]{2,80}?)(?:\.|,?[ \t]+All rights reserved.*|[ \t]*[<(].*|[ \t]*\*\/)?[ \t]*$/gm;

function found(
  text: string,
  pattern: RegExp,
  kind: Header['kind'],
  saidBy: (match: RegExpExecArray) => string,
): Header[] {
  return [...text.matchAll(pattern)].flatMap(match => {
    const lineStart = text.lastIndexOf('\n', match.index) + 1;
    const before = text.slice(lineStart, match.index);
    // In a literal: a program that deals with licences.
    if (/["'`](?!["'])/.test(before.replace(/"""|'''/g, ''))) return [];
    return [{ kind, says: saidBy(match), start: match.index, end: match.index + match[0].length }];
  });
}
