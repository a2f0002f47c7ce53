import { openedQuote } from '../../../grammars/openedQuote.js';
import { typedUnits, type Attempt } from '../attempt.js';
import { cutTo, type Candidate } from '../candidate.js';
import { balanceOf } from '../filters/brackets.js';

/** Longer beginnings of a file are not counted through at a keystroke. */
const maxUnits = 20_000;

/**
 * What can be said without a tree, while its thread starts or is busy: a suggestion closes nothing that is not open, and a
 * model's leaves nothing open. Null where nothing is left.
 */
export function closesOnlyWhatIsOpen(attempt: Attempt, candidate: Candidate): Candidate | null {
  const closed = candidate.origin.kind === 'model' ? withoutOpenEnd(attempt, candidate) : candidate;
  return closed === null ? null : withoutSurplus(attempt, closed);
}

/** Only for languages that have a grammar: of others it is not known that brackets pair. */
function withoutSurplus({ snapshot, place }: Attempt, candidate: Candidate): Candidate | null {
  if (place.language.grammar === null || candidate.start > maxUnits) return candidate;
  const { waiting } = balanceOf(snapshot.text.slice(0, candidate.start));
  const { foreign } = balanceOf(candidate.text);
  const surplus = foreign.find(({ closer }, index) => closer !== waiting.at(-1 - index));
  return surplus === undefined ? candidate : endedAt(candidate, surplus.at, place.offset);
}

/** Before a comment or string that would swallow what follows, and back to a line that leaves no bracket open but a body's. */
function withoutOpenEnd(attempt: Attempt, candidate: Candidate): Candidate | null {
  const { place, lineState } = attempt;
  if (lineState.kind !== 'code') return candidate;
  const typed = typedUnits(attempt, candidate);
  const quote = openedQuote(candidate.text.slice(typed), place.language);
  const closed = quote === null ? candidate : endedAt(candidate, typed + quote, place.offset);
  if (closed === null || closed.isPartial === true || place.language.grammar === null) return closed;
  let { length } = closed.text;
  while (length > typed && leavesOpen(closed.text.slice(0, length)))
    length = closed.text.slice(0, Math.max(0, closed.text.lastIndexOf('\n', length - 1))).trimEnd().length;
  return endedAt(closed, length, place.offset);
}

function leavesOpen(text: string): boolean {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const { waiting } = balanceOf(text);
  return waiting.length > (/\{\s*$/.test(line) ? balanceOf(line).waiting.length : 0);
}

function endedAt(candidate: Candidate, length: number, offset: number): Candidate | null {
  const kept = candidate.text.slice(0, length).trimEnd();
  return candidate.start + kept.length <= offset ? null : cutTo(candidate, kept.length);
}
