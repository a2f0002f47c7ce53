import { typedUnits, type Attempt, type Step } from '../attempt.js';
import { limitsOf } from './recallStep.js';

/** What is left must be worth a look: a bracket or two are typed faster than read, however far they are indented. */
export const worthReading: Step = {
  name: 'length',
  run(attempt) {
    const { candidate } = attempt;
    if (candidate === null) return { ended: 'unsure' };
    if (attempt.standingId !== null) return attempt;
    const fresh = candidate.text.slice(typedUnits(attempt, candidate));
    return fresh.trimEnd().replace(/\s+/g, ' ').length < minUnits(attempt) ? { ended: 'filtered' } : attempt;
  },
};

function minUnits(attempt: Attempt): number {
  return Math.max(1, limitsOf(attempt).minChars);
}
