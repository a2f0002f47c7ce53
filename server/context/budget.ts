import type { Passage } from '../model/prompt.js';
import type { WindowUnits } from './window.js';

/** An estimate that holds for code in most vocabularies; the same everywhere, so that sums of it fit. */
export const unitsPerToken = 3.5;

/** More of the file itself than this helps no more than what stands elsewhere. */
const maxSideTokens = 2_000;
const prefixShare = 0.4;
/** Where there is little room, the lines just above the cursor say more than any others. */
const prefixFirstTokens = 600;
const prefixFirstShare = 0.66;
const suffixShare = 0.2;
const typedShare = 0.1;
/** The room for passages changes in steps, so that a file that grows by a line does not push one out each time. */
const stepUnits = 1_024;
/** What the model's form puts around a passage. */
const frameUnits = 24;

export interface Budget {
  /** Of the whole prompt. */
  readonly units: number;
  readonly window: WindowUnits;
}

export function budgetOf(tokens: number): Budget {
  const units = Math.max(0, Math.floor(tokens * unitsPerToken));
  const side = (share: number, tokens = maxSideTokens): number =>
    Math.floor(Math.min(tokens * unitsPerToken, units * share));
  const prefix = Math.max(side(prefixShare), side(prefixFirstShare, prefixFirstTokens));
  return { units, window: { prefix, suffix: side(suffixShare), typed: side(typedShare) } };
}

/** What is left for passages. As much is kept free for the line as it may come to have. */
export function relatedUnits({ units, window }: Budget, prefix: number, suffix: number): number {
  const used = roundUp(prefix, window.prefix) + roundUp(suffix, window.suffix) + window.typed;
  return Math.max(0, units - used);
}

function roundUp(units: number, most: number): number {
  return Math.min(Math.max(most, units), Math.ceil(units / stepUnits) * stepUnits);
}

export function unitsOf({ label, text }: Passage): number {
  return label.length + text.length + frameUnits;
}
