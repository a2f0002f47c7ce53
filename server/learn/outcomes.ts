import type { Offer } from './offer.js';

export type OutcomeKind =
  /** All of it at once. */
  | 'accepted'
  /** Some of it by words or lines, and then something else. */
  | 'partly-accepted'
  /** All of it, by hand: the suggestion was right. */
  | 'typed'
  | 'rejected'
  /** Gone before anybody could read it. */
  | 'unseen';

/** What became of one suggestion. Lengths in utf-16 units; never code. */
export interface Outcome {
  readonly id: string;
  readonly languageId: string;
  readonly kind: OutcomeKind;
  readonly confidence: number;
  readonly offeredUnits: number;
  readonly takenUnits: number;
  /** Of what was offered, how much stood in the document in the end, by whatever way: so much of it was right. */
  readonly rightUnits: number;
  readonly shownMs: number;
}

export interface OutcomeCounts {
  readonly accepted: number;
  readonly partlyAccepted: number;
  readonly typed: number;
  readonly rejected: number;
  readonly unseen: number;
  readonly takenUnits: number;
}

export interface Outcomes {
  /** Ends an offer: `how` is what was seen of it, by the text or by the client's word. */
  finish(offer: Offer, how: 'accepted' | 'typed' | 'diverged', nowMs: number): Outcome;
  /** The client says that it was accepted after all; what the text alone could not tell is put right. */
  correct(id: string): void;
  recent(): readonly Outcome[];
  counts(): Readonly<Record<string, OutcomeCounts>>;
}

/** A suggestion that stood for less than this was not read. */
export const readMs = 250;

/** In memory, the last `capacity` of them; counts go on. */
export function createOutcomes(onOutcome: (outcome: Outcome) => void = () => {}, capacity = 500): Outcomes {
  const recent: Outcome[] = [];
  const counts = new Map<string, OutcomeCounts>();

  function count(outcome: Outcome, by: 1 | -1): void {
    const current = counts.get(outcome.languageId) ?? none;
    const field = fieldOf[outcome.kind];
    counts.set(outcome.languageId, {
      ...current,
      [field]: current[field] + by,
      takenUnits: current.takenUnits + by * outcome.takenUnits,
    });
  }

  return {
    finish(offer, how, nowMs) {
      const outcome = outcomeOf(offer, how, nowMs - offer.shownAtMs);
      recent.push(outcome);
      if (recent.length > capacity) recent.shift();
      count(outcome, 1);
      onOutcome(outcome);
      return outcome;
    },
    correct(id) {
      const at = recent.findLastIndex(outcome => outcome.id === id);
      const outcome = recent[at];
      if (outcome === undefined || outcome.kind === 'accepted') return;
      const { offeredUnits } = outcome;
      const corrected: Outcome = { ...outcome, kind: 'accepted', takenUnits: offeredUnits, rightUnits: offeredUnits };
      recent[at] = corrected;
      count(outcome, -1);
      count(corrected, 1);
      onOutcome(corrected);
    },
    recent: () => [...recent],
    counts: () => Object.fromEntries(counts),
  };
}

function outcomeOf(offer: Offer, how: 'accepted' | 'typed' | 'diverged', shownMs: number): Outcome {
  const offeredUnits = offer.length - offer.matchedAtFirst;
  const kind = how === 'diverged' ? kindOfDiverged(offer, shownMs) : how;
  const takenUnits = kind === 'accepted' ? offeredUnits : kind === 'partly-accepted' ? offer.inserted : 0;
  const rightUnits = kind === 'accepted' ? offeredUnits : Math.max(0, offer.matched - offer.matchedAtFirst);
  const { id, languageId, confidence } = offer;
  return { id, languageId, kind, confidence, offeredUnits, takenUnits, rightUnits, shownMs };
}

function kindOfDiverged(offer: Offer, shownMs: number): OutcomeKind {
  if (offer.inserted > 0) return 'partly-accepted';
  return shownMs < readMs ? 'unseen' : 'rejected';
}

const none: OutcomeCounts = { accepted: 0, partlyAccepted: 0, typed: 0, rejected: 0, unseen: 0, takenUnits: 0 };

const fieldOf = {
  accepted: 'accepted',
  'partly-accepted': 'partlyAccepted',
  typed: 'typed',
  rejected: 'rejected',
  unseen: 'unseen',
} as const satisfies Record<OutcomeKind, keyof OutcomeCounts>;
