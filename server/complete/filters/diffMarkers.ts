import { cutBeforeLine, remainderOf, withRemainder, type Filter } from './filter.js';

/** A model that answers with a diff: its headers end the text, and where each line has been added the marks are dropped. */
export const diffMarkers: Filter = {
  name: 'diff-markers',
  apply(candidate, context) {
    const { place } = context;
    if (place.language.id === 'diff' || [...place.above, ...place.below].some(line => header.test(line)))
      return candidate;
    const remainder = remainderOf(candidate, context);
    const lines = remainder.split('\n');
    const code = lines.filter(line => line.trim() !== '');
    if (code.length > 1 && place.prefix.trim() === '' && code.every(line => /^\+(?!\+)/.test(line))) {
      return withRemainder(candidate, context, lines.map(line => line.replace(/^\+/, '')).join('\n'));
    }
    const at = lines.findIndex((line, index) => header.test(line) && (index > 0 || place.prefix.trim() === ''));
    return at < 0 ? candidate : cutBeforeLine(candidate, context, at);
  },
};

const header =
  /^(?:diff --git |index [0-9a-f]{7,}\.\.|@@ -\d+(?:,\d+)? \+\d+|\+\+\+ [ab]\/|--- [ab]\/|<{7}(?: |$)|>{7}(?: |$)|={7}$|\|{7}(?: |$))/;
