/** Okapi BM25 (Robertson, Zaragoza 2009; k1 = 1.2, b = 0.75) over word lists in memory. */
export interface Bm25 {
  /** Item numbers with their scores, best first. */
  search(words: readonly string[], limit: number): { readonly item: number; readonly score: number }[];
}

const k1 = 1.2;
const b = 0.75;

/** `documents[i]` are the words of item i. */
export function buildBm25(documents: readonly (readonly string[])[]): Bm25 {
  const postings = new Map<string, Map<number, number>>();
  const lengths = documents.map(words => words.length);
  const meanLength = Math.max(1, lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length));
  for (const [item, words] of documents.entries()) {
    for (const word of words) {
      const posting = postings.get(word) ?? new Map<number, number>();
      if (posting.size === 0) postings.set(word, posting);
      posting.set(item, (posting.get(item) ?? 0) + 1);
    }
  }

  return {
    search(words, limit) {
      const scores = new Map<number, number>();
      for (const word of new Set(words)) {
        const posting = postings.get(word);
        if (posting === undefined) continue;
        const rarity = Math.log(1 + (documents.length - posting.size + 0.5) / (posting.size + 0.5));
        for (const [item, count] of posting) {
          const norm = k1 * (1 - b + (b * (lengths[item] ?? 0)) / meanLength);
          scores.set(item, (scores.get(item) ?? 0) + (rarity * count * (k1 + 1)) / (count + norm));
        }
      }
      return [...scores]
        .map(([item, score]) => ({ item, score }))
        .sort((left, right) => right.score - left.score || left.item - right.item)
        .slice(0, limit);
    },
  };
}
