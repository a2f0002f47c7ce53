import assert from 'node:assert/strict';
import type { Offer } from '../../../server/learn/offer.js';
import { createOutcomes, type Outcome } from '../../../server/learn/outcomes.js';

const offer: Offer = {
  id: 'u1',
  languageId: 'go',
  confidence: 0.8,
  start: 10,
  before: '\t',
  above: '',
  text: 'return nil, err',
  length: 15,
  matchedAtFirst: 3,
  matched: 8,
  inserted: 0,
  shownAtMs: 1000,
};

describe('outcomes', () => {
  it('tell what became of a suggestion, and count by language', () => {
    const seen: Outcome[] = [];
    const outcomes = createOutcomes(outcome => seen.push(outcome));
    outcomes.finish(offer, 'accepted', 3000);
    outcomes.finish({ ...offer, id: 'u2' }, 'typed', 3000);
    outcomes.finish({ ...offer, id: 'u3' }, 'diverged', 3000);
    outcomes.finish({ ...offer, id: 'u4' }, 'diverged', 1100);
    outcomes.finish({ ...offer, id: 'u5', inserted: 7 }, 'diverged', 3000);
    assert.deepEqual(
      seen.map(({ kind, offeredUnits, takenUnits, rightUnits }) => [kind, offeredUnits, takenUnits, rightUnits]),
      [
        ['accepted', 12, 12, 12],
        ['typed', 12, 0, 5],
        ['rejected', 12, 0, 5],
        ['unseen', 12, 0, 5],
        ['partly-accepted', 12, 7, 5],
      ],
    );
    assert.deepEqual(outcomes.counts(), {
      go: { accepted: 1, partlyAccepted: 1, typed: 1, rejected: 1, unseen: 1, takenUnits: 19 },
    });
  });

  it('are put right by the client, once', () => {
    const outcomes = createOutcomes();
    outcomes.finish(offer, 'typed', 3000);
    outcomes.correct('u1');
    outcomes.correct('u1');
    outcomes.correct('unknown');
    assert.deepEqual(outcomes.counts()['go'], {
      accepted: 1,
      partlyAccepted: 0,
      typed: 0,
      rejected: 0,
      unseen: 0,
      takenUnits: 12,
    });
  });

  it('are bounded', () => {
    const outcomes = createOutcomes(undefined, 10);
    for (let made = 0; made < 100; made++) outcomes.finish({ ...offer, id: `u${made}` }, 'typed', 3000);
    assert.equal(outcomes.recent().length, 10);
    assert.equal(outcomes.counts()['go']?.typed, 100);
  });

  it('hold no code', () => {
    const outcomes = createOutcomes();
    outcomes.finish(offer, 'accepted', 3000);
    assert.ok(!JSON.stringify(outcomes.recent()).includes('return'));
  });
});
