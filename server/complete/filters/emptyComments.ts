import { lexLine } from '../lexLine.js';
import { remainderOf, withRemainder, type Filter, type FilterContext } from './filter.js';

/** A comment that says nothing is dropped, unless it parts two that say something. */
export const emptyComments: Filter = {
  name: 'empty-comments',
  apply(candidate, context) {
    const { place } = context;
    if (lexLine(place.prefix, place.language).kind !== 'code') return candidate;
    const lines = remainderOf(candidate, context).split('\n');
    const kept = lines.filter((line, index) => {
      if (index === 0 && place.prefix.trim() !== '') return true;
      return (
        !isEmptyComment(line, context) || (isComment(lines[index - 1], context) && isComment(lines[index + 1], context))
      );
    });
    return kept.length === lines.length ? candidate : withRemainder(candidate, context, kept.join('\n'));
  },
};

function isEmptyComment(line: string, { place: { language } }: FilterContext): boolean {
  const text = line.trim();
  if (text === '') return false;
  return (
    language.lineComments.some(open => text === open) ||
    language.blockComments.some(
      ([open, close]) =>
        text.startsWith(open) &&
        text.endsWith(close) &&
        text.length >= open.length + close.length &&
        text.slice(open.length, -close.length).trim() === '',
    )
  );
}

function isComment(line: string | undefined, context: FilterContext): boolean {
  const text = (line ?? '').trim();
  return context.place.language.lineComments.some(open => text.startsWith(open)) && !isEmptyComment(text, context);
}
