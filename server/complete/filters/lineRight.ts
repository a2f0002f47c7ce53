import { lexLine } from '../lexLine.js';
import { cutTo, type Candidate } from '../candidate.js';
import type { Place } from '../place.js';
import { balanceOf, isClosersOnly } from './brackets.js';
import { remainderOf, type Filter, type FilterContext } from './filter.js';

/**
 * What stands right of the cursor is never said twice: brackets and quotes that the editor closed by itself, the rest of a
 * line in whose middle something is inserted.
 */
export const lineRight: Filter = {
  name: 'line-right',
  apply(candidate, context) {
    const right = context.place.suffix.trim();
    if (right === '') return candidate;
    // What is cut may bare another end that stands there as well.
    let current: Candidate | null = candidate;
    for (let before = -1; current !== null && current.text.length !== before;) {
      before = current.text.length;
      current = cutAgainst(right, current, context);
    }
    return current;
  },
};

function cutAgainst(right: string, candidate: Candidate, context: FilterContext): Candidate | null {
  const remainder = remainderOf(candidate, context);
  const lineBreak = remainder.indexOf('\n');
  if (lineBreak < 0) return besideRight(candidate, remainder, right, context);
  const whole = withoutOverlap(remainder, right, context.place);
  if (isClosersOnly(right) && leavesToRight(whole, right, context.place)) return keep(candidate, context, right, whole);
  return besideRight(candidate, remainder.slice(0, lineBreak), right, context);
}

/** A piece within one line. */
function besideRight(candidate: Candidate, line: string, right: string, context: FilterContext): Candidate | null {
  const { place } = context;
  if (right.startsWith(line.trim())) return null;
  const closed = isClosersOnly(right);
  let kept = withoutOverlap(line, right, place);
  if (kept === line) kept = untilClosed(line, right, place);
  if (kept === line && !closed) {
    const again = right.length >= 3 ? line.indexOf(right) : -1;
    if (again >= 0) kept = line.slice(0, again);
    // A statement cannot end in front of what goes on.
    const end = kept.search(/;\s*$/);
    if (end >= 0) kept = kept.slice(0, end);
  }
  return keep(candidate, context, right, kept);
}

function keep(candidate: Candidate, context: FilterContext, right: string, remainder: string): Candidate | null {
  const kept = remainder.trimEnd();
  return right.startsWith(kept.trimStart()) ? null : cutTo(candidate, context.typed + kept.length);
}

/**
 * Drops from the end what the right begins with. Closers are counted: of two that are due and one that stands there,
 * the suggestion has to bring the other.
 */
function withoutOverlap(text: string, right: string, place: Place): string {
  const trimmed = text.trimEnd();
  let length = Math.min(trimmed.length, right.length);
  while (length > 0 && !trimmed.endsWith(right.slice(0, length))) length--;
  if (length === 0) return text;
  const overlap = right.slice(0, length);
  if (!isClosersOnly(overlap) || isInString(place)) return trimmed.slice(0, trimmed.length - length);
  const open = balanceOf(place.prefix).waiting.length;
  const due = balanceOf(trimmed).foreign.length;
  const there = balanceOf(right).foreign.length;
  // Opened on a line above: then what stands here is taken to be what is due.
  const surplus = open === 0 ? length : due + there - open;
  if (surplus <= 0 && there > 0) return text;
  const dropped = there === 0 ? length : closersAtEnd(trimmed, Math.min(surplus, there), length);
  return trimmed.slice(0, trimmed.length - dropped);
}

/** How long the end of `text` is that holds `count` closers and what follows them; at most `most`. */
function closersAtEnd(text: string, count: number, most: number): number {
  let left = count;
  let length = 0;
  while (length < most && left > 0) {
    length++;
    if (/[)\]}]/.test(text.charAt(text.length - length))) left--;
  }
  return length;
}

/** Cuts before the closer that stands right of the cursor already, when more follows it in the suggestion. */
function untilClosed(line: string, right: string, place: Place): string {
  const state = lexLine(place.prefix, place.language);
  if (state.kind === 'string' && right.startsWith(state.syntax.close)) {
    const end = line.indexOf(state.syntax.close);
    return end < 0 ? line : line.slice(0, end);
  }
  const first = balanceOf(right).foreign[0];
  if (first?.at !== 0) return line;
  const { waiting } = balanceOf(place.prefix);
  if (waiting.length === 0) return line;
  const own = waiting.length - balanceOf(right).foreign.length;
  const clash = balanceOf(line).foreign[Math.max(0, own)];
  return clash === undefined ? line : line.slice(0, clash.at);
}

/** Several lines may go between `(` and `)` only if they are whole and leave to the right what it closes. */
function leavesToRight(remainder: string, right: string, place: Place): boolean {
  if (isInString(place)) return false;
  const { waiting, foreign } = balanceOf(remainder);
  const own = balanceOf(place.prefix).waiting.length - balanceOf(right).foreign.length;
  return waiting.length === 0 && foreign.length <= Math.max(0, own);
}

function isInString(place: Place): boolean {
  return lexLine(place.prefix, place.language).kind === 'string';
}
