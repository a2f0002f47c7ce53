import { unitsOf } from './budget.js';
import type { Found, LineRange } from './found.js';
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
/** One that says so much of another takes its place. */
const allOf = 0.9;

interface Chosen {
  readonly found: Found;
  readonly lines: ReadonlySet<string>;
}

/** The best that fit, the best first: none twice, none that the window shows, none that takes all the room. */
export function choose(found: readonly Found[], options: ChooseOptions): readonly Found[] {
  const { units, shareOf, window } = options;
  const windowLines = tellingLines(window.text);
  let chosen: readonly Chosen[] = [];
  for (const each of [...found].sort(byScore)) {
    const { source, path, text } = each.passage;
    if (text.trim() === '') continue;
    if (path !== null && path === window.path && rangesOf(each).some(range => overlap(range, window) > 0)) continue;
    const lines = tellingLines(text);
    if (shareIn(lines, windowLines) > tooMuch || isRepeated({ found: each, lines }, chosen)) continue;
    const others = chosen.filter(other => !isHeldBy(other, each, lines));
    const size = unitsOf(each.passage);
    if (size > units - unitsOfAll(others)) continue;
    if (size > units * shareOf(source) - unitsOfAll(others.filter(other => other.found.passage.source === source)))
      continue;
    chosen = [...others, { found: each, lines }];
  }
  return chosen.map(({ found: each }) => each);
}

/** Whether mostly the same is said by another, or by those of the same file together. */
function isRepeated({ found, lines }: Chosen, others: readonly Chosen[]): boolean {
  const { path, text } = found.passage;
  if (others.some(other => other.found.passage.text === text || shareIn(lines, other.lines) > tooMuch)) return true;
  const same = path === null ? [] : others.filter(other => other.found.passage.path === path);
  return same.length > 1 && shareIn(lines, new Set(same.flatMap(other => [...other.lines]))) > tooMuch;
}

function isHeldBy(other: Chosen, each: Found, lines: ReadonlySet<string>): boolean {
  return other.lines.size > 0 && shareIn(other.lines, lines) >= allOf && other.found.passage.path === each.passage.path;
}

/** Whether an old passage says mostly what a new one does, so that only one of them should stand. */
export function isSame(old: Found, now: Found): boolean {
  return isRepeated({ found: old, lines: tellingLines(old.passage.text) }, [
    { found: now, lines: tellingLines(now.passage.text) },
  ]);
}

function rangesOf({ covers, passage: { startLine, text } }: Found): readonly LineRange[] {
  return covers ?? [{ startLine, endLine: startLine + text.replace(/\n$/, '').split('\n').length }];
}

/** `window.endLine` is its last line. */
function overlap({ startLine, endLine }: LineRange, window: LineRange): number {
  return Math.min(endLine, window.endLine + 1) - Math.max(startLine, window.startLine);
}

function unitsOfAll(chosen: readonly Chosen[]): number {
  return chosen.reduce((sum, { found }) => sum + unitsOf(found.passage), 0);
}

function byScore(left: Found, right: Found): number {
  return right.score - left.score || (left.id < right.id ? -1 : 1);
}
