import type { Offer } from '../learn/offer.js';
import type { Place } from './place.js';

/** What was shown and not taken, so that it is not offered again at once in the same place. */
export interface Rejections {
  add(offer: Offer, nowMs: number): void;
  /** An edit was made; after enough of them everything is worth another try. */
  age(): void;
  /** Texts that must not be offered here now. */
  at(place: Place, nowMs: number): readonly string[];
  /** Whether this line, as it would become, is one of them. */
  covers(place: Place, start: number, text: string, nowMs: number): boolean;
}

interface Rejection {
  readonly before: string;
  readonly above: string;
  readonly text: string;
  readonly matched: number;
  readonly atMs: number;
  readonly atEdit: number;
}

const forgottenAfterMs = 120_000;
const forgottenAfterEdits = 60;
const most = 16;
/** Who types on this far along what was rejected wants it after all. */
const typedOnUnits = 3;

export function createRejections(): Rejections {
  let rejections: readonly Rejection[] = [];
  let edits = 0;

  function here(place: Place, nowMs: number): readonly Rejection[] {
    rejections = rejections.filter(
      rejection => nowMs - rejection.atMs < forgottenAfterMs && edits - rejection.atEdit < forgottenAfterEdits,
    );
    return rejections.filter(rejection => isHere(rejection, place));
  }

  return {
    add(offer, nowMs) {
      const { before, above, matched } = offer;
      const text = offer.text.slice(0, offer.length);
      rejections = [...rejections, { before, above, text, matched, atMs: nowMs, atEdit: edits }].slice(-most);
    },
    age: () => edits++,
    at: (place, nowMs) => here(place, nowMs).map(rejection => rejection.text),
    covers(place, start, text, nowMs) {
      const line = place.prefix.slice(0, Math.max(0, start - place.lineStart)) + text;
      return here(place, nowMs).some(rejection => line.startsWith(rejection.before + rejection.text));
    },
  };
}

function isHere(rejection: Rejection, place: Place): boolean {
  if (rejection.above !== (place.above[0] ?? '') || !place.prefix.startsWith(rejection.before)) return false;
  const typed = place.prefix.slice(rejection.before.length);
  return rejection.text.startsWith(typed) && typed.length < rejection.matched + typedOnUnits;
}
