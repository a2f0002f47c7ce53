import { lexLine } from '../lexLine.js';
import { remainderOf, withRemainder, type Filter } from './filter.js';

/** Of a chat model's answer only the code inside the first fence; where code comes first, a fence is its end. */
export const fences: Filter = {
  name: 'fences',
  apply(candidate, context) {
    const { place } = context;
    const near = [place.prefix, ...place.above, ...place.below];
    if (place.language.prose || near.some(line => fence.test(line.replace(/^\s*(?:\/\/[/!]?|#|\*)/, ''))))
      return candidate;
    if (lexLine(place.prefix, place.language).kind !== 'code') return candidate;
    const remainder = remainderOf(candidate, context);
    const lines = remainder.split('\n');
    const open = lines.findIndex(line => fence.test(line));
    if (open < 0) return candidate;
    if (!lines.slice(0, open).every(line => line.trim() === '' || isIntroduction(line))) {
      return withRemainder(candidate, context, lines.slice(0, open).join('\n'));
    }
    const inside = lines.slice(open + 1);
    const close = inside.findIndex(line => fence.test(line));
    return withRemainder(candidate, context, (close < 0 ? inside : inside.slice(0, close)).join('\n'));
  },
};

const fence = /^\s*(?:```|~~~)/;

/** A sentence, not code. */
function isIntroduction(line: string): boolean {
  return /^\s*[A-Z][\w'’-]*[,:!]?(?: [^;{}=]+)?[.:!]?\s*$/.test(line) && !/[;{}]\s*$/.test(line);
}
