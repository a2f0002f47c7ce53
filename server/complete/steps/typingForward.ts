import type { Offer } from '../../learn/offer.js';
import { applyFilters } from './applyFilters.js';
import type { Attempt, Step } from '../attempt.js';
import { respell, type Candidate } from '../candidate.js';

/**
 * While what is typed goes along what is shown, the same suggestion is shown, whatever else could be found by now: it costs
 * nothing and does not flicker.
 */
export const typingForward: Step = {
  name: 'forward',
  run(attempt) {
    const { standing } = attempt.open;
    if (standing === null || standing.candidate.isPartial === true) return attempt;
    const rest = restOf(attempt, standing.offer, standing.candidate);
    const candidate = rest === null ? null : applyFilters(attempt, rest);
    // Once what is left stands right of the cursor already, the suggestion has been typed; what comes next is another.
    return candidate === null ? attempt : { ...attempt, candidate, standingId: standing.offer.id };
  },
};

/** Whether the cursor stands in the offer, with its text so far on the left, and no less of it than when it was made. */
export function isAlong(offer: Offer, text: string, offset: number): boolean {
  const typed = offset - offer.start;
  return (
    typed >= offer.matchedAtFirst && typed < offer.length && text.startsWith(offer.text.slice(0, typed), offer.start)
  );
}

/** The candidate as seen from the cursor: on its line, and replacing what stands between its start and the cursor. */
function restOf(attempt: Attempt, offer: Offer, candidate: Candidate): Candidate | null {
  const { offset } = attempt.request;
  if (!isAlong(offer, attempt.snapshot.text, offset)) return null;
  const typed = offset - offer.start;
  const skipped = offer.text.lastIndexOf('\n', typed - 1) + 1;
  const steps = candidate.steps.flatMap(step => (step.end > skipped ? [{ ...step, end: step.end - skipped }] : []));
  const moved = { ...candidate, start: offer.start + skipped, end: offset, text: offer.text.slice(skipped), steps };
  return respell(moved, moved.text.replaceAll('\r\n', '\n'));
}
