import type { Recall } from '../../../index/recall/recall.js';
import { percent } from './greedy.js';
import type { TypedLine } from './replay.js';

/** What could be shown at every column of one line, and how sure the engine was of every leading part of it. */
export interface TypingRecord {
  readonly line: string;
  readonly indentation: number;
  readonly following: string;
  readonly offers: readonly (Offer | null)[];
}

interface Offer {
  /** Right of the cursor. */
  readonly text: string;
  readonly steps: readonly { readonly end: number; readonly confidence: number }[];
  /** In a string or a comment, where the engine asks for more certainty. */
  readonly inProse: boolean;
}

export interface Policy {
  readonly minConfidence: number;
  readonly minChars: number;
}

/** Asks after every typed character. Policies are tried on the record, as a longer cut never changes a shorter one. */
export function recordTyping(
  line: TypedLine,
  engine: Recall,
  lowestConfidence: number,
  maxLines: number,
): TypingRecord {
  const offers: (Offer | null)[] = [];
  for (let column = line.indentation; column < line.text.length; column++) {
    const { snapshot, offset } = line.typeTo(column);
    const answer = engine.suggest(snapshot, offset, { minConfidence: lowestConfidence, minChars: 1, maxLines });
    if (!('text' in answer)) offers.push(null);
    else {
      const typed = offset - answer.start;
      const steps = answer.steps.map(({ end, confidence }) => ({ end: end - typed, confidence }));
      // Nothing is that sure: the reason tells where the cursor stands.
      const refusal = engine.suggest(snapshot, offset, { minConfidence: 2, minChars: 1, maxLines: 1 });
      const inProse = 'silence' in refusal && refusal.silence !== 'unsure';
      offers.push({ text: answer.text.slice(typed), steps, inProse });
    }
  }
  return { line: line.text, indentation: line.indentation, following: line.following, offers };
}

export interface TypingCounts {
  shown: number;
  accepted: number;
  /** Characters that were not typed, less one key for each acceptance. */
  saved: number;
  /** Characters of code, without indentation. */
  written: number;
}

/**
 * A person types the line and accepts a suggestion if and only if all of it is right, with one key.
 * While what is typed fits what is shown, that stays; only something else that is shown counts as a new suggestion.
 */
export function simulateTyping(record: TypingRecord, policy: Policy, counts: TypingCounts): void {
  const { line, indentation, following, offers } = record;
  const future = line + following;
  let column = indentation;
  let shown: string | null = null;
  counts.written += line.length - indentation;
  while (column < line.length) {
    const typed = future.slice(0, column);
    if (shown !== null && shown.length > typed.length && shown.startsWith(typed)) {
      column++;
      continue;
    }
    const text = cut(offers[column - indentation] ?? null, policy);
    if (text === '') {
      column++;
      continue;
    }
    counts.shown++;
    if (future.startsWith(text, column)) {
      counts.accepted++;
      const beyond = Math.max(0, column + text.length - line.length);
      const blanks = text.slice(text.length - beyond).replace(/\S/g, '').length;
      counts.written += beyond - blanks;
      counts.saved += text.length - blanks - 1;
      column += text.length;
      shown = null;
    } else {
      shown = typed + text;
      column++;
    }
  }
}

function cut(offer: Offer | null, { minConfidence, minChars }: Policy): string {
  if (offer === null) return '';
  let end = 0;
  const least = offer.inProse ? Math.sqrt(minConfidence) : minConfidence;
  for (const step of offer.steps) if (step.confidence >= least) end = Math.max(end, step.end);
  const text = offer.text.slice(0, end).trimEnd();
  return text.length >= minChars ? text : '';
}

export interface TypingFigures {
  /** Per cent of what was shown. */
  readonly accepted: number;
  /** Per cent of all characters. */
  readonly saved: number;
  readonly shownPer100Characters: number;
}

export function summariseTyping({ shown, accepted, saved, written }: TypingCounts): TypingFigures {
  return {
    accepted: percent(accepted, shown),
    saved: percent(saved, written),
    shownPer100Characters: Math.round((1000 * shown) / Math.max(1, written)) / 10,
  };
}
