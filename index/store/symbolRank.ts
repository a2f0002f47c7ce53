import { identifiersOf } from '../identifiers.js';

/** In a query of more words than this, a plain word is prose and not the name of something. */
const maxNamesAsked = 3;

/** How well a symbol's name answers a query, given its BM25 score over the words of its name and signature. */
export function symbolRank(query: string): (name: string, bm25Score: number) => number {
  const identifiers = new Set(identifiersOf(query));
  const lowered = new Set([...identifiers].map(identifier => identifier.toLowerCase()));
  const isShort = identifiers.size <= maxNamesAsked;
  const prefixes = isShort ? [...lowered].filter(identifier => identifier.length >= 3) : [];
  return (name, bm25Score) => {
    if (!isShort && !hasParts(name)) return bm25Score;
    const lowerName = name.toLowerCase();
    if (identifiers.has(name)) return bm25Score + exactBonus;
    if (lowered.has(lowerName)) return bm25Score + exactBonus * 0.75;
    return bm25Score + (prefixes.some(prefix => lowerName.startsWith(prefix)) ? prefixBonus : 0);
  };
}

/** Above what BM25 gives for a few rare words: who writes a name wants what bears it. */
const exactBonus = 20;
const prefixBonus = 1;

function hasParts(name: string): boolean {
  return /[a-z][A-Z]|[^_]_[^_]|[A-Za-z]\d/.test(name);
}
