import { diffLines, type Hunk } from '../base/lineDiff.js';
import { lineStartsOf, positionAt } from '../base/position.js';
import type { FileChange, Issue } from '../validate/gate.js';

/** A part of a change that was left out. */
export interface CutOff {
  readonly path: string;
  /** Lines of the text after the change, from 0, end exclusive. */
  readonly startLine: number;
  readonly endLine: number;
  /** The rules that spoke against it. */
  readonly rules: readonly string[];
}

/**
 * A change without the runs of lines in which something is to be refused; files of which nothing is left are not in it. Whether
 * the rest stands without them, the gate has to say.
 */
export function cutBack(
  change: readonly FileChange[],
  issues: readonly Issue[],
): { readonly change: readonly FileChange[]; readonly cutOff: readonly CutOff[] } {
  const cutOff: CutOff[] = [];
  const left = change.flatMap((file): readonly FileChange[] => {
    const own = issues.filter(({ path, consequence }) => path === file.path && consequence === 'refuse');
    if (own.length === 0) return [file];
    const { before, after } = file;
    // Of a file that is new or goes there are no parts.
    if (before === null || after === null) {
      cutOff.push({ path: file.path, startLine: 0, endLine: linesOf(after ?? '').length, rules: rulesOf(own) });
      return [];
    }
    const [oldLines, newLines] = [linesOf(before), linesOf(after)];
    const starts = lineStartsOf(after);
    const spans = own.map(issue => ({
      issue,
      from: positionAt(starts, issue.start).line,
      to: positionAt(starts, Math.max(issue.start, issue.end)).line,
    }));
    const hunks = diffLines(oldLines, newLines);
    const kept = hunks.filter(hunk => {
      const against = spans.filter(({ from, to }) => from <= lastLineOf(hunk) && to >= hunk.newStart);
      if (against.length === 0) return true;
      const rules = rulesOf(against.map(({ issue }) => issue));
      cutOff.push({ path: file.path, startLine: hunk.newStart, endLine: hunk.newStart + hunk.newCount, rules });
      return false;
    });
    return kept.length === 0 ? [] : [{ ...file, after: applyHunks(oldLines, newLines, kept) }];
  });
  return { change: left, cutOff };
}

/** Where lines are only removed, what is wrong shows at the line that follows. */
function lastLineOf({ newStart, newCount }: Hunk): number {
  return newStart + Math.max(0, newCount - 1);
}

function applyHunks(oldLines: readonly string[], newLines: readonly string[], hunks: readonly Hunk[]): string {
  const lines: string[] = [];
  let at = 0;
  for (const { oldStart, oldCount, newStart, newCount } of hunks) {
    lines.push(...oldLines.slice(at, oldStart), ...newLines.slice(newStart, newStart + newCount));
    at = oldStart + oldCount;
  }
  return [...lines, ...oldLines.slice(at)].join('');
}

/** With their ends, so that joined they are the text again. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

function rulesOf(issues: readonly Issue[]): readonly string[] {
  return [...new Set(issues.map(({ rule }) => rule))];
}
