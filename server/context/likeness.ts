/** Passages are compared by their lines: those that say something, with or without a body behind them. */
export function tellingLines(text: string): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const line of text.split('\n')) {
    const code = line.trim().replace(opening, '');
    if (code.length >= 8 && /[\p{L}\p{N}]/u.test(code)) lines.add(code);
  }
  return lines;
}

/** What ends a line that a body follows, or where one was left out. */
const opening = /\s*(?:\{(?: \.\.\. \})?|:(?: \.\.\.)?|;|,)$/;

/** What share of the lines of one stands in the other, from 0 to 1; 0 for what has none. */
export function shareIn(lines: ReadonlySet<string>, others: ReadonlySet<string>): number {
  if (lines.size === 0) return 0;
  let shared = 0;
  for (const line of lines) if (others.has(line)) shared++;
  return shared / lines.size;
}
