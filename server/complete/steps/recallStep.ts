import type { Silence, SuggestOptions } from '../../../index/recall/recall.js';
import type { Attempt, Step } from '../attempt.js';
import type { ReasonCode } from '../completer.js';

/** Asks the engine, unless something stands already. What was rejected here a moment ago is left out. */
export const recallStep: Step = {
  name: 'recall',
  run(attempt, { recall, now }) {
    if (attempt.candidate !== null) return attempt;
    const { snapshot, request, place, open } = attempt;
    const rejected = request.trigger === 'invoked' ? [] : open.rejections.at(place, now());
    const found = recall.suggest(snapshot, request.offset, { ...limitsOf(attempt), rejected });
    if ('silence' in found) return { ended: reasonOf(found.silence, rejected) };
    const { start, end, text, confidence, steps, origin } = found;
    if (rejected.length > 0 && open.rejections.covers(place, start, text, now())) return { ended: 'recently-rejected' };
    return { ...attempt, candidate: { start, end, text, confidence, steps, origin, imports: [] } };
  },
};

/** An engine that is silent where something had been rejected a moment ago is so, as far as anybody can tell, for that. */
function reasonOf(silence: Silence, rejected: readonly string[]): ReasonCode {
  return silence === 'unsure' && rejected.length > 0 ? 'recently-rejected' : silence;
}

/** Who asks by a key would rather see something short or daring than nothing. */
export function limitsOf({ request, settings }: Attempt): SuggestOptions {
  const { minConfidence, minChars, maxLines } = settings;
  if (request.trigger === 'automatic') return { minConfidence, minChars, maxLines };
  return { minConfidence: Math.min(minConfidence, invokedConfidence), minChars: 1, maxLines };
}

const invokedConfidence = 0.3;
