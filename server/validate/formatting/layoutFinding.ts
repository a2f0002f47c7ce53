import type { Finding, SourceFile } from '../validator.js';

/**
 * One finding for a file that is not as its formatter would have it: whether it was so before is then told by the rule alone. The
 * fix is what differs, without what both begin and end with, in whole lines.
 */
export function layoutFinding(file: SourceFile, formatted: string, formatter: string): Finding | null {
  // A formatter that sets line ends differs in every line; the file's own stay.
  const wanted = /\r\n/.test(file.text) && !/\r\n/.test(formatted) ? formatted.replaceAll('\n', '\r\n') : formatted;
  if (wanted === file.text) return null;
  const { start, end, text } = difference(file.text, wanted);
  return {
    rule: 'formatting/not-formatted',
    severity: 'info',
    path: file.path,
    start,
    end,
    message: `${formatter} lays this out in another way.`,
    fix: [{ start, end, text }],
  };
}

function difference(
  before: string,
  after: string,
): { readonly start: number; readonly end: number; readonly text: string } {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before.charCodeAt(same) === after.charCodeAt(same)) same++;
  const start = same === 0 ? 0 : before.lastIndexOf('\n', same - 1) + 1;
  let tail = 0;
  while (
    tail < most - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  // Up to the end of a line, which both share from here on.
  const line = before.indexOf('\n', before.length - tail);
  const end = line < 0 || tail === 0 ? before.length : Math.max(line, start);
  return { start, end, text: after.slice(start, after.length - (before.length - end)) };
}
