import { describeChange, type ChangeSet, type History } from '../../server/cli/try/history.js';
import { seededRandom } from '../bench/histories/random.js';

/**
 * A history for files that have none: of half of them a large part is missing at first, and is written later.
 * A file's own part that comes later in it stays hidden then, as it would be while the file is first written.
 */
export function holdOut(files: ReadonlyMap<string, string>, seed: number): History {
  const random = seededRandom(seed);
  const base = new Map(files);
  const changeSets: ChangeSet[] = [];
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = text.split('\n');
    if (lines.length < 30 || random() < 0.5) continue;
    const start = Math.floor(lines.length * (0.2 + 0.2 * random()));
    const kept = lines.toSpliced(start, Math.floor(lines.length * 0.5)).join('\n');
    base.set(path, kept);
    changeSets.push({ id: path, drift: [], files: [describeChange(path, kept, text)] });
  }
  return { base, changeSets };
}
