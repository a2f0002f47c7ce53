import { cutBeforeLine, remainderOf, withRemainder, type Filter } from './filter.js';

/** The names of files that stand in a prompt are not said again: one at the start is dropped, a later one begins another file. */
export const fileHeaders: Filter = {
  name: 'file-headers',
  apply(candidate, context) {
    const lines = remainderOf(candidate, context).split('\n');
    const isWholeLine = context.place.prefix.trim() === '';
    const first = lines.findIndex((line, index) => line.trim() !== '' && (index > 0 || isWholeLine));
    if (first < 0) return candidate;
    let start = first;
    while (start < lines.length && isHeader(lines[start] ?? '')) start++;
    const current =
      start === first
        ? candidate
        : withRemainder(candidate, context, [...lines.slice(0, first), ...lines.slice(start)].join('\n'));
    if (current === null) return null;
    const left = remainderOf(current, context).split('\n');
    const next = left.findIndex((line, index) => index > 0 && isHeader(line));
    return next < 0 ? current : cutBeforeLine(current, context, next);
  },
};

function isHeader(line: string): boolean {
  return named.test(line) || bare.test(line) || marked.test(line);
}

const comment = String.raw`^\s*(?:\/\/+|#+|--|;+|%|\/\*+|<!--)\s*`;
const path = String.raw`[\w@.+~-]*(?:[\\/][\w@.+~ -]+)*\.[A-Za-z]\w{0,9}`;
/** `// Path: src/a.ts` */
const named = new RegExp(
  String.raw`${comment}(?:(?:file ?)?(?:path|file|name)\s*[:=]\s*['"\`]?${path}['"\`]?|language\s*:\s*\w+)\s*(?:\*\/|-->)?\s*$`,
  'i',
);
/** `# src/a.py`: at least one folder, else it may be a remark. */
const bare = new RegExp(String.raw`${comment}(?=\S*[\\/])${path}\s*(?:\*\/|-->)?\s*$`);
/** As families of models name files. */
const marked = /^(?:\+{5} \S+|#{3}(?:PATH|LANGUAGE|MODE|REFERENCE):)/;
