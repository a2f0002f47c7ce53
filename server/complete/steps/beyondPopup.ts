import type { Attempt, Step } from '../attempt.js';
import type { Candidate } from '../candidate.js';

/** While the editor's own popup is open it shows only what goes on from the selected item, over the same range. */
export const beyondPopup: Step = {
  name: 'popup',
  run(attempt) {
    const { selected } = attempt.request;
    if (selected === null || attempt.candidate === null) return attempt;
    const candidate = overRange(attempt, attempt.candidate, selected.start, selected.end);
    if (candidate === null || candidate.text.length <= selected.text.length) return { ended: 'popup-differs' };
    return candidate.text.startsWith(selected.text) ? { ...attempt, candidate } : { ended: 'popup-differs' };
  },
};

/** The same result, written as a replacement of another range; null where that cannot be. */
function overRange(attempt: Attempt, candidate: Candidate, start: number, end: number): Candidate | null {
  const document = attempt.snapshot.text;
  if (end < attempt.request.offset || end > attempt.request.offset + attempt.place.suffix.length) return null;
  if (start < attempt.place.lineStart || start > attempt.request.offset || end < candidate.end) return null;
  const between = document.slice(Math.min(start, candidate.start), Math.max(start, candidate.start));
  if (start > candidate.start && !candidate.text.startsWith(between)) return null;
  const text = start <= candidate.start ? between + candidate.text : candidate.text.slice(between.length);
  const shift = text.length - candidate.text.length;
  const steps = candidate.steps.map(step => ({ ...step, end: step.end + shift })).filter(step => step.end > 0);
  // What the range takes away right of the candidate's own end has to come back.
  const tail = document.slice(candidate.end, end);
  return tail === '' ? { ...candidate, start, end, text, steps } : null;
}
