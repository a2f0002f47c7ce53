import assert from 'node:assert/strict';
import fc from 'fast-check';
import { distance, isAlike } from '../../../server/complete/filters/distance.js';

describe('the distance of texts', () => {
  it('is that of Levenshtein, as far as it is asked for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.nat(14), (one, other, most) => {
        assert.equal(distance(one, other, most), Math.min(most + 1, plain(one, other)));
      }),
      { numRuns: 1000, seed: 20261121 },
    );
  });

  it('counts as alike up to a share of the longer', () => {
    assert.equal(isAlike('a'.repeat(20), 'a'.repeat(19) + 'b', 0.05), true);
    assert.equal(isAlike('a'.repeat(20), 'a'.repeat(18) + 'bb', 0.05), false);
  });
});

function plain(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length;
  const table = Array.from({ length: one.length + 1 }, (_, i) =>
    Array.from({ length: other.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = 1; i <= one.length; i++) {
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      (table[i] ?? [])[j] = Math.min(at(i - 1, j - 1) + same, at(i - 1, j) + 1, at(i, j - 1) + 1);
    }
  }
  return at(one.length, other.length);
}
