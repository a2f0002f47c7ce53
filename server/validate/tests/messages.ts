/** The first lines of what a runner says of a failure: enough to know why, without colours and stacks. */
export function firstLines(text: string, maxLines = 6, maxChars = 600): string {
  const lines = withoutColours(text)
    .split('\n')
    .map(line => line.trimEnd());
  const stack = lines.findIndex(line => /^\s+at\s.*(?:[:(]\d+:\d+\)?|<anonymous>\)?)$/.test(line));
  const said = (stack > 0 ? lines.slice(0, stack) : lines).filter(line => line.trim() !== '');
  return said.slice(0, maxLines).join('\n').slice(0, maxChars);
}

export function withoutColours(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, '');
}

/** The last lines, where what matters comes last. */
export function lastLines(text: string, maxLines = 12, maxChars = 1_000): string {
  const lines = withoutColours(text)
    .split('\n')
    .filter(line => line.trim() !== '');
  return lines.slice(-maxLines).join('\n').slice(-maxChars);
}
