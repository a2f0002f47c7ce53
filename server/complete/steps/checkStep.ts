import type { CheckResult, LeftOpen, Surroundings } from '../../../grammars/trees.js';
import type { Attempt, Ended, Step } from '../attempt.js';
import { cutTo, type Candidate } from '../candidate.js';
import { checkByLines } from './checkByLines.js';
import { closesOnlyWhatIsOpen } from './closesOnly.js';
import { withDeadline } from '../withDeadline.js';
import { isProse } from './placeStep.js';

/**
 * Re-parses the text as if it were accepted, and cuts it back to what breaks nothing. The tree also knows comments and
 * strings that began on a line above.
 */
export const checkStep: Step = {
  name: 'check',
  async run(attempt, { trees, checkDeadlineMs }, signal) {
    const { candidate, snapshot, request } = attempt;
    if (candidate === null || attempt.standingId !== null) return attempt;
    const { uri, version } = snapshot;
    const { start, end, text } = candidate;
    const typed = request.offset - start;
    const answers = Promise.all([
      trees.surroundings(uri, version, request.offset, signal),
      staysInString(attempt, candidate)
        ? passed(text)
        : checkByLines(trees, { uri, version, start, end, text, mayLeaveOpen: mayLeaveOpen(candidate) }, typed, signal),
    ]);
    const [surroundings, result] = await withDeadline(answers, [null, unknown(text)], checkDeadlineMs);
    const ended = surroundings === null ? null : refusal(attempt, surroundings);
    return ended ?? afterCheck(attempt, candidate, result);
  },
};

/** Recall ends where it is no longer sure, in the middle of a statement too; what a model says has an end of its own. */
function mayLeaveOpen({ origin, isPartial }: Candidate): LeftOpen {
  if (origin.kind !== 'model') return 'anything';
  return isPartial === true ? 'brackets' : 'nothing';
}

function refusal(attempt: Attempt, surroundings: Surroundings): Ended | null {
  const { lineState, request, settings } = attempt;
  if (request.trigger === 'invoked') return null;
  if (surroundings.inComment && !settings.comments) return { ended: 'in-comment' };
  // One that began on a line above: a text block, a documentation string.
  const isLong = surroundings.inString && lineState.kind !== 'string';
  return isLong && isProse(attempt.place.prefix.trimStart()) ? { ended: 'in-string' } : null;
}

function afterCheck(attempt: Attempt, candidate: Candidate, result: CheckResult): Attempt | Ended {
  if (result.verdict === 'refused' || result.keep <= 0) return { ended: 'filtered' };
  if (result.verdict === 'unknown') {
    const kept = closesOnlyWhatIsOpen(attempt, candidate);
    return kept === null ? { ended: 'filtered' } : { ...attempt, candidate: kept, unchecked: true };
  }
  if (result.verdict === 'passed') return attempt;
  const ends = candidate.steps.map(step => step.end).filter(end => end <= result.keep);
  const length = ends.length > 0 ? Math.max(...ends) : result.keep;
  const kept = cutTo(candidate, candidate.text.slice(0, length).trimEnd().length);
  return kept.start + kept.text.length <= attempt.request.offset
    ? { ended: 'filtered' }
    : { ...attempt, candidate: kept };
}

/** What a string holds breaks nothing, closed or not: a parser would only see that this one has no end yet. */
function staysInString({ lineState, request }: Attempt, { start, text }: Candidate): boolean {
  if (lineState.kind !== 'string') return false;
  const { close, escape, interpolation } = lineState.syntax;
  const fresh = text.slice(request.offset - start);
  if (/[\r\n]/.test(fresh) || fresh.includes(close) || (escape !== null && fresh.endsWith(escape))) return false;
  return interpolation === null || !fresh.includes(interpolation[0]);
}

function passed(text: string): CheckResult {
  return { keep: text.length, verdict: 'passed' };
}

function unknown(text: string): CheckResult {
  return { keep: text.length, verdict: 'unknown' };
}
