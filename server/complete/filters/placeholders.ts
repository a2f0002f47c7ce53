import { holdsPlaceholder } from '../../secrets/placeholder.js';
import { lexLine } from '../lexLine.js';
import type { Place } from '../place.js';
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
      const isTodo = isLeftOpen(whole, place) && !(index === 0 && isLeftOpen(place.prefix, place));
      const isRedacted = (holdsPlaceholder(line) || redacted.test(line)) && !redacted.test(known);
      if (isRedacted || isTodo || (isInvented(whole, index, context) && !/,\s*$/.test(lines[index - 1] ?? '')))
        return cutBeforeLine(candidate, context, index);
    }
    return candidate;
  },
};

/** As others mask, or as a model imitates it. */
const redacted = /REDACTED_[A-Z0-9]|<redacted>|\[redacted\]/i;

const work = String.raw`(?:implement(?:ation|ed)?|add|fill|complete|write|finish|your|replace|code|logic|rest|handle)\b`;
/** What a comment says from its first word on. */
const leftOpen = new RegExp(
  `^(?:${[
    String.raw`(?:TODO|FIXME)\b[:(\s]*(?:${work}.*)?$`,
    String.raw`(?:\.\.\.|…)?\s*(?:your|add|insert|put|place|write)\s+(?:\w+\s+){0,3}(?:code|logic|implementation|here)\b`,
    String.raw`(?:\.\.\.|…)?\s*(?:the\s+)?(?:rest|remaining|remainder|other|existing|previous|same)\s+(?:of\s+)?(?:\w+\s+){0,3}(?:code|methods?|functions?|implementation|file|logic|as (?:above|before)|unchanged|here)\b`,
    String.raw`(?:implementation|code|logic)\s+(?:goes\s+)?(?:here|omitted|unchanged)\b`,
    String.raw`(?:\.\.\.|…)\s*$`,
  ].join('|')})`,
  'i',
);

function isLeftOpen(line: string, { language }: Place): boolean {
  const openers = [...language.lineComments, ...language.blockComments.map(([open]) => open), '"""'];
  for (const opener of openers) {
    for (let at = line.indexOf(opener); at >= 0; at = line.indexOf(opener, at + 1)) {
      if (lexLine(line.slice(0, at), language).kind !== 'code') break;
      if (
        leftOpen.test(
          line
            .slice(at + opener.length)
            .trim()
            .replace(/\s*(?:\*\/|-->|""")$/, ''),
        )
      )
        return true;
    }
  }
  return false;
}

/** `...` where the language has no use for it; behind a comma it may end a list of parameters. */
function isInvented(line: string, index: number, { place }: FilterContext): boolean {
  if (!/^\s*(?:\.\.\.|…|\[\.\.\.\])\s*$/.test(line) || place.language.prose) return false;
  if (index === 0 && lexLine(place.prefix, place.language).kind !== 'code') return false;
  // A body of Python may well be an ellipsis: right behind its head.
  return place.language.id !== 'python' || line.trim() !== '...';
}
