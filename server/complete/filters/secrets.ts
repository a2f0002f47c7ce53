import { cutTo } from '../candidate.js';
import { findSecret, lookBackUnits } from '../secretPlace.js';
import type { Filter } from './filter.js';

/** What looks like a key or a password elsewhere in the workspace is not spread by us. */
export const secrets: Filter = {
  name: 'secrets',
  apply(candidate, { place, typed }) {
    const before = place.prefix.slice(0, Math.max(0, place.prefix.length - typed)).slice(-lookBackUnits);
    const found = findSecret(before + candidate.text);
    if (found < 0) return candidate;
    const length = found - before.length;
    return length <= typed ? null : cutTo(candidate, length);
  },
};
