import { cutTo } from '../candidate.js';
import { remainderOf, type Filter } from './filter.js';

/** Blanks at the end are nobody's wish, and blanks alone are no suggestion. */
export const blank: Filter = {
  name: 'blank',
  apply(candidate, context) {
    if (remainderOf(candidate, context).trim() === '') return null;
    return cutTo(candidate, candidate.text.trimEnd().length);
  },
};
