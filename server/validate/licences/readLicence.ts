import type { Info } from 'spdx-expression-parse';

/** A licence as it is declared, and as an SPDX expression where it is one or clearly means one. */
export interface Licence {
  readonly expression: string;
  readonly info: Info;
}

/** Null where what is declared cannot be understood. */
export async function readLicence(declared: string): Promise<Licence | null> {
  const { default: parse } = await import('spdx-expression-parse');
  for (const expression of [declared.trim(), meantBy(declared)]) {
    if (expression === null || expression === '') continue;
    try {
      return { expression, info: parse(expression) };
    } catch {
      // It is no expression of SPDX: the next way of reading it.
    }
  }
  return null;
}

/** What people write for an identifier, and classifiers of Python. */
function meantBy(declared: string): string | null {
  const text = declared.replace(/\s+/g, ' ').trim();
  return meanings.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

const meanings: readonly (readonly [RegExp, string])[] = [
  [/^unlicensed$|proprietary|all rights reserved/i, 'LicenseRef-Proprietary'],
  [/affero.*\b3|^agpl[ -]?v?3/i, 'AGPL-3.0-or-later'],
  [/affero|^agpl/i, 'AGPL-3.0-or-later'],
  [/lesser.*\b3|^lgpl[ -]?v?3/i, 'LGPL-3.0-or-later'],
  [/lesser|library general|^lgpl/i, 'LGPL-2.1-or-later'],
  [/general public license.*\b3|^(?:gnu )?gpl[ -]?v?3/i, 'GPL-3.0-or-later'],
  [/general public license.*\b2|^(?:gnu )?gpl[ -]?v?2/i, 'GPL-2.0-or-later'],
  [/general public license|^(?:gnu )?gpl\b/i, 'GPL-2.0-or-later'],
  [/mozilla public|^mpl/i, 'MPL-2.0'],
  [/apache/i, 'Apache-2.0'],
  [/\bbsd\b.*\b2|simplified bsd/i, 'BSD-2-Clause'],
  [/\bbsd\b/i, 'BSD-3-Clause'],
  [/\bmit\b/i, 'MIT'],
  [/\bisc\b/i, 'ISC'],
  [/python software foundation|^psf/i, 'Python-2.0'],
  [/public domain/i, 'CC0-1.0'],
  [/unlicense/i, 'Unlicense'],
  [/zope public|^zpl/i, 'ZPL-2.1'],
];

/** By the words of a licence's text, of which the first lines say what it is. */
export function licenceOfText(text: string): string | null {
  const start = text.slice(0, 3000).replace(/\s+/g, ' ');
  if (/GNU AFFERO GENERAL PUBLIC LICENSE/i.test(start)) return 'AGPL-3.0-or-later';
  if (/GNU (?:LESSER|LIBRARY) GENERAL PUBLIC LICENSE/i.test(start))
    return /Version 3/i.test(start) ? 'LGPL-3.0-or-later' : 'LGPL-2.1-or-later';
  if (/GNU GENERAL PUBLIC LICENSE/i.test(start))
    return /Version 3/i.test(start) ? 'GPL-3.0-or-later' : 'GPL-2.0-or-later';
  if (/Apache License,? Version 2/i.test(start)) return 'Apache-2.0';
  if (/Mozilla Public License/i.test(start)) return 'MPL-2.0';
  if (/Eclipse Public License/i.test(start)) return 'EPL-2.0';
  if (/Permission is hereby granted, free of charge/i.test(start)) return 'MIT';
  if (/Permission to use, copy, modify, and(?:\/or)? distribute this software/i.test(start)) return 'ISC';
  if (/Redistribution and use in source and binary forms/i.test(start)) return 'BSD-3-Clause';
  return /free and unencumbered software released into the public domain/i.test(start) ? 'Unlicense' : null;
}
