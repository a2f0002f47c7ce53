import { cutBeforeLine, remainderOf, type Filter } from './filter.js';

const usual = 240;

/** Nobody reads a line of a page's length before accepting it: only where the file has such lines. */
export const longLines: Filter = {
  name: 'long-lines',
  apply(candidate, context) {
    const { place } = context;
    const near = [place.prefix + place.suffix, ...place.above, ...place.below];
    const longest = Math.max(usual, ...near.map(line => Math.ceil(1.25 * line.length)));
    const lines = remainderOf(candidate, context).split('\n');
    const at = lines.findIndex((line, index) => (index === 0 ? place.prefix.length : 0) + line.length > longest);
    return at < 0 ? candidate : cutBeforeLine(candidate, context, at);
  },
};
