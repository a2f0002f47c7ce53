import type { Attempt, Step } from '../attempt.js';
import type { ReasonCode } from '../completer.js';
import { isSecretPlace } from '../secretPlace.js';

/** Whether this is a place where a completion can help. */
export const placeStep: Step = {
  name: 'place',
  run(attempt) {
    const ended = attempt.standingId === null ? refusal(attempt) : null;
    return ended === null ? attempt : { ended };
  },
};

function refusal({ place, lineState, request, settings }: Attempt): ReasonCode | null {
  if (/^[\p{L}\p{N}_$]/u.test(place.suffix)) return 'inside-word';
  if (isSecretPlace(place.prefix, lineState, place.language)) return 'in-secret';
  if (request.trigger === 'invoked') return null;
  if (lineState.kind === 'comment' && !settings.comments) return 'in-comment';
  return lineState.kind === 'string' && isProse(lineState.content) ? 'in-string' : null;
}

/** Words with blanks between them, and nothing of a path, a key or a query. */
export function isProse(content: string): boolean {
  return /^[^/\\=<>{}()[\]@#$%^&*|~]*[\p{L}\p{N}'’.,:;!?-]\s+(?:\p{L}|$)/u.test(content.slice(0, 200));
}
