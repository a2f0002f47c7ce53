import { describeChange, type ChangeSet, type History } from '../../server/cli/try/history.js';
import { seededRandom } from '../bench/histories/random.js';

/**
 * A history for files that have none: from most of them a few short runs of lines are taken out, and written again later.
 * What is like them elsewhere in the same file stays visible, as it is while one edits.
 */
export function holdOutRuns(files: ReadonlyMap<string, string>, seed: number): History {
  return holdOut(files, seed, 0.3, (lines, random) => {
    const kept = [...lines];
    // From the last to the first, so that the places stay true.
    for (const part of [0.75, 0.5, 0.25]) {
      kept.splice(Math.floor(lines.length * (part + 0.15 * random())), 2 + Math.floor(7 * random()));
    }
    return kept;
  });
}

/** The same with half of each second file missing: what comes later in it is hidden, as while it is first written. */
export function holdOutHalves(files: ReadonlyMap<string, string>, seed: number): History {
  return holdOut(files, seed, 0.5, (lines, random) => {
    const start = Math.floor(lines.length * (0.2 + 0.2 * random()));
    return lines.toSpliced(start, Math.floor(lines.length * 0.5));
  });
}

function holdOut(
  files: ReadonlyMap<string, string>,
  seed: number,
  untouched: number,
  thin: (lines: readonly string[], random: () => number) => readonly string[],
): History {
  const random = seededRandom(seed);
  const base = new Map(files);
  const changeSets: ChangeSet[] = [];
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = text.split('\n');
    if (lines.length < 30 || random() < untouched) continue;
    const kept = thin(lines, random).join('\n');
    base.set(path, kept);
    changeSets.push({ id: path, drift: [], files: [describeChange(path, kept, text)] });
  }
  return { base, changeSets };
}
