import { basename } from 'node:path';
import type { GitChange } from './gitChange.js';

/** Half of the lines are the same: what git takes for a rename too. */
const leastLikeness = 0.5;
/** More pairs than this are not compared; then a rename stays a file that went and one that came. */
const mostPairs = 20_000;

/** Puts together what went and what came, where one is the other under a new name. */
export function pairRenames(changes: readonly GitChange[]): readonly GitChange[] {
  const gone = changes.filter(({ before, after }) => before !== null && after === null);
  const come = changes.filter(({ before, after }) => before === null && after !== null);
  if (gone.length === 0 || come.length === 0 || gone.length * come.length > mostPairs) return changes;
  const pairs = come
    .flatMap(to => gone.map(from => ({ from, to, likeness: likenessOf(from, to) })))
    .filter(({ likeness }) => likeness >= leastLikeness)
    .sort((left, right) => right.likeness - left.likeness);
  const taken = new Map<GitChange, GitChange>();
  const spent = new Set<GitChange>();
  for (const { from, to } of pairs) {
    if (taken.has(to) || spent.has(from)) continue;
    taken.set(to, from);
    spent.add(from);
  }
  return changes
    .filter(change => !spent.has(change))
    .map(change => {
      const from = taken.get(change);
      return from === undefined ? change : { ...change, from: from.path, before: from.before };
    });
}

/** The share of lines in common, from 0 to 1; a little more where the name is kept. */
function likenessOf(from: GitChange, to: GitChange): number {
  const { before } = from;
  const { after } = to;
  if (before === null || after === null || before === '' || after === '') return 0;
  const longer = Math.max(before.length, after.length);
  if (Math.min(before.length, after.length) < longer * leastLikeness) return 0;
  const counts = new Map<string, number>();
  for (const line of before.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of after.split('\n')) {
    const left = counts.get(line) ?? 0;
    if (left === 0) continue;
    counts.set(line, left - 1);
    common += line.length + 1;
  }
  return common / (longer + 1) + (basename(from.path) === basename(to.path) ? 0.001 : 0);
}
