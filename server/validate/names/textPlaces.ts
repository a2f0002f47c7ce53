/** Where a line and a column of a tool lie in a text, as an offset in utf-16 units; both count from 1. */
export function offsetOf(text: string, line: number, column: number, unit: 'bytes' | 'characters'): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  if (unit === 'characters') return Math.min(text.length, start + column - 1);
  const end = text.indexOf('\n', start);
  const bytes = Buffer.from(text.slice(start, end < 0 ? undefined : end));
  return start + bytes.subarray(0, column - 1).toString('utf8').length;
}

/** The name at an offset, or the one unit there. */
export function wordAt(text: string, start: number): { readonly start: number; readonly end: number } {
  const word = /^[\p{L}_$][\p{L}\p{N}_$]*|^"[^"\n]*"/u.exec(text.slice(start, start + 400))?.[0];
  return { start, end: Math.min(text.length, start + (word ?? ' ').length) };
}
