import { columnOf } from './featureNames.js';
import type { Ranker } from './ranker.js';

/** The bare share of the votes as probability: what recall is worth without anything learnt. */
export const voteRanker: Ranker = {
  probability: row => row[columnOf.share] ?? 0,
};
