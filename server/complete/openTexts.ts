import type { DocSnapshot } from '../base/snapshot.js';
import type { Offer } from '../learn/offer.js';
import type { Candidate } from './candidate.js';
import type { FillIns } from './model/fillIns.js';
import { createRejections, type Rejections } from './rejections.js';

/** What stands in the editor: the offer, and the candidate it was made of, whose offsets the offer follows. */
export interface Standing {
  readonly offer: Offer;
  readonly candidate: Candidate;
  /** What the candidate was made for. */
  readonly snapshot: DocSnapshot;
}

/** What is remembered of one open document. Gone when it closes. */
export interface OpenText {
  snapshot: DocSnapshot;
  standing: Standing | null;
  readonly rejections: Rejections;
  /** What models say here; null where there are none. */
  readonly fillIns: FillIns | null;
  /** Ends the request that is under way, if any. */
  supersede: (() => void) | null;
}

export function createOpenText(snapshot: DocSnapshot, fillIns: FillIns | null = null): OpenText {
  return { snapshot, standing: null, rejections: createRejections(), fillIns, supersede: null };
}
