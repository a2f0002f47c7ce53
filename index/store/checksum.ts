/**
 * FNV-1a over all fields of a row, kept beside them: LanceDB notices a truncated file, not a flipped byte in it,
 * and a hit that was never in the workspace would be worse than none.
 */
export function checksum(fields: readonly (string | number)[]): number {
  let sum = 0x811c9dc5;
  for (const field of fields) {
    const text = typeof field === 'string' ? field : String(field);
    for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
    sum = Math.imul(sum ^ 0x1f, 0x01000193);
  }
  return sum | 0;
}

/** As UTF-8 gives it back: halves of surrogate pairs become U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}
