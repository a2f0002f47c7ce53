/** A run of lines that differs; lines from 0. Between two hunks at least one line is the same. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

/** Past this many edits the differing middle becomes a single hunk: such a file was rewritten, not edited. */
const maxEdits = 1500;

/** The shortest edit script by lines. E. Myers, "An O(ND) difference algorithm and its variations", 1986. */
export function diffLines(oldLines: readonly string[], newLines: readonly string[]): Hunk[] {
  let head = 0;
  while (head < oldLines.length && head < newLines.length && oldLines[head] === newLines[head]) head++;
  let oldEnd = oldLines.length;
  let newEnd = newLines.length;
  while (oldEnd > head && newEnd > head && oldLines[oldEnd - 1] === newLines[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  if (head === oldEnd && head === newEnd) return [];
  const whole = { oldStart: head, oldCount: oldEnd - head, newStart: head, newCount: newEnd - head };
  if (whole.oldCount === 0 || whole.newCount === 0) return [whole];
  const [oldIds, newIds] = numberLines(oldLines.slice(head, oldEnd), newLines.slice(head, newEnd));
  const rounds = searchForward(oldIds, newIds);
  return rounds === null ? [whole] : traceBack(rounds, oldIds.length, newIds.length, head);
}

function numberLines(oldLines: readonly string[], newLines: readonly string[]): [Int32Array, Int32Array] {
  const ids = new Map<string, number>();
  const number = (line: string): number => {
    const known = ids.get(line) ?? ids.size;
    ids.set(line, known);
    return known;
  };
  return [Int32Array.from(oldLines, number), Int32Array.from(newLines, number)];
}

/** For each number of edits the furthest old line reached on every diagonal (new minus old); null past the limit. */
function searchForward(oldIds: Int32Array, newIds: Int32Array): Int32Array[] | null {
  const rounds: Int32Array[] = [];
  let previous = Int32Array.of(0, 0, 0);
  for (let edits = 0; edits <= maxEdits; edits++) {
    // Slot d + edits + 1 holds diagonal d; the slots at both ends stand for "not reached".
    const reached = new Int32Array(2 * edits + 3).fill(-1);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = 0;
      if (edits > 0) {
        const fromDelete = previous[diagonal + 1 + edits] ?? -1;
        const fromInsert = previous[diagonal - 1 + edits] ?? -1;
        x = Math.max(fromDelete < 0 ? -1 : fromDelete + 1, fromInsert);
      }
      let y = x + diagonal;
      if (x < 0 || y < 0 || x > oldIds.length || y > newIds.length) continue;
      while (x < oldIds.length && y < newIds.length && oldIds[x] === newIds[y]) {
        x++;
        y++;
      }
      reached[diagonal + edits + 1] = x;
      if (x === oldIds.length && y === newIds.length) {
        rounds.push(reached);
        return rounds;
      }
    }
    rounds.push(reached);
    previous = reached;
  }
  return null;
}

function traceBack(rounds: readonly Int32Array[], oldCount: number, newCount: number, offset: number): Hunk[] {
  const hunks: Hunk[] = [];
  let x = oldCount;
  let y = newCount;
  for (let edits = rounds.length - 1; edits > 0; edits--) {
    const diagonal = y - x;
    const before = rounds[edits - 1];
    const fromDelete = before?.[diagonal + 1 + edits] ?? -1;
    const fromInsert = before?.[diagonal - 1 + edits] ?? -1;
    const deleted = fromDelete >= 0 && fromDelete + 1 >= fromInsert && fromDelete < oldCount;
    const nextX = deleted ? fromDelete + 1 : fromInsert;
    const nextY = nextX + diagonal;
    x = deleted ? nextX - 1 : nextX;
    y = deleted ? nextY : nextY - 1;
    join(hunks, x + offset, y + offset, deleted);
  }
  return hunks.reverse();
}

/** Steps arrive from the last to the first; one that touches the hunk after it becomes part of it. */
function join(hunks: Hunk[], oldStart: number, newStart: number, deleted: boolean): void {
  const next = hunks.at(-1);
  const oldCount = deleted ? 1 : 0;
  const newCount = deleted ? 0 : 1;
  if (next && oldStart + oldCount === next.oldStart && newStart + newCount === next.newStart) {
    hunks[hunks.length - 1] = {
      oldStart,
      oldCount: next.oldCount + oldCount,
      newStart,
      newCount: next.newCount + newCount,
    };
  } else hunks.push({ oldStart, oldCount, newStart, newCount });
}
