import type { DocSnapshot, TextEdit } from '../../server/base/snapshot.js';
import type { History } from '../../server/cli/try/history.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { diffLines } from '../../server/base/lineDiff.js';
import type { Recall } from '../../index/recall/recall.js';
import { chooseCursors, type Cursor } from './histories/boundaries.js';
import { replay } from './histories/replay.js';

/** A line that is about to be written, with two places to ask at. Paths are those of a replay. */
export interface ReplayedLine {
  /** The document before anything of its change was typed. */
  readonly opened: DocSnapshot;
  readonly cursors: readonly ReplayedCursor[];
  /** Files that changed since the line before; null: gone. */
  readonly changed: ReadonlyMap<string, string | null>;
  /** What was written last before it, in other files; the newest last. */
  readonly written: readonly WrittenFile[];
}

export interface ReplayedCursor {
  readonly kind: Cursor['kind'];
  readonly snapshot: DocSnapshot;
  readonly offset: number;
  /** How the line really went on. */
  readonly rest: string;
}

export interface WrittenFile {
  readonly before: DocSnapshot;
  readonly after: string;
}

export interface ReplayedOptions {
  readonly seed: number;
  readonly lines: number;
  readonly languageId: string;
}

/** What is shorter is not shown by default, however sure. */
const leastChars = defaultSettings().inline.minChars;
/** Files that a person has gone on from lately are still open in the editor. */
const mostWritten = 3;

/** Lines of change sets that are evenly spread over a history, one of each: its start, and a place inside. */
export function replayedLines(history: History, { seed, lines, languageId }: ReplayedOptions): readonly ReplayedLine[] {
  const found: ReplayedLine[] = [];
  let changed = new Map<string, string | null>();
  let written: WrittenFile[] = [];
  let opened: DocSnapshot | null = null;
  const watcher: Pick<Recall, 'open' | 'change' | 'close' | 'updateFile'> = {
    open: snapshot => (opened = snapshot),
    change: () => {},
    close: () => {},
    updateFile(path, text) {
      changed.set(path, text);
      if (opened?.path !== path || text === null) return;
      written = [...written.filter(file => file.before.path !== path), { before: opened, after: text }];
      written = written.slice(-mostWritten);
      opened = null;
    },
  };
  const sampling = { seed, linesPerChangeSet: 1, languageId };
  replay(history, { workspace: [watcher as Recall], documentOnly: [] }, sampling, line => {
    if (opened === null) throw new Error('A line of a document that nobody opened.');
    const places = chooseCursors(line.tokens, line.random).filter(
      ({ kind, column }) => kind !== 'name' && line.text.length - column >= leastChars,
    );
    if (places.length === 0) return;
    const cursors = places.map(({ kind, column }) => ({
      kind,
      ...line.typeTo(column),
      rest: line.text.slice(column),
    }));
    const own = opened.path;
    found.push({ opened, cursors, changed, written: written.filter(({ before }) => before.path !== own) });
    changed = new Map();
  });
  return spread(found, lines);
}

/** What is left out takes its changes to the next one. */
function spread(all: readonly ReplayedLine[], count: number): readonly ReplayedLine[] {
  const every = Math.max(1, all.length / count);
  const wanted = new Set(Array.from({ length: count }, (_, at) => Math.floor(at * every)));
  const kept: ReplayedLine[] = [];
  let pending = new Map<string, string | null>();
  for (const [index, line] of all.entries()) {
    for (const [path, text] of line.changed) pending.set(path, text);
    if (!wanted.has(index)) continue;
    kept.push({ ...line, changed: pending });
    pending = new Map();
  }
  return kept;
}

/** What leads from one text to another, the last first, so that the places of the others stay true. */
export function editsBetween(before: string, after: string): readonly TextEdit[] {
  const oldLines = before.split('\n');
  const newLines = after.split('\n');
  const startOf = (lines: readonly string[], line: number): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
  return diffLines(oldLines, newLines)
    .map(({ oldStart, oldCount, newStart, newCount }) => {
      const atEnd = oldStart + oldCount >= oldLines.length;
      const lines = newLines.slice(newStart, newStart + newCount);
      // The last line of a file has no line feed: the one before it goes or comes along.
      const from = atEnd && oldStart > 0 ? startOf(oldLines, oldStart) - 1 : startOf(oldLines, oldStart);
      const to = Math.min(before.length, startOf(oldLines, oldStart + oldCount));
      const text = lines.map(line => (atEnd && oldStart > 0 ? `\n${line}` : `${line}\n`)).join('');
      return atEnd && oldStart === 0 ? { start: 0, end: before.length, text: after } : { start: from, end: to, text };
    })
    .reverse();
}
