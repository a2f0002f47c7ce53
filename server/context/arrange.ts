import { unitsOf } from './budget.js';
import { isSame } from './choose.js';
import type { Found } from './found.js';

/** When something has to go, so much of the room is made free at once: what stands behind is read anew anyway. */
const keptShare = 0.85;

export interface ArrangeOptions {
  readonly units: number;
  /** Where a source stands in the list: its passages come before those of later ones when they come together. */
  readonly orderOf: (source: string) => number;
  /** Whether a passage has become one too many: the window has moved over it, its file must not be shown any more. */
  readonly isOut: (found: Found) => boolean;
}

/**
 * Puts what is wanted into the order of the last prompt. What stood there keeps its place, also when it is not wanted any
 * more; what is new goes behind; only when the room is too small do passages go, those first that nobody wants. So the
 * beginning of the prompt stays the same, and a model need not read it again.
 */
export function arrange(before: readonly Found[], wanted: readonly Found[], options: ArrangeOptions): readonly Found[] {
  const { units, orderOf, isOut } = options;
  const wantedById = new Map(wanted.map(each => [each.id, each]));
  const staying: Found[] = [];
  const stayed = new Set<string>();
  for (const old of before) {
    const now = wantedById.get(old.id);
    if (now !== undefined ? !says(old, now) : isOut(old)) continue;
    staying.push(old);
    stayed.add(old.id);
  }
  const fresh = wanted
    .filter(each => !stayed.has(each.id))
    .map((each, at) => ({ each, at }))
    .sort((left, right) => orderOf(left.each.passage.source) - orderOf(right.each.passage.source) || left.at - right.at)
    .map(({ each }) => each);
  const kept = withoutRepeated(staying, fresh, wantedById);
  return [...fitted(kept, fresh, wantedById, units), ...fresh];
}

/** Whether an earlier extract holds all that a new one of the same text does. */
function says(old: Found, now: Found): boolean {
  if (old.passage.text === now.passage.text) return true;
  if (now.basis === undefined || old.basis !== now.basis) return false;
  const lines = new Set(old.passage.text.split('\n'));
  return now.passage.text.split('\n').every(line => lines.has(line) || line.trim() === '...');
}

/** What nobody wants any more must not say the same as what comes. */
function withoutRepeated(
  staying: readonly Found[],
  fresh: readonly Found[],
  wanted: ReadonlyMap<string, Found>,
): Found[] {
  return staying.filter(old => wanted.has(old.id) || !fresh.some(each => isSame(old, each)));
}

function fitted(
  kept: readonly Found[],
  fresh: readonly Found[],
  wanted: ReadonlyMap<string, Found>,
  units: number,
): readonly Found[] {
  const sum = (list: readonly Found[]): number => list.reduce((total, { passage }) => total + unitsOf(passage), 0);
  let size = sum(kept) + sum(fresh);
  if (size <= units) return kept;
  const gone = new Set<Found>();
  const goFirst = [...kept].sort((left, right) => rank(left) - rank(right));
  // What is wanted alone fits, or nearly so: earlier extracts may be longer than what was chosen.
  for (const each of goFirst) {
    if (size <= (wanted.has(each.id) ? units : units * keptShare)) break;
    gone.add(each);
    size -= unitsOf(each.passage);
  }
  return kept.filter(each => !gone.has(each));

  function rank(each: Found): number {
    return (wanted.has(each.id) ? 1 : 0) + (wanted.get(each.id)?.score ?? each.score) / 2;
  }
}
