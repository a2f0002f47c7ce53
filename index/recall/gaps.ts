/**
 * The blanks before a token in one byte: up to 191 spaces as they are, or from 192 on up to 15 tabs and 3 spaces.
 * Before a newline the byte counts the line ends that fell together there: 2 is one empty line.
 */
export function encodeGap(spaces: number, tabs: number): number {
  if (tabs === 0) return Math.min(spaces, 191);
  return 192 + Math.min(tabs, 15) * 4 + Math.min(spaces, 3);
}

export function gapText(gap: number): string {
  return gap < 192 ? ' '.repeat(gap) : '\t'.repeat((gap - 192) >> 2) + ' '.repeat((gap - 192) & 3);
}

/** How wide a gap looks, a tab as four columns. */
export function gapColumns(gap: number): number {
  return gap < 192 ? gap : ((gap - 192) >> 2) * 4 + ((gap - 192) & 3);
}

export function gapHasTabs(gap: number): boolean {
  return gap >= 192;
}
