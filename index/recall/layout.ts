import { gapColumns, gapHasTabs, gapText } from './gaps.js';
import type { Source } from './source.js';
import { idMask, newline } from './tokenKinds.js';

/** How a text indents: with tabs, or with so many spaces a level. */
export interface IndentStyle {
  readonly tabs: boolean;
  readonly width: number;
}

const linesLookedAt = 60;
const tokensLookedAt = 1500;

/** The style around a position, from the lines before it; null where none of them is indented. */
export function indentStyleAt(source: Source, position: number): IndentStyle | null {
  const widths: number[] = [];
  let at = position;
  for (let walked = 0; at >= 0 && walked < tokensLookedAt && widths.length < linesLookedAt; walked++) {
    const before = source.previous(at);
    if (before < 0 || (source.words[before]! & idMask) === newline) {
      const gap = source.gaps[at]!;
      if (gapHasTabs(gap)) return { tabs: true, width: 4 };
      widths.push(gap);
    }
    at = before;
  }
  // The smallest step between neighbouring lines; alignment makes larger ones.
  let width = 0;
  for (let i = 1; i < widths.length; i++) {
    const step = Math.abs(widths[i]! - widths[i - 1]!);
    if (step > 1 && (width === 0 || step < width)) width = step;
  }
  const smallest = Math.min(...widths.filter(one => one > 1));
  if (width === 0 && Number.isFinite(smallest) && smallest <= 8) width = smallest;
  return width === 0 ? null : { tabs: false, width };
}

/** The gap of the first token of the line that holds `position`. */
export function lineGap(source: Source, position: number): number {
  let first = position;
  for (let walked = 0; walked < 4096; walked++) {
    const before = source.previous(first);
    if (before < 0 || (source.words[before]! & idMask) === newline) break;
    first = before;
  }
  return source.gaps[first]!;
}

/**
 * The indentation of a line that follows one indented by `indent`, when in the source the step from `sourceGap` to
 * `nextGap` was made. Levels are kept, not columns, where the two differ in style.
 */
export function indentAfter(
  indent: string,
  own: IndentStyle,
  sourceGap: number,
  nextGap: number,
  theirs: IndentStyle,
): string {
  if (nextGap === sourceGap) return indent;
  const step = gapColumns(nextGap) - gapColumns(sourceGap);
  if (!own.tabs && !theirs.tabs && own.width === theirs.width) {
    const columns = Math.max(0, indent.replaceAll('\t', '    ').length + step);
    return gapText(Math.min(191, columns));
  }
  const levels = Math.round(step / theirs.width);
  const unit = own.tabs ? '\t' : ' '.repeat(own.width);
  if (levels >= 0) return indent + unit.repeat(Math.min(levels, 16));
  let shorter = indent;
  for (let level = 0; level < -levels; level++) {
    shorter = shorter.endsWith(unit) ? shorter.slice(0, -unit.length) : shorter.replace(/\t$| {1,8}$/, '');
  }
  return shorter;
}
