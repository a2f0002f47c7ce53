import { fimFamilies } from '../../model/fim/families.js';
import { remainderOf, withRemainder, type Filter, type FilterContext } from './filter.js';

/** What ends a model's text, should its server not have stopped there: tokens of any family, and the end of a file in words. */
export const stopTokens: Filter = {
  name: 'stop-tokens',
  apply(candidate, context) {
    const remainder = remainderOf(candidate, context);
    let end = remainder.length;
    for (const pattern of patterns) {
      for (const { index, 0: token } of remainder.matchAll(pattern)) {
        // Who writes about such tokens has them in the text around.
        if (index >= end || standsNear(token.trim(), context)) continue;
        end = index;
      }
    }
    return withRemainder(candidate, context, remainder.slice(0, end));
  },
};

/** Words in angle brackets may be tags or placeholders of a text, but hardly at the start of a line. */
const ambiguous = /^<\/?[a-z]+>$/i;
const known = [...new Set(fimFamilies.flatMap(({ stop, special }) => [...stop, ...special]))].filter(
  token => token.length > 3 && !/^\s*$/.test(token),
);

const patterns: readonly RegExp[] = [
  new RegExp(listOf(known.filter(token => !ambiguous.test(token))), 'g'),
  new RegExp(`^[ \\t]*(?:${listOf(known.filter(token => ambiguous.test(token)))})`, 'gm'),
  /<\|[\w-]{2,40}\|>|<｜[^｜\n]{1,40}｜>|▁?<(?:PRE|SUF|MID|EOT)>|\[\/?INST\]|<<\/?SYS>>|<\/s>\s*$/g,
  /<\/?(?:fim_\w+|file_sep|repo_name|gh_stars|jupyter_\w+|commit_(?:before|after|msg)|issue_\w+|end_of_turn|start_of_turn|think)>/g,
  /^[ \t]*(?:\/\/|#|--|\/\*|<!--|;|%)[ \t]*(?:end of (?:the )?file|EOF)\b.*$/gim,
];

function listOf(tokens: readonly string[]): string {
  return tokens.map(token => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|') || '(?!)';
}

function standsNear(token: string, { place }: FilterContext): boolean {
  return [place.prefix, place.suffix, ...place.above, ...place.below].some(line => line.includes(token));
}
