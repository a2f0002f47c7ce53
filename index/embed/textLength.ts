/**
 * How many tokens a text has at most, estimated on the safe side for the vocabularies of common models: a sign is one,
 * a word one for each few letters, indentation none.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(pieces)) tokens += tokensIn(piece);
  return tokens;
}

/** As much of a text as has no more tokens than that, estimated in the same way. */
export function cutToTokens(text: string, maxTokens: number): string {
  let tokens = 0;
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    tokens += tokensIn(piece);
    if (tokens > maxTokens) return text.slice(0, index);
  }
  return text;
}

/** Words as a change of case or a digit parts them, single signs, line ends. */
const pieces = /\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+|\p{N}+|\n\s*|[^\s\p{L}\p{N}]/gu;
const lettersPerToken = 4;
const digitsPerToken = 2;

function tokensIn(piece: string): number {
  if (/\p{N}/u.test(piece)) return Math.ceil(piece.length / digitsPerToken);
  return /\p{L}/u.test(piece) ? Math.ceil(piece.length / lettersPerToken) : 1;
}
