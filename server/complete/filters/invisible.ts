import { stripInvisible } from '../../model/invisible.js';
import { remainderOf, withRemainder, type Filter, type FilterContext } from './filter.js';

/**
 * What nobody could see before accepting it: controls and marks that turn the direction of writing end the text, joiners
 * and wide blanks become what they look like. Half a character from a broken stream is one of them.
 */
export const invisible: Filter = {
  name: 'invisible',
  apply(candidate, context) {
    const remainder = remainderOf(candidate, context);
    const end = remainder.search(harmful);
    // The line that holds it is not to be trusted either, nor whole.
    const seen = end < 0 ? remainder : remainder.slice(0, Math.max(0, remainder.lastIndexOf('\n', end)));
    const plain = stripInvisible(seen).replace(unseen, '');
    return withRemainder(candidate, context, hasWideBlanks(context) ? plain : plain.replace(wideBlank, ' '));
  },
};

// eslint-disable-next-line no-control-regex
const harmful =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd\ufff9-\ufffb]|\p{Cs}|\p{Co}/u;
/** A joiner between pictures makes one of them. */
const unseen = /[\u00ad\u200b\u200c\u2060-\u2064\u2800\ufeff]|\u200d(?!\p{Extended_Pictographic})/gu;
const wideBlank = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

function hasWideBlanks({ place }: FilterContext): boolean {
  return [place.prefix, ...place.above, ...place.below].some(line => line.search(wideBlank) >= 0);
}
