import { cutBeforeUnknown } from '../ground.js';
import type { Step } from '../attempt.js';
import { cutTo } from '../candidate.js';

/** What a model invents is cut off: names that neither the document, nor the workspace, nor the language knows. */
export const groundStep: Step = {
  name: 'ground',
  async run(attempt, { ground }, signal) {
    const { candidate, snapshot, request } = attempt;
    if (candidate === null || candidate.origin.kind !== 'model' || attempt.standingId !== null || ground === undefined)
      return attempt;
    const unknown = await ground.unknownNames(snapshot, candidate.text, candidate.start, signal);
    if (unknown.length === 0) return attempt;
    const kept = cutBeforeUnknown(candidate.text, unknown);
    return candidate.start + kept.length <= request.offset
      ? { ended: 'filtered' }
      : { ...attempt, candidate: cutTo(candidate, kept.length) };
  },
};
