import { lexLine } from '../lexLine.js';
import { cutBeforeLine, remainderOf, type Filter } from './filter.js';

/** An answer in words is no code: nothing of one that begins so, and the code only of one that explains itself afterwards. */
export const prose: Filter = {
  name: 'prose',
  apply(candidate, context) {
    const { place } = context;
    if (place.language.prose || place.language.id === 'other') return candidate;
    if (lexLine(place.prefix, place.language).kind !== 'code') return candidate;
    const lines = remainderOf(candidate, context).split('\n');
    let isQuoted = false;
    for (const [index, line] of lines.entries()) {
      // Of a documentation string the sentences are wanted.
      if (/"""|'''|`/.test(line)) isQuoted = true;
      const isAlone = index > 0 || place.prefix.trim() === '';
      if (isAlone && !isQuoted && isSpoken(line, index === 0 || lines[index - 1]?.trim() === ''))
        return cutBeforeLine(candidate, context, index);
    }
    return candidate;
  },
};

function isSpoken(line: string, beginsParagraph: boolean): boolean {
  const text = line.trim();
  if (opening.test(text)) return beginsParagraph || /[.:!]$/.test(text);
  return beginsParagraph && sentence.test(text);
}

const opening =
  /^(?:Sure|Certainly|Of course|Okay|Here(?:'s|’s| is| are) (?:the|a|an|your|how|what)|The (?:code|completion|missing|following|completed|above|function)\b|This (?:code|function|completion|will|is|completes)\b|I(?:'ve|’ve|'ll|’ll| have| will| think| cannot| can't)\b|To (?:complete|finish|fill)|Based on|Note that|Explanation:|Unfortunately|Sorry|As an AI|It (?:looks|seems) like|You can\b|In this (?:code|example)|Let me\b|\*\*[A-Z])/;
/** Words and nothing of a program, ended as a sentence is. */
const sentence = /^[A-Z][a-z'’-]*(?: [\w'’(),`/-]+){4,}[.!?:]$/;
