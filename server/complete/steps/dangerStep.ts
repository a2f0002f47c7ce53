import { typedUnits, type Step } from '../attempt.js';
import { cutTo } from '../candidate.js';

/** What a model writes ends before the line that would be a danger: built code, commands or SQL, checks switched off. */
export const dangerStep: Step = {
  name: 'danger',
  async run(attempt, { judgeInsertion }, signal) {
    const { candidate, snapshot, standingId } = attempt;
    if (candidate?.origin.kind !== 'model' || standingId !== null || judgeInsertion === undefined) return attempt;
    const keep = await judgeInsertion(snapshot, candidate, signal);
    if (keep >= candidate.text.length) return attempt;
    return keep > typedUnits(attempt, candidate)
      ? { ...attempt, candidate: cutTo(candidate, keep) }
      : { ended: 'filtered' };
  },
};
