/** A token of a line: [start, end) in columns. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly isName: boolean;
}

/** Names and numbers, and each other mark on its own. Not the engine's lexer: a measure must not move with what it measures. */
export function splitTokens(line: string): Token[] {
  return [...line.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*|\p{N}[\p{L}\p{N}_.]*|[^\s]/gu)].map(match => ({
    start: match.index,
    end: match.index + match[0].length,
    isName: /^[\p{L}_$]/u.test(match[0]),
  }));
}

export interface Cursor {
  readonly kind: 'start' | 'middle' | 'name';
  readonly column: number;
}

/** The line's start (behind its indentation), a random boundary of tokens, and a place inside a name; left to right. */
export function chooseCursors(tokens: readonly Token[], random: () => number): Cursor[] {
  const cursors: Cursor[] = [{ kind: 'start', column: tokens[0]?.start ?? 0 }];
  const middle = tokens[1 + Math.floor(random() * (tokens.length - 1))];
  if (middle) cursors.push({ kind: 'middle', column: middle.start });
  const names = tokens.filter(({ isName, start, end }) => isName && end - start >= 4);
  const name = names[Math.floor(random() * names.length)];
  if (name) cursors.push({ kind: 'name', column: name.start + 1 + Math.floor(random() * (name.end - name.start - 1)) });
  return cursors.sort((a, b) => a.column - b.column);
}
