import { isRecord } from '../base/record.js';

/**
 * What a server says in an error, fit to be shown and logged: one short line, and no word of what was sent to it unless it is
 * one that errors are made of. Servers repeat prompts, cut and escaped as they like, so words are compared, not texts.
 */
export function scrub(message: string, sent: readonly string[], secrets: readonly string[] = []): string {
  const known = secrets.filter(secret => secret.length >= minSecretChars);
  const open = known.reduce((text, secret) => text.replaceAll(secret, '…'), message);
  const line = open
    .slice(0, maxReadChars)
    .replace(/\\[nrtbf"'\\/]|\\u[0-9a-f]{4}/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '') return '';
  const words = new Set<string>();
  for (const text of sent) for (const [word] of text.toLowerCase().matchAll(wordPattern)) words.add(word);
  const isSent = (word: string) => words.has(word) || (word.length >= 3 && startsOrEndsOne(word, words));
  const masked = line.replace(wordPattern, word => {
    const lower = word.toLowerCase();
    return words.size > 0 && !wordsOfErrors.has(lower) && isSent(lower) ? '…' : word;
  });
  // Keys that a server repeats, whole or in part.
  const safe = masked.replace(/(?=[\w*.-]*[\d*])[\w*.-]{20,}/g, '…').replace(/…(?:[^\p{L}\p{N}]*…)+/gu, '…');
  return safe.length > maxChars ? `${safe.slice(0, maxChars)}…` : safe;
}

/** Every text in the body of a request, but for the name of the model. */
export function textsOf(body: string | null): string[] {
  if (body === null) return [];
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (isRecord(value)) for (const [name, inner] of Object.entries(value)) if (name !== 'model') collect(inner);
  };
  try {
    collect(JSON.parse(body));
  } catch {
    texts.push(body);
  }
  return texts;
}

const maxReadChars = 1000;
const maxChars = 200;
const minSecretChars = 4;
const wordPattern = /[\p{L}\p{N}_$]+/gu;

/** A word at the edge of what was cut. */
function startsOrEndsOne(part: string, words: ReadonlySet<string>): boolean {
  for (const word of words) if (word.startsWith(part) || word.endsWith(part)) return true;
  return false;
}

const wordsOfErrors: ReadonlySet<string> = new Set(
  (
    'a an and are as at be but by can cannot could did do does error failed field for from has have in invalid is it ' +
    'its json key length limit may max maximum maximal message messages minimum model must no not of on only or ' +
    'parameter please prompt request required response server should size stop stream suffix support supported supports ' +
    'temperature than that the this to token tokens too top_p max_tokens unexpected unknown unsupported use value was ' +
    'were when while with without you your'
  ).split(' '),
);
