import { remainderOf, withRemainder, type Filter } from './filter.js';

/**
 * A model that begins again with lines that stand just above, or with the cursor's own line: what is said again is dropped,
 * and what goes on from there is kept.
 */
export const restart: Filter = {
  name: 'restart',
  apply(candidate, context) {
    const { place } = context;
    const remainder = remainderOf(candidate, context);
    const lines = remainder.split('\n');
    const said = saidAgain(lines, place.above);
    const rest = lines.slice(said);
    const typed = place.prefix.trim();
    if (typed === '') return said === 0 ? candidate : withRemainder(candidate, context, rest.join('\n'));
    const first = (rest[0] ?? '').trimStart();
    const isAgain = first.startsWith(typed) && (said > 0 || isTelling(typed));
    if (!isAgain) return candidate;
    const behind = first.slice(typed.length);
    const blanks = /\s$/.test(place.prefix) ? behind.trimStart() : behind;
    return withRemainder(candidate, context, [blanks, ...rest.slice(1)].join('\n'));
  },
};

/** How many of the first lines are the last ones above, in the same order. */
function saidAgain(lines: readonly string[], above: readonly string[]): number {
  const from = lines.findIndex(line => line.trim() !== '');
  if (from < 0) return 0;
  for (let count = above.length; count > 0; count--) {
    let at = from;
    let isTellingSome = false;
    let same = 0;
    for (; same < count; at++) {
      if (at >= lines.length) break;
      const line = (lines[at] ?? '').trim();
      if (line === '') continue;
      if (line !== above[count - 1 - same]?.trim()) break;
      isTellingSome ||= isTelling(line);
      same++;
    }
    // The line above alone, and nothing new behind it, is a repetition and no restart.
    if (same === count && isTellingSome && lines.slice(at).some(line => line.trim() !== '')) return at;
  }
  return 0;
}

/** Longer than what may stand twice in a row by chance. */
function isTelling(text: string): boolean {
  return text.length >= 6 && /[\p{L}\p{N}]{3}/u.test(text) && /[^\p{L}\p{N}_]/u.test(text);
}
