import type { TextEdit } from '../base/snapshot.js';
import type { CompletionOrigin } from './completer.js';

/** A suggestion on its way through the pipeline. Replaces [start, end) of the snapshot. */
export interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly confidence: number;
  /** Ends of tokens in `text`, in order, with the probability that all up to there is right. */
  readonly steps: readonly { readonly end: number; readonly confidence: number }[];
  readonly origin: CompletionOrigin;
  readonly imports: readonly TextEdit[];
  /** More of it is on its way: the next request may be offered more. */
  readonly isPartial?: boolean;
}

/** The same, ended after `length` units. */
export function cutTo(candidate: Candidate, length: number): Candidate {
  if (length >= candidate.text.length) return candidate;
  const steps = candidate.steps.filter(step => step.end <= length);
  // What is shorter is at least as likely; the next longer step is a safe lower bound where none ends here.
  const next = candidate.steps.find(step => step.end >= length);
  const confidence = Math.max(candidate.confidence, next?.confidence ?? 0);
  return { ...candidate, text: candidate.text.slice(0, length), confidence, steps };
}

/** Another spelling of the same tokens: `rewrite` may change line ends and the white space that begins a line. */
export function respell(candidate: Candidate, text: string): Candidate {
  if (text === candidate.text) return candidate;
  const steps = candidate.steps.map(step => ({ ...step, end: sameToken(candidate.text, text, step.end) }));
  return { ...candidate, text, steps };
}

/** The offset in `to` that has as many units other than white space on its left as `offset` has in `from`. */
function sameToken(from: string, to: string, offset: number): number {
  let wanted = 0;
  for (let at = 0; at < offset; at++) if (!isBlank(from.charCodeAt(at))) wanted++;
  let at = 0;
  while (at < to.length && wanted > 0) if (!isBlank(to.charCodeAt(at++))) wanted--;
  return at;
}

function isBlank(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}
