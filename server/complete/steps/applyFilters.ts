import { typedUnits, type Attempt, type Step } from '../attempt.js';
import { respell, type Candidate } from '../candidate.js';
import type { Filter, FilterContext, Indentation } from '../filters/filter.js';
import { filters, modelFilters } from '../filters/filters.js';
import { indentationOf } from '../filters/indentation.js';
import { linesAround } from '../place.js';

/** Small repairs, one after the other. Text has \n line ends on this stretch, and the document's own afterwards. */
export const filterStep: Step = {
  name: 'filters',
  run(attempt) {
    if (attempt.candidate === null || attempt.standingId !== null) return attempt;
    const isModels = attempt.candidate.origin.kind === 'model';
    const candidate = applyFilters(attempt, attempt.candidate, isModels ? modelFilters : filters);
    return candidate === null ? { ended: 'filtered' } : { ...attempt, candidate };
  },
};

export function applyFilters(
  attempt: Attempt,
  candidate: Candidate,
  list: readonly Filter[] = filters,
): Candidate | null {
  const context = contextOf(attempt, candidate);
  if (!startsWithTyped(attempt, candidate)) return null;
  let current: Candidate | null = respell(candidate, candidate.text.replaceAll('\r\n', '\n'));
  for (const filter of list) {
    current = filter.apply(current, context);
    if (current === null) return null;
  }
  return attempt.place.lineEnd === '\n' ? current : respell(current, current.text.replaceAll('\n', '\r\n'));
}

/** An editor puts the text where the typed part stands: it has to begin with it, on this line. */
function startsWithTyped(attempt: Attempt, candidate: Candidate): boolean {
  const { offset } = attempt.request;
  const { lineStart, suffix } = attempt.place;
  if (candidate.start < lineStart || candidate.start > offset) return false;
  if (candidate.end < offset || candidate.end > offset + suffix.length) return false;
  return candidate.text.startsWith(attempt.snapshot.text.slice(candidate.start, offset));
}

function contextOf(attempt: Attempt, candidate: Candidate): FilterContext {
  let known: Indentation | null = null;
  return {
    place: attempt.place,
    typed: typedUnits(attempt, candidate),
    indentation: () => (known ??= indentationOf(linesAround(attempt.snapshot, attempt.request.offset))),
  };
}
