import type { Candidate } from '../candidate.js';
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
