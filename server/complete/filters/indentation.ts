import { respell } from '../candidate.js';
import type { Place } from '../place.js';
import type { Filter, Indentation } from './filter.js';

/** Lines after the first are indented as the file is: tabs for tabs, spaces for spaces. */
export const indentation: Filter = {
  name: 'indentation',
  apply(candidate, context) {
    if (isLikeNearest(candidate.text, context.place)) return candidate;
    const { kind, width } = context.indentation();
    if (kind === 'tabs') return respell(candidate, toTabs(candidate.text));
    if (kind === 'spaces' && width > 0) return respell(candidate, toSpaces(candidate.text, width));
    return candidate;
  },
};

/** The nearest indented line decides where it can: the others need not be read then. */
function isLikeNearest(text: string, { prefix, above, below }: Place): boolean {
  const hasTabs = /\n *\t/.test(text);
  const hasSpaces = /\n\t* /.test(text);
  if (!hasTabs && !hasSpaces) return true;
  const nearest = [prefix, ...above, ...below].find(line => /^\s/.test(line))?.charAt(0);
  return (nearest === ' ' && !hasTabs) || (nearest === '\t' && !hasSpaces);
}

function toTabs(text: string): string {
  if (!/\n\t* {2}/.test(text)) return text;
  const width = widthOf(text.split('\n').slice(1));
  return text.replace(/\n[ \t]+/g, run => `\n${'\t'.repeat(Math.round(columnsOf(run.slice(1), width) / width))}`);
}

function toSpaces(text: string, width: number): string {
  return text.replace(/\n[ \t]*\t[ \t]*/g, run => `\n${' '.repeat(columnsOf(run.slice(1), width))}`);
}

function columnsOf(blanks: string, width: number): number {
  let columns = 0;
  for (const unit of blanks) columns += unit === '\t' ? width : 1;
  return columns;
}

/** Learnt from lines: by what they begin with, and by the least step from one line to the next. */
export function indentationOf(lines: readonly string[]): Indentation {
  let tabs = 0;
  let spaces = 0;
  for (const line of lines) {
    if (line.startsWith('\t')) tabs++;
    else if (line.startsWith('  ')) spaces++;
  }
  if (tabs === 0 && spaces === 0) return { kind: 'unknown', width: 0 };
  return tabs > spaces ? { kind: 'tabs', width: 0 } : { kind: 'spaces', width: widthOf(lines) };
}

function widthOf(lines: readonly string[]): number {
  const votes = new Map<number, number>();
  let before = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const columns = line.length - line.trimStart().length;
    const step = Math.abs(columns - before);
    if (step >= 2 && step <= 8) votes.set(step, (votes.get(step) ?? 0) + 1);
    before = columns;
  }
  const best = [...votes].sort(([a, x], [b, y]) => y - x || a - b)[0];
  return best?.[0] ?? 4;
}
