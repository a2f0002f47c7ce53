import { isUtf8 } from 'node:buffer';
import type { SkipReason } from './codeIndex.js';

const BINARY_SAMPLE_BYTES = 8192;
const HEADER_LINES = 30;

/** The text of a file that a person may have written, or why it is none. */
export function readableText(bytes: Buffer): { readonly text: string } | { readonly reason: SkipReason } {
  const text = decode(bytes);
  if (text === null) return { reason: 'binary' };
  if (isGenerated(text)) return { reason: 'generated' };
  if (isMinified(text)) return { reason: 'minified' };
  return { text };
}

/** UTF-8 and UTF-16 with its mark; anything else that is mostly ASCII as Latin-1; null for what is no text. */
export function decode(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes.subarray(0, BINARY_SAMPLE_BYTES).includes(0)) return null;
  if (isUtf8(bytes)) return bytes.toString('utf8', startsWithMark(bytes) ? 3 : 0);
  return looksLatin(bytes) ? bytes.toString('latin1') : null;
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function looksLatin(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, BINARY_SAMPLE_BYTES);
  let strange = 0;
  for (const byte of sample) {
    const isControl = byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27;
    if (isControl || (byte >= 0x7f && byte < 0xa0)) strange += 4;
    else if (byte >= 0xa0) strange += 1;
  }
  return strange * 5 < sample.length;
}

const COMMENT_LINE = /^\s*(?:\/\/|\/\*|\*|#|--|<!--|;|%|'''|"""|\(\*|\{-|@?rem\b)/i;
const GENERATED_MARKS = /\bcode generated\b.*\bdo not edit\b|(?:^|[\s/*#])@generated\b|<auto-?generated/i;
const SAYS_GENERATED = /\b(?:auto(?:matically)?[- ]?generated|generated (?:by|from|with|automatically|file|code))\b/i;
const SAYS_HANDS_OFF = /\bdo not (?:edit|modify|change)\b|\bdon't (?:edit|modify)\b|\bmanual changes\b.*\blost\b/i;

/** Says so itself, in a comment among its first lines. */
export function isGenerated(text: string): boolean {
  const header = text
    .slice(0, 4096)
    .split('\n', HEADER_LINES)
    .filter(line => COMMENT_LINE.test(line))
    .join('\n');
  return GENERATED_MARKS.test(header) || (SAYS_GENERATED.test(header) && SAYS_HANDS_OFF.test(header));
}

const MINIFIED_MIN_CHARS = 2000;
const LONG_LINE_CHARS = 400;

/** Most of it stands on very long lines with hardly a space: no person reads or writes that. Prose has spaces. */
export function isMinified(text: string): boolean {
  if (text.length < MINIFIED_MIN_CHARS) return false;
  let inLongLines = 0;
  let spaces = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > LONG_LINE_CHARS) {
      inLongLines += end - start;
      for (let at = start; at < end; at++) if (text.charCodeAt(at) === 32) spaces++;
    }
    start = end + 1;
  }
  return inLongLines * 2 > text.length && spaces * 9 < inLongLines;
}
