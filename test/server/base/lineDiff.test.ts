import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diffLines } from '../../../server/base/lineDiff.js';

describe('diffLines', () => {
  it('finds one changed line', () => {
    assert.deepEqual(diffLines(['a', 'b', 'c'], ['a', 'x', 'c']), [
      { oldStart: 1, oldCount: 1, newStart: 1, newCount: 1 },
    ]);
  });

  it('keeps changes apart that have an equal line between them', () => {
    assert.deepEqual(diffLines(['a', 'b', 'c', 'd'], ['x', 'b', 'c', 'y', 'z']), [
      { oldStart: 0, oldCount: 1, newStart: 0, newCount: 1 },
      { oldStart: 3, oldCount: 1, newStart: 3, newCount: 2 },
    ]);
  });

  it('finds nothing in equal texts, and all of a text that was empty', () => {
    assert.deepEqual(diffLines(['a'], ['a']), []);
    assert.deepEqual(diffLines([], ['a', 'b']), [{ oldStart: 0, oldCount: 0, newStart: 0, newCount: 2 }]);
  });

  it('turns any old text into the new one, with as few changed lines as the longest common subsequence allows', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const hunks = diffLines(before, after);
        const result: string[] = [];
        let at = 0;
        let changed = 0;
        for (const { oldStart, oldCount, newStart, newCount } of hunks) {
          result.push(...before.slice(at, oldStart), ...after.slice(newStart, newStart + newCount));
          at = oldStart + oldCount;
          changed += oldCount + newCount;
        }
        assert.deepEqual([...result, ...before.slice(at)], after);
        assert.equal(changed, before.length + after.length - 2 * commonLength(before, after));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  it('gives up on a rewritten text in one hunk', () => {
    const numbers = (count: number, name: string): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);
    assert.deepEqual(diffLines(numbers(2000, 'a'), numbers(3000, 'b')), [
      { oldStart: 0, oldCount: 2000, newStart: 0, newCount: 3000 },
    ]);
  });
});

function commonLength(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = rest.length; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i] ?? [];
      const below = table[i + 1] ?? [];
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table[0]?.[0] ?? 0;
}
