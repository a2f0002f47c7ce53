import { cutTo } from '../candidate.js';
import { balanceOf, isClosersOnly } from './brackets.js';
import { isMostlyNew, remainderOf, type Filter } from './filter.js';

/**
 * Lines that follow in the document already are not said again, however they are indented. A line of closers alone counts
 * only where it stands at the same column and closes nothing of the suggestion's own.
 */
export const linesBelow: Filter = {
  name: 'lines-below',
  apply(candidate, context) {
    const { place, typed } = context;
    const next = place.below[0];
    if (next === undefined) return candidate;
    const remainder = remainderOf(candidate, context);
    const lines = remainder.split('\n');
    const whole = place.prefix + (lines[0] ?? '');
    if (place.suffix.trim() === '' && isMostlyNew(lines[0] ?? '', context) && isSame(whole, next)) return null;
    let at = (lines[0] ?? '').length;
    for (const line of lines.slice(1)) {
      const length = line.length + 1;
      const isAgain = isClosersOnly(line)
        ? line.trimEnd() === next.trimEnd() && closesForeign(remainder.slice(0, at + length))
        : isSame(line, next) && !isOpenedInside(remainder.slice(0, at));
      if (line.trim() !== '' && isAgain) return at === 0 ? null : cutTo(candidate, typed + at);
      at += length;
    }
    return candidate;
  },
};

function isSame(line: string, below: string): boolean {
  const folded = fold(line);
  return folded.length >= 4 && !isClosersOnly(folded) && folded === fold(below);
}

function fold(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}

function closesForeign(text: string): boolean {
  return balanceOf(text).foreign.length > 0;
}

/** Inside a block that the suggestion itself opens, a line may well look like one below it. */
function isOpenedInside(text: string): boolean {
  return balanceOf(text).waiting.length > 0;
}
