import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { findSecrets } from '../../../server/secrets/findSecrets.js';
import { createSecretFinder } from '../../../server/secrets/createSecretFinder.js';

/** Too short for our own rules. In two parts, so that nobody takes it for a real one. */
const onlySecretlint = ['https://hooks.slack.com', 'services/T0AB/B0CD/q9Zt4Lw8'].join('/');

describe('the secret finder', () => {
  const finder = createSecretFinder();

  it('asks our own rules', async () => {
    assert.deepEqual(await finder.find('const password = "hunter22";'), [{ start: 18, end: 26, kind: 'password' }]);
  });

  it('asks the rules of secretlint', async () => {
    assert.deepEqual(findSecrets(onlySecretlint), []);
    assert.deepEqual(await finder.find(onlySecretlint), [
      { start: 0, end: onlySecretlint.length, kind: 'slack-secret' },
    ]);
  });

  it('is not switched off by a comment', async () => {
    assert.equal((await finder.find(`# secretlint-disable\n# ${onlySecretlint}\n`)).length, 1);
  });

  it('gives the same for the same text', async () => {
    const text = 'token = "q9Zt4Lw8Xk2Pv7Rm1Ns5"';
    assert.deepEqual(await finder.find(text), await finder.find(text));
  });

  it('keeps apart texts that are asked for together', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `${' '.repeat(index)}password = "hunter22"`);
    const found = await Promise.all(texts.map(text => finder.find(text)));
    assert.deepEqual(
      found.map(([secret]) => secret?.start),
      texts.map((_, index) => index + 12),
    );
  });

  it('leaves no marks in the performance timeline', async () => {
    const before = performance.getEntriesByType('mark').length;
    for (let count = 0; count < 20; count++) await finder.find(`const password = "hunter${count}22";`);
    assert.equal(performance.getEntriesByType('mark').length, before);
  });
});
