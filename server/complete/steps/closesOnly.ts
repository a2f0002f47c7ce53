import { balanceOf } from '../filters/brackets.js';
import type { Attempt } from '../attempt.js';
import { cutTo, type Candidate } from '../candidate.js';

/** Longer beginnings of a file are not counted through at a keystroke. */
const maxUnits = 20_000;

/**
 * What can be said without a tree, while its thread starts or is busy: a suggestion closes nothing that is not open.
 * Null where nothing is left. Only for languages that have a grammar: of others it is not known that brackets pair.
 */
export function closesOnlyWhatIsOpen({ snapshot, place }: Attempt, candidate: Candidate): Candidate | null {
  if (place.language.grammar === null || candidate.start > maxUnits) return candidate;
  const { waiting } = balanceOf(snapshot.text.slice(0, candidate.start));
  const { foreign } = balanceOf(candidate.text);
  const surplus = foreign.find(({ closer }, index) => closer !== waiting.at(-1 - index));
  if (surplus === undefined) return candidate;
  const kept = candidate.text.slice(0, surplus.at).trimEnd();
  return candidate.start + kept.length <= place.offset ? null : cutTo(candidate, kept.length);
}
