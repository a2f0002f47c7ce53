import { createHash } from 'node:crypto';
import { findSecrets, merge } from './findSecrets.js';
import { loadSecretlint } from './secretlint.js';
import type { FoundSecret, SecretFinder } from './secrets.js';

/** Passages are shown to a model again and again. Offsets only; no text is kept. */
const maxCached = 512;

/** Our own rules and those of secretlint, which are loaded for the first text. */
export function createSecretFinder(): SecretFinder {
  const cache = new Map<string, readonly FoundSecret[]>();
  let loading: Promise<(text: string) => Promise<FoundSecret[]>> | null = null;

  return {
    async find(text) {
      if (text.length < shortest) return [];
      const key = createHash('sha256').update(text).digest('base64');
      const known = cache.get(key);
      if (known !== undefined) {
        cache.delete(key);
        cache.set(key, known);
        return known;
      }
      loading ??= loadSecretlint();
      const runSecretlint = await loading;
      const found = merge([...findSecrets(text), ...(await runSecretlint(text))], text);
      cache.set(key, found);
      const [oldest] = cache.keys();
      if (cache.size > maxCached && oldest !== undefined) cache.delete(oldest);
      return found;
    },
  };
}

/** `pw=abc1`; nothing shorter is a secret with its name. */
const shortest = 7;
