import { holdsPlaceholder } from '../../secrets/placeholder.js';
import { lexLine } from '../lexLine.js';
import { cutBeforeLine, remainderOf, type Filter, type FilterContext } from './filter.js';

/** Where a model leaves the work to the person, or repeats what stands for a secret, its text ends. */
export const placeholders: Filter = {
  name: 'placeholders',
  apply(candidate, context) {
    const { place } = context;
    const lines = remainderOf(candidate, context).split('\n');
    const known = [place.prefix, ...place.above, ...place.below].join('\n');
    for (const [index, line] of lines.entries()) {
      const whole = index === 0 ? place.prefix + line : line;
      const isTodo = leftOpen.test(whole) && !(index === 0 && leftOpen.test(place.prefix));
      const isRedacted = (holdsPlaceholder(line) || redacted.test(line)) && !redacted.test(known);
      if (isRedacted || isTodo || isInvented(whole, index, context)) return cutBeforeLine(candidate, context, index);
    }
    return candidate;
  },
};

/** As others mask, or as a model imitates it. */
const redacted = /REDACTED_[A-Z0-9]|<redacted>|\[redacted\]/i;

const work = String.raw`(?:implement(?:ation|ed)?|add|fill|complete|write|finish|your|replace|code|logic|rest|handle)\b`;
const comment = String.raw`(?:\/\/|#|--|\/\*|<!--|"""|%|;)\s*`;
const leftOpen = new RegExp(
  [
    String.raw`${comment}(?:TODO|FIXME)\b[:(\s]*(?:${work}.*)?$`,
    String.raw`${comment}(?:\.\.\.|…)?\s*(?:your|add|insert|put|place|write)\s+(?:\w+\s+){0,3}(?:code|logic|implementation|here)\b`,
    String.raw`${comment}(?:\.\.\.|…)?\s*(?:the\s+)?(?:rest|remaining|remainder|other|existing|previous|same)\s+(?:of\s+)?(?:\w+\s+){0,3}(?:code|methods?|functions?|implementation|file|logic|as (?:above|before)|unchanged|here)\b`,
    String.raw`${comment}(?:implementation|code|logic)\s+(?:goes\s+)?(?:here|omitted|unchanged)\b`,
    String.raw`${comment}(?:\.\.\.|…)`,
  ].join('|'),
  'i',
);

/** `...` where the language has no use for it. */
function isInvented(line: string, index: number, { place }: FilterContext): boolean {
  if (!/^\s*(?:\.\.\.|…|\[\.\.\.\])\s*$/.test(line) || place.language.prose) return false;
  if (index === 0 && lexLine(place.prefix, place.language).kind !== 'code') return false;
  // A body of Python may well be an ellipsis: right behind its head.
  return place.language.id !== 'python' || line.trim() !== '...';
}
