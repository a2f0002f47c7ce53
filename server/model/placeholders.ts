import { createHmac, randomBytes } from 'node:crypto';

export interface Placeholders {
  /** `REDACTED_PASSWORD_1`: the same for the same secret, another for another. */
  of(kind: string, secret: string): string;
}

/** Secrets in one workspace are few; this bounds the memory of a process that lives for weeks. */
const maxKnown = 10_000;

/**
 * Numbered names for secrets. The number says nothing of the secret, as a digest of a short one would; what is remembered
 * is a digest by a key that this process alone has, and never writes down.
 */
export function createPlaceholders(): Placeholders {
  const key = randomBytes(32);
  const known = new Map<string, string>();
  const counters = new Map<string, number>();

  return {
    of(kind, secret) {
      const digest = createHmac('sha256', key).update(secret).digest('base64');
      const before = known.get(digest);
      const placeholder = before ?? next(kind);
      known.delete(digest);
      known.set(digest, placeholder);
      const [oldest] = known.keys();
      if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
      return placeholder;
    },
  };

  function next(kind: string): string {
    const number = (counters.get(kind) ?? 0) + 1;
    counters.set(kind, number);
    return `REDACTED_${kind.toUpperCase().replaceAll('-', '_')}_${number}`;
  }
}
