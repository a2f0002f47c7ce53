import { cutTo, type Candidate } from '../candidate.js';
import type { Place } from '../place.js';

/** What a filter may know besides the candidate. */
export interface FilterContext {
  readonly place: Place;
  /** Units of the candidate's text that stand in the document already, left of the cursor. */
  readonly typed: number;
  /** How the document is indented near the cursor; worked out when asked. */
  indentation(): Indentation;
}

export interface Indentation {
  readonly kind: 'tabs' | 'spaces' | 'unknown';
  /** Spaces of one level; 0 where unknown. */
  readonly width: number;
}

/** One small repair: the candidate, changed or not, or null when nothing of it is left. Pure. Text has \n line ends. */
export interface Filter {
  readonly name: string;
  apply(candidate: Candidate, context: FilterContext): Candidate | null;
}

/** What would be new: the text right of the cursor. */
export function remainderOf(candidate: Candidate, context: FilterContext): string {
  return candidate.text.slice(context.typed);
}

/** Whether a line is mostly the suggestion's: who has written a third of it by hand means it, whatever stands near. */
export function isMostlyNew(fresh: string, context: FilterContext): boolean {
  const written = context.place.prefix.trim().length;
  return fresh.trim() !== '' && 2 * written < fresh.trimEnd().length;
}

/** Another text right of the cursor; null where nothing is left of it. Where it only ends earlier, all else stays. */
export function withRemainder(candidate: Candidate, context: FilterContext, remainder: string): Candidate | null {
  const before = remainderOf(candidate, context);
  if (remainder === before) return candidate;
  if (remainder.trim() === '') return null;
  if (before.startsWith(remainder)) return cutTo(candidate, context.typed + remainder.length);
  const text = candidate.text.slice(0, context.typed) + remainder;
  const behind = before.endsWith(remainder) ? before.length - remainder.length : null;
  const steps =
    behind === null
      ? [{ end: text.length, confidence: candidate.confidence }]
      : candidate.steps.flatMap(({ end, confidence }) =>
          end - behind > context.typed ? [{ end: end - behind, confidence }] : [],
        );
  return { ...candidate, text, steps };
}

/** Without a line of the text right of the cursor and all behind it. */
export function cutBeforeLine(candidate: Candidate, context: FilterContext, line: number): Candidate | null {
  const lines = remainderOf(candidate, context).split('\n');
  return line >= lines.length
    ? candidate
    : withRemainder(candidate, context, lines.slice(0, line).join('\n').trimEnd());
}
