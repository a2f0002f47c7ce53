import assert from 'node:assert/strict';
import { createTokenRatio } from '../../../server/model/tokenRatio.js';

describe('what is set aside for a text', () => {
  const text = 'a'.repeat(1000);

  it('is more than any tokenizer could make of it, until the model is known', () => {
    const ratio = createTokenRatio();
    ratio.learn('m', text, 250);
    assert.ok(ratio.worst('m', text, 128).prompt > 1000);
    assert.ok(ratio.worst('other', text, 128).prompt > 1000);
  });

  it('follows the densest text that the server has counted, with a margin', () => {
    const ratio = createTokenRatio();
    for (const tokens of [100, 400, 200]) ratio.learn('m', text, tokens);
    const worst = ratio.worst('m', text, 128).prompt;
    assert.ok(worst > 500 && worst < 700, String(worst));
  });

  it('has room for as much beyond its limit as a model has been billed for', () => {
    const ratio = createTokenRatio();
    ratio.learnExcess('m', 2000);
    ratio.learnExcess('m', 500);
    assert.equal(ratio.worst('m', text, 128).completion, 2128);
    assert.equal(ratio.worst('m', text, 0).completion, 0, 'vectors have no answer');
    assert.equal(ratio.worst('other', text, 128).completion, 128);
  });
});
