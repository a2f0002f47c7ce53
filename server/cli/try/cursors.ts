/** Where in a line it is asked, as columns in utf-16 units, left to right. */
export function chooseColumns(line: string, random: () => number): readonly number[] {
  const tokens = splitTokens(line);
  const first = tokens[0];
  if (first === undefined) return [];
  const columns = new Set([first.start]);
  const boundary = pick(tokens.slice(1), random);
  if (boundary !== undefined) columns.add(boundary.start);
  const name = pick(
    tokens.filter(({ text }) => /^[\p{L}_$][\p{L}\p{N}_$]{3,}$/u.test(text)),
    random,
  );
  if (name !== undefined) columns.add(name.start + 1 + Math.floor(random() * (name.text.length - 1)));
  return [...columns].sort((a, b) => a - b);
}

/** Numbers from 0 to 1, the same ones for the same seed (Marsaglia's xorshift, 2003). */
export function createRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(items: readonly Item[], random: () => number): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

function splitTokens(line: string): { readonly start: number; readonly text: string }[] {
  return [...line.matchAll(/[\p{L}\p{N}_$]+|[^\s]/gu)].map(({ index, 0: text }) => ({ start: index, text }));
}
