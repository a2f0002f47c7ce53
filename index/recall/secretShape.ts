import { beginsLikeToken } from '../../server/secrets/findTokens.js';

/**
 * Whether a word looks like a key, a token or a hash rather than like a name: long, and letters and digits mixed as
 * chance mixes them. Such words are never stored. Errs towards yes: a missed completion costs less.
 */
export function isSecretShaped(text: string): boolean {
  if (text.length < 16) return false;
  if (beginsLikeToken(text)) return true;
  if (text.length < 20) return false;
  const digitGroups = text.match(/\d+/g)?.length ?? 0;
  if (digitGroups === 0) return false;
  // Names break into words: of a random string hardly any piece is a word of three small letters.
  const wordLetters = (text.match(/[A-Z]?[a-z]{3,}/g) ?? []).reduce((sum, word) => sum + word.length, 0);
  return digitGroups >= 3 && wordLetters < text.length * 0.5;
}

/** Whether text, as it would stand in the file, holds something shaped like a secret. */
export function holdsSecret(text: string): boolean {
  if (/-----BEGIN|-----END/.test(text)) return true;
  for (const run of text.match(/[A-Za-z0-9+/=_-]{16,}/g) ?? []) {
    // A path is judged piece by piece; so is what is joined by dashes.
    if (isSecretShaped(run.replace(/[=]+$/, '')) && !run.split(/[/_-]/).every(isPlain)) return true;
  }
  return false;
}

function isPlain(piece: string): boolean {
  return piece.length < 16 && !/[a-z]\d+[a-z].*\d/i.test(piece);
}
