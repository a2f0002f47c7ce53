import { unitsOf } from './budget.js';
import type { Found } from './found.js';
import { shareIn, tellingLines } from './likeness.js';

export interface ChooseOptions {
  readonly units: number;
  /** Most of the room that a source may take. */
  readonly shareOf: (source: string) => number;
  /** What the model sees anyway. */
  readonly window: {
    readonly path: string | null;
    readonly startLine: number;
    readonly endLine: number;
    readonly text: string;
  };
}

/** So much of a passage that stands elsewhere already makes it one too many. */
const tooMuch = 0.7;

/** The best that fit, the best first: none twice, none that the window shows, none that takes all the room. */
export function choose(found: readonly Found[], options: ChooseOptions): readonly Found[] {
  const { units, shareOf, window } = options;
  const windowLines = tellingLines(window.text);
  const chosen: { readonly found: Found; readonly lines: ReadonlySet<string> }[] = [];
  const spent = new Map<string, number>();
  let left = units;
  for (const each of [...found].sort(byScore)) {
    const { source, path, startLine, text } = each.passage;
    const size = unitsOf(each.passage);
    const taken = spent.get(source) ?? 0;
    if (size > left || taken + size > units * shareOf(source) || text.trim() === '') continue;
    if (path !== null && path === window.path && overlaps(startLine, text, window)) continue;
    const lines = tellingLines(text);
    if (shareIn(lines, windowLines) > tooMuch) continue;
    if (chosen.some(other => isRepeated(each, lines, other.found, other.lines))) continue;
    chosen.push({ found: each, lines });
    spent.set(source, taken + size);
    left -= size;
  }
  return chosen.map(({ found: each }) => each);
}

/** Whether one says mostly what the other does; both of them may be extracts, so lines decide, not where they stand. */
export function isRepeated(
  each: Found,
  lines: ReadonlySet<string>,
  other: Found,
  otherLines: ReadonlySet<string>,
): boolean {
  if (each.id === other.id || each.passage.text === other.passage.text) return true;
  return shareIn(lines, otherLines) > tooMuch || (otherLines.size >= 3 && shareIn(otherLines, lines) > 0.9);
}

function overlaps(startLine: number, text: string, window: ChooseOptions['window']): boolean {
  const endLine = startLine + text.split('\n').length - 2;
  return startLine <= window.endLine && endLine >= window.startLine;
}

function byScore(left: Found, right: Found): number {
  return right.score - left.score || (left.id < right.id ? -1 : 1);
}
