import assert from 'node:assert/strict';
import { createRedactor } from '../../server/model/redact.js';
import { createSecretFinder } from '../../server/secrets/createSecretFinder.js';
import { measureHarmless, measurePlanted } from './measure.js';

describe('secrets planted into real code', () => {
  const redactor = createRedactor(createSecretFinder());

  it('are all masked, of more than 30 kinds, wherever window and cursor are', async () => {
    const { planted, kinds, survivors } = await measurePlanted(redactor, 4, 500);
    assert.deepEqual(survivors, []);
    assert.ok(planted >= 500 && kinds >= 30);
  });

  it('are not confused with hashes, identifiers, pictures and the like', async () => {
    const { tokens, masked } = await measureHarmless(redactor, 4, 2000);
    assert.ok(masked.length <= tokens / 1000, JSON.stringify(masked.slice(0, 5)));
  });
});
