import assert from 'node:assert/strict';
import fc from 'fast-check';
import { budgetOf, relatedUnits, unitsPerToken } from '../../../server/context/budget.js';

describe('the room of a prompt', () => {
  it('is divided and never more than there is', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.double({ min: 0, max: 1, noNaN: true }), (tokens, share) => {
        const budget = budgetOf(tokens);
        const { prefix, typed, suffix } = budget.window;
        assert.ok(prefix + typed + suffix <= tokens * unitsPerToken);
        const [used, behind] = [Math.floor(prefix * share), Math.floor(suffix * share)];
        assert.ok(used + behind + typed + relatedUnits(budget, used, behind) <= budget.units);
      }),
    );
  });

  it('goes to the lines above the cursor first where there is little, and never shrinks for them where there is more', () => {
    const shareOf = (tokens: number): number => budgetOf(tokens).window.prefix / budgetOf(tokens).units;
    assert.ok(shareOf(512) > 0.6);
    assert.ok(shareOf(4096) < 0.45);
    let before = 0;
    for (let tokens = 0; tokens < 10_000; tokens += 50) {
      const { prefix } = budgetOf(tokens).window;
      assert.ok(prefix >= before, `${tokens} tokens`);
      before = prefix;
    }
  });
});
