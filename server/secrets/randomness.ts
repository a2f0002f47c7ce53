/** Whether text is built as chance builds it, of several kinds of characters in short runs, and not of words. */
export function looksRandom(text: string): boolean {
  if (text.length < 8 || new Set(text).size < 6) return false;
  const pieces = text.match(runs) ?? [];
  const [hasLetter, hasDigit] = [/[A-Za-z]/.test(text), /\d/.test(text)];
  if (!hasLetter) return false;
  const letters = pieces.filter(piece => !/\d/.test(piece));
  const digitGroups = pieces.length - letters.length;
  const meanLength = pieces.reduce((sum, { length }) => sum + length, 0) / pieces.length;
  if (hasDigit && isHex(text) && text.length >= 12) return true;
  // Of real words some letters are left over; of random text nearly all are.
  const wordLetters = letters.filter(isPronounceable).reduce((sum, { length }) => sum + length, 0);
  const wordShare = wordLetters / text.length;
  if (hasDigit && meanLength <= 2 && wordShare < 0.5) return true;
  if (text.length < 12) return hasDigit && wordShare < 0.4 && (digitGroups >= 2 || /[^A-Za-z0-9._/-]/.test(text));
  if (wordShare >= 0.6) return false;
  if (hasDigit && (meanLength <= 2.6 || (meanLength <= 3.2 && digitGroups >= 2))) return true;
  if (/[a-z]/.test(text) && /[A-Z]/.test(text) && text.length >= 16 && meanLength <= 2.6) return true;
  return text.length >= 16 && wordShare < 0.35 && new Set(text).size >= 9 && !/[\s/]/.test(text);
}

/** Stricter, for names that say little: long, of mixed kinds, and none of the well-known shapes of harmless numbers. */
export function looksLikeKey(text: string): boolean {
  if (text.length < 16 || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  return !isDigest(text) && !uuid.test(text) && looksRandom(text) && !/[\s:;,(){}<>|]/.test(text);
}

/** The hexadecimal or base64 form of a digest of usual length, as lock files and build tools write them. */
export function isDigest(text: string): boolean {
  return (
    /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(text) ||
    digestOf.test(text)
  );
}

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const digestOf = /^(?:sha(?:1|256|384|512)|md5|h1)[-:]/;
const runs = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g;

function isHex(text: string): boolean {
  return /^(?:0x)?[0-9a-f]+$/i.test(text) && /[a-f]/i.test(text);
}

/** Could be a word: three letters or more, a vowel, and no heap of consonants. */
function isPronounceable(letters: string): boolean {
  return letters.length >= 3 && /[aeiouy]/i.test(letters) && !/[bcdfghjklmnpqrstvwxz]{5}/i.test(letters);
}
