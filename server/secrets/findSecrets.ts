import { findInCommands } from './commandLines.js';
import { findCredentialsInUrls } from './credentialsInUrls.js';
import { findTokens } from './findTokens.js';
import { findNamedValues } from './namedValues.js';
import { ownPlaceholder } from './placeholder.js';
import { findPrivateKeys } from './privateKeys.js';
import type { FoundSecret } from './secrets.js';
import { findStructured } from './structuredSecrets.js';

/** Each looks for another way to know a secret; the first that knows a place gives it its kind. */
const ways: readonly ((text: string) => readonly FoundSecret[])[] = [
  findPrivateKeys,
  findTokens,
  findStructured,
  findCredentialsInUrls,
  findInCommands,
  findNamedValues,
];

/**
 * What looks like a secret by our own rules: in order, without overlaps, and neither in pictures nor in what stands for a
 * secret already.
 */
export function findSecrets(text: string): FoundSecret[] {
  const all = ways.flatMap(find => find(text));
  return merge(all.length === 0 ? all : all.filter(secret => !isInPicture(text, secret)), text);
}

/** Of secrets that overlap, one: all of their text, with the kind of the earliest in the list. */
export function merge(secrets: readonly FoundSecret[], text: string): FoundSecret[] {
  const ordered = secrets
    .map((secret, rank) => ({ ...secret, rank }))
    .filter(({ start, end }) => end > start && !ownPlaceholder.test(text.slice(start, end)))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: (FoundSecret & { readonly rank: number })[] = [];
  for (const secret of ordered) {
    const last = merged.at(-1);
    if (last === undefined || secret.start >= last.end) {
      merged.push(secret);
      continue;
    }
    const named = last.rank <= secret.rank ? last : secret;
    merged[merged.length - 1] = { ...named, start: last.start, end: Math.max(last.end, secret.end) };
  }
  return merged.map(({ start, end, kind }) => ({ start, end, kind }));
}

/** Inside the base64 of a `data:` address. */
function isInPicture(text: string, { start, kind }: FoundSecret): boolean {
  if (kind === 'private-key') return false;
  const sign = text.lastIndexOf(';base64,', start);
  return sign !== -1 && start - sign < 2_000_000 && /^[A-Za-z0-9+/=]*$/.test(text.slice(sign + 8, start));
}
