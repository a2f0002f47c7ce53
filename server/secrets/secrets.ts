/** One secret in a text: [start, end) in utf-16 units, the value alone without its quotes or its name. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** What it looks like, kebab-case: `aws-access-key`, `private-key`, `password`. Never the value. */
  readonly kind: string;
}

/**
 * Finds what looks like a key, a password or a token. Ordered by start, without overlaps. Pure: nothing is kept of a text
 * beyond a bounded cache by its hash.
 */
export interface SecretFinder {
  find(text: string): Promise<readonly FoundSecret[]>;
}
