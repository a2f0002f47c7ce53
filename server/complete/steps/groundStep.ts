import { cutBeforeUnknown } from '../ground.js';
import type { Step } from '../attempt.js';
import { cutTo } from '../candidate.js';

/**
 * Names that neither the document, nor the workspace, nor the language knows: a model's text ends before the statement that
 * brings one in. The first statement stays, as the person may be about to write what it names, and counts for less.
 */
export const groundStep: Step = {
  name: 'ground',
  async run(attempt, { ground }, signal) {
    const { candidate, snapshot, request } = attempt;
    if (candidate === null || candidate.origin.kind !== 'model' || attempt.standingId !== null || ground === undefined)
      return attempt;
    const unknown = await ground.unknownNames(snapshot, candidate.text, candidate.start, signal);
    if (unknown.length === 0) return attempt;
    const kept = cutBeforeUnknown(candidate.text, unknown);
    if (candidate.start + kept.length > request.offset) return { ...attempt, candidate: cutTo(candidate, kept.length) };
    const typed = request.offset - candidate.start;
    const lineEnd = candidate.text.indexOf('\n', typed + leadingBlanks(candidate.text, typed));
    const first = lineEnd < 0 ? candidate : cutTo(candidate, lineEnd);
    return { ...attempt, candidate: { ...first, confidence: candidate.confidence * doubted } };
  },
};

/** What is left of a text's likelihood when its first statement uses a name that nobody knows. */
const doubted = 0.5;

function leadingBlanks(text: string, from: number): number {
  return /^\s*/.exec(text.slice(from))?.[0].length ?? 0;
}
