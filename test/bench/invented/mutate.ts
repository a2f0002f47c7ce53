import type { Place } from './row.js';

export interface Mutant extends Place {
  readonly how: 'misspelt' | 'made up';
  readonly was: string;
  readonly text: string;
}

/**
 * Misspells the name at a place, or makes another up, each half of the time. Null where no new name came out: `isTaken` says
 * which names mean something in the project already, so that the mutant is certainly an invention.
 */
export function mutate(
  source: string,
  place: Place,
  random: () => number,
  isTaken: (name: string) => boolean,
): Mutant | null {
  const was = source.slice(place.start, place.end);
  const how = was.length >= 4 && random() < 0.5 ? 'misspelt' : 'made up';
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const text =
      how === 'misspelt'
        ? misspell(was, random)
        : place.kind === 'module'
          ? inventModule(was, random)
          : inventName(was, random);
    if (text !== was && !isTaken(text)) return { ...place, how, was, text };
  }
  return null;
}

export function applyMutant(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}

function misspell(name: string, random: () => number): string {
  // The first letter tells kinds of names apart in some languages, and hands seldom slip there.
  const letters = [...name.matchAll(/\p{L}/gu)].map(match => match.index).filter(at => at > 0);
  const at = letters[Math.floor(random() * letters.length)];
  if (at === undefined) return name;
  const before = name.slice(0, at);
  const letter = name.charAt(at);
  const after = name.slice(at + 1);
  switch (Math.floor(random() * 4)) {
    case 0:
      return before + after;
    case 1:
      return before + letter + letter + after;
    case 2:
      return before + after.charAt(0) + letter + after.slice(1);
    default:
      return before + neighbour(letter) + after;
  }
}

/** The next letter of the alphabet, in the same case. */
function neighbour(letter: string): string {
  if (!/[a-z]/i.test(letter)) return `${letter}x`;
  if (/z/i.test(letter)) return letter === 'z' ? 'a' : 'A';
  return String.fromCharCode(letter.charCodeAt(0) + 1);
}

const verbs = ['fetch', 'resolve', 'build', 'merge', 'apply', 'collect', 'enqueue', 'normalise', 'extract', 'compute'];
const adjectives = ['Remote', 'Pending', 'Shared', 'Default', 'Nested', 'Cached', 'Partial', 'Ordered', 'Safe', 'Deep'];
const nouns = ['Payload', 'Entry', 'Cursor', 'Bucket', 'Header', 'Segment', 'Token', 'Ledger', 'Widget', 'Offset'];

/** A likely name of the same style that nobody declares: what models invent reads like this. */
function inventName(was: string, random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  const words = [pick(verbs), pick(adjectives), pick(nouns)];
  if (/^[A-Z][A-Z0-9_]+$/.test(was)) return words.join('_').toUpperCase();
  if (/^_*[a-z0-9]+(?:_[a-z0-9]+)+_*$/.test(was)) return words.join('_').toLowerCase();
  const joined = words.join('');
  return /^[A-Z]/.test(was) ? joined.charAt(0).toUpperCase() + joined.slice(1) : joined;
}

function inventModule(was: string, random: () => number): string {
  const slash = was.lastIndexOf('/');
  const name = inventName('x', random).replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  const ending = /\.[cm]?[jt]sx?$/.exec(was)?.[0] ?? '';
  return slash < 0 ? name : `${was.slice(0, slash + 1)}${name}${ending}`;
}
