import type { Offer } from '../learn/offer.js';
import type { Attempt } from './attempt.js';
import type { Candidate } from './candidate.js';

/** What now stands in the editor, for following it through the edits to come. */
export function newOffer(id: string, attempt: Attempt, candidate: Candidate, shownAtMs: number): Offer {
  const { place, request } = attempt;
  const typed = request.offset - candidate.start;
  return {
    id,
    languageId: place.language.id,
    confidence: candidate.confidence,
    start: candidate.start,
    before: place.prefix.slice(0, Math.max(0, place.prefix.length - typed)),
    above: place.above[0] ?? '',
    text: candidate.text,
    length: candidate.text.length,
    matchedAtFirst: typed,
    matched: typed,
    inserted: 0,
    shownAtMs,
  };
}

/** The same offer, further along: the candidate is what is left of it on the cursor's line. */
export function offerAlong(offer: Offer, attempt: Attempt, candidate: Candidate): Offer {
  const length = candidate.start - offer.start + candidate.text.length;
  return { ...offer, matched: attempt.request.offset - offer.start, length };
}
