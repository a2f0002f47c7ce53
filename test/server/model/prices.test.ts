import assert from 'node:assert/strict';
import { priceOf, prices } from '../../../server/model/prices.js';

describe('prices', () => {
  it('are known at the provider’s own host alone, with where they are from', () => {
    const known = priceOf('api.mistral.ai:443', 'codestral-latest', {});
    assert.deepEqual([known?.input, known?.output], [0.3, 0.9]);
    assert.match(known?.from ?? '', /^https:.* read on \d{4}-\d{2}-\d{2}$/);
    assert.equal(priceOf('gateway.example', 'codestral-latest', {}), null);
    assert.equal(priceOf('api.mistral.ai', 'another', {}), null);
    assert.equal(priceOf('api.mistral.ai', 'constructor', {}), null);
  });

  it('are the person’s where they say so', () => {
    const own = { 'codestral-latest': { input: 7, output: 8 } };
    assert.deepEqual(priceOf('gateway.example', 'codestral-latest', own), {
      input: 7,
      output: 8,
      from: 'budget.prices',
    });
    assert.equal(priceOf('api.mistral.ai', 'codestral-latest', own)?.input, 7);
  });

  it('each have a source and a date, and none is nothing', () => {
    for (const { model, input, output, asOf, source } of prices) {
      assert.ok(input > 0 && output > 0, model);
      assert.match(asOf, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(new URL(source).protocol === 'https:');
    }
  });
});
