import { killIndexing } from './support/killIndexing.js';

describe('an index that is killed again and again', () => {
  it('ends up as a fresh one', async () => {
    await killIndexing(20, 4711, 600);
  }).timeout(240_000);
});
