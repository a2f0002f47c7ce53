/** The typed part of a line, cut where a token can begin. */
export interface Healed {
  /** Goes into the prompt. */
  readonly kept: string;
  /** A blank that the answer has to bring along, and that is taken off it again; or the empty string. */
  readonly healed: string;
}

/**
 * Cuts the last blank off: in most vocabularies it belongs to the token of the word behind it, so that a prompt that ends in
 * one asks for something that never follows. The blanks before it are a token of their own, often together with the line
 * break, and stay. Measured on SmolLM2-135M, how often of 40 the first character was right, with none, all and the last
 * cut off: 8, 1 and 23 in an empty line's indentation; 6, 18 and 19 in the middle of a line.
 */
export function heal(typed: string): Healed {
  const kept = typed.replace(/[ \t]$/, '');
  return { kept, healed: typed.slice(kept.length) };
}
