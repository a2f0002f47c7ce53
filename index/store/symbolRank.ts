import { identifiersOf } from '../identifiers.js';

/** How well a symbol's name answers a query, given its BM25 score over the parts of its name. */
export function symbolRank(query: string): (name: string, bm25Score: number) => number {
  const identifiers = new Set(identifiersOf(query));
  const lowered = new Set([...identifiers].map(identifier => identifier.toLowerCase()));
  const prefixes = [...lowered].filter(identifier => identifier.length >= 3);
  return (name, bm25Score) => {
    const lowerName = name.toLowerCase();
    if (identifiers.has(name)) return bm25Score + 3 * distinctness(name);
    if (lowered.has(lowerName)) return bm25Score + 2 * distinctness(name);
    return bm25Score + (prefixes.some(prefix => lowerName.startsWith(prefix)) ? 0.5 : 0);
  };
}

/** A name of several parts that stands in a query was meant; a plain word may just be prose. */
function distinctness(name: string): number {
  return /[a-z][A-Z]|_|[A-Za-z]\d/.test(name) ? 4 : 1;
}
