import { killEmbedding } from './killEmbedding.js';

describe('vectors that are killed again and again while they are made', () => {
  it('go on where they were, lose a batch each time at the most, and are whole in the end', async () => {
    await killEmbedding(6, 42, 250);
  }).timeout(240_000);
});
