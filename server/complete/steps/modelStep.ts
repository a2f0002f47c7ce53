import type { Attempt, Parts, Step } from '../attempt.js';
import type { Candidate } from '../candidate.js';
import type { FilledIn } from '../model/fillIns.js';

/**
 * Asks a model where recall is not sure enough, and ranks what both say. A place where something was just rejected is left
 * alone.
 */
export const modelStep: Step = {
  name: 'model',
  async run(attempt, parts, signal) {
    const { open, request, snapshot, settings, place } = attempt;
    if (open.fillIns === null || !settings.models) return { ended: 'unsure' };
    const isInvoked = request.trigger === 'invoked';
    if (!isInvoked && open.rejections.at(place, parts.now()).length > 0) return { ended: 'recently-rejected' };
    const filled = await open.fillIns.at(
      {
        snapshot,
        offset: request.offset,
        languageId: place.language.id,
        isInvoked,
        waitMs: isInvoked ? Math.max(invokedWaitMs, settings.waitMs) : settings.waitMs,
      },
      signal,
    );
    if ('reason' in filled) return { ended: filled.reason };
    const [candidate, ...others] = rank(candidateOf(attempt, filled), unsureRecall(attempt, parts));
    return candidate === undefined ? { ended: 'unsure' } : { ...attempt, candidate, others };
  },
};

/** Who presses a key for it waits for a model. */
const invokedWaitMs = 20_000;
/** How likely what a model wrote is all right, before anything is known of it: between recall's sure and unsure. */
const modelConfidence = 0.6;
/** Recall's word counts beside a model's from here on. */
const leastRecallConfidence = 0.4;

/** The text with what stands of the word at the cursor, as an editor filters by it. */
function candidateOf({ place, request, settings }: Attempt, { text, model, isWhole }: FilledIn): Candidate {
  const word = /[\p{L}\p{N}_$]*$/u.exec(place.prefix)?.[0] ?? '';
  const lines = text.split('\n');
  const kept = lines.slice(0, settings.maxLines).join('\n');
  return {
    start: request.offset - word.length,
    end: request.offset,
    text: word + kept,
    confidence: modelConfidence,
    steps: [],
    origin: { kind: 'model', path: null, line: 0, model },
    imports: [],
    isPartial: !isWhole,
  };
}

function unsureRecall({ snapshot, request, settings }: Attempt, { recall }: Parts): Candidate | null {
  const found = recall.suggest(snapshot, request.offset, {
    minConfidence: leastRecallConfidence,
    minChars: settings.minChars,
    maxLines: settings.maxLines,
  });
  if ('silence' in found) return null;
  const { start, end, text, confidence, steps, origin } = found;
  return { start, end, text, confidence, steps, origin, imports: [] };
}

/** Best first. Two that agree make each other likelier; where they differ, the likelier one goes first. */
function rank(model: Candidate, recall: Candidate | null): readonly Candidate[] {
  if (recall === null) return [model];
  const offset = Math.max(model.start, recall.start);
  const [fromModel, fromRecall] = [model, recall].map(({ start, text }) => text.slice(offset - start));
  if (fromModel?.startsWith(fromRecall ?? '') === true)
    return [{ ...model, confidence: 1 - (1 - model.confidence) * (1 - recall.confidence) }, recall];
  return recall.confidence > model.confidence ? [recall, model] : [model, recall];
}
