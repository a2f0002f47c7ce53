/** Whether most lines of a new file stand in one of the others: it was moved or copied, so nobody typed it. */
export function isCopied(text: string, others: Iterable<string>): boolean {
  const known = new Set<string>();
  for (const other of others) for (const line of other.split('\n')) known.add(line.trim());
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.length > 8);
  return lines.filter(line => known.has(line)).length > lines.length / 2;
}
