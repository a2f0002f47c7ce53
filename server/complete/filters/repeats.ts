import { cutTo } from '../candidate.js';
import { isMostlyNew, remainderOf, type Filter } from './filter.js';

/** The line above once more is hardly ever what comes next; nor is one line over and over. */
export const repeats: Filter = {
  name: 'repeats',
  apply(candidate, context) {
    const { place, typed } = context;
    const remainder = remainderOf(candidate, context);
    const lines = remainder.split('\n');
    const first = place.prefix + (lines[0] ?? '');
    const isAgain = hasWord(first) && first.trimEnd() === place.above[0]?.trimEnd();
    if (isAgain && place.suffix.trim() === '' && isMostlyNew(lines[0] ?? '', context)) return null;
    let before = first.trimEnd();
    let at = (lines[0] ?? '').length;
    for (const line of lines.slice(1)) {
      if (hasWord(line) && line.trimEnd() === before) return at === 0 ? null : cutTo(candidate, typed + at);
      before = line.trimEnd();
      at += line.length + 1;
    }
    return candidate;
  },
};

function hasWord(line: string): boolean {
  return /[\p{L}\p{N}]{3}/u.test(line);
}
