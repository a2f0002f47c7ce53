import assert from 'node:assert/strict';
import { fuse } from '../../index/fuse.js';

describe('reciprocal rank fusion', () => {
  const order = (...rankings: readonly string[]) =>
    fuse(
      rankings.map(items => ({ items: [...items], weight: 1 })),
      item => item,
    )
      .map(({ item }) => item)
      .join('');

  it('puts what two rankings agree on first', () => assert.equal(order('abc', 'dbe'), 'badce'));
  it('keeps a lone ranking', () => assert.equal(order('cab'), 'cab'));
  it('counts an item once a ranking', () => assert.equal(order('aab', 'b'), 'ba'));
  it('gives nothing for nothing', () => assert.equal(order(), ''));
});
