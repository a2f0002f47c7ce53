import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { columnOf, featureCount, featureNames } from '../../../index/recall/featureNames.js';
import { createRanker, type Weights } from '../../../index/recall/ranker.js';

const stump: Weights = {
  version: 1,
  features: featureNames,
  f: [columnOf.share, -1, -1],
  th: [0.5, 0, 0],
  l: [1, 0, 0],
  r: [2, 0, 0],
  v: [0, -2, 2],
  roots: [0],
};

describe('ranker', () => {
  it('walks its trees', () => {
    const ranker = createRanker({ ...stump, roots: [0, 0] });
    const row = new Float32Array(featureCount);
    row[columnOf.share] = 0.5;
    assert.equal(ranker.probability(row).toFixed(4), (1 / (1 + Math.exp(4))).toFixed(4));
    row[columnOf.share] = 0.6;
    assert.equal(ranker.probability(row).toFixed(4), (1 / (1 + Math.exp(-4))).toFixed(4));
  });

  it('takes the weights that are shipped', () => {
    const shipped = new URL('../../../../index/recall/weights.json', import.meta.url);
    createRanker(JSON.parse(readFileSync(shipped, 'utf8')));
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ['nothing', null],
    ['another version', { ...stump, version: 2 }],
    ['other features', { ...stump, features: featureNames.toReversed() }],
    ['a missing array', { ...stump, v: undefined }],
    ['arrays of different lengths', { ...stump, th: [1] }],
    ['a circle', { ...stump, l: [0, 0, 0] }],
    ['a child that is not there', { ...stump, r: [7, 0, 0] }],
    ['a root that is not there', { ...stump, roots: [9] }],
    ['what is no number', { ...stump, th: [Number.NaN, 0, 0] }],
  ];
  for (const [what, weights] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => createRanker(weights), { name: 'Failure', kind: 'damaged' }));
  }
});
