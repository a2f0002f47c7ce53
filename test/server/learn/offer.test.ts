import assert from 'node:assert/strict';
import type { TextEdit } from '../../../server/base/snapshot.js';
import { followOffer, type Followed, type Offer } from '../../../server/learn/offer.js';

const text = 'compute(first, second);';
const document = 'one();\n  const a = ;\nlast();\n';
const start = document.indexOf('= ') + 2;

const offered: Offer = {
  id: 'u1',
  languageId: 'typescript',
  confidence: 0.8,
  start,
  before: '  const a = ',
  above: 'one();',
  text,
  length: text.length,
  matchedAtFirst: 0,
  matched: 0,
  inserted: 0,
  shownAtMs: 0,
};

/** Applies changes, each a list of edits, to the document. */
function follow(changes: readonly (readonly TextEdit[])[], offer = offered): Followed {
  let current = document;
  let followed: Followed = { offer, state: 'standing' };
  for (const edits of changes) {
    for (const edit of edits) current = current.slice(0, edit.start) + edit.text + current.slice(edit.end);
    followed = followOffer(followed.offer, edits, current);
    if (followed.state !== 'standing') break;
  }
  return followed;
}

const insert = (at: number, inserted: string): TextEdit => ({ start: at, end: at, text: inserted });

function typed(word: string, piece = 1): readonly (readonly TextEdit[])[] {
  const changes = [];
  for (let at = 0; at < word.length; at += piece) changes.push([insert(start + at, word.slice(at, at + piece))]);
  return changes;
}

describe('what became of an offer', () => {
  it('all at once is accepted', () => assert.equal(follow([[insert(start, text)]]).state, 'accepted'));
  it('the rest at once is accepted', () =>
    assert.equal(follow([...typed('comp'), [insert(start + 4, text.slice(4))]]).state, 'accepted'));
  it('a replacement of the typed part is accepted', () =>
    assert.equal(follow([...typed('comp'), [{ start, end: start + 4, text }]]).state, 'accepted'));
  it('the whole document sent anew is accepted', () => {
    const whole = document.slice(0, start) + text + document.slice(start);
    assert.equal(follow([[{ start: 0, end: document.length, text: whole }]]).state, 'accepted');
  });
  it('letter by letter is typed', () => assert.equal(follow(typed(text)).state, 'typed'));
  it('some letters in one change are still typed', () => assert.equal(follow(typed(text, 3)).state, 'typed'));
  it('a part is neither, yet', () => {
    const { state, offer } = follow(typed('compute'));
    assert.deepEqual([state, offer.matched, offer.inserted], ['standing', 7, 0]);
  });
  it('a word at once is a part accepted', () => {
    const { state, offer } = follow([[insert(start, 'compute')]]);
    assert.deepEqual([state, offer.matched, offer.inserted], ['standing', 7, 7]);
  });
  it('half a word at once is a fast hand', () => assert.equal(follow([[insert(start, 'compu')]]).offer.inserted, 0));
  it('another letter diverges', () =>
    assert.equal(follow([...typed('comp'), [insert(start + 4, 'a')]]).state, 'diverged'));
  it('brackets closed by the editor do not', () => {
    const { state, offer } = follow([...typed('compute'), [insert(start + 7, '()')]]);
    assert.deepEqual([state, offer.matched], ['standing', 8]);
  });
  it('brackets closed in an edit of their own do not', () => {
    const { state, offer } = follow([...typed('compute'), [insert(start + 7, '('), insert(start + 8, ')')]]);
    assert.deepEqual([state, offer.matched], ['standing', 8]);
  });
  it('a closing bracket by hand does', () =>
    assert.equal(follow([...typed('comp'), [insert(start + 4, ')')]]).state, 'diverged'));
  it('erasing what was typed along does not', () => {
    const { state, offer } = follow([...typed('comp'), [{ start: start + 3, end: start + 4, text: '' }]]);
    assert.deepEqual([state, offer.matched], ['standing', 3]);
  });
  it('erasing what was there before the offer does', () => {
    const made = { ...offered, matchedAtFirst: 2, matched: 2 };
    const { state } = follow([[insert(start, 'co')], [{ start: start + 1, end: start + 2, text: '' }]], made);
    assert.equal(state, 'diverged');
  });
  it('edits above move it', () => {
    const { state, offer } = follow([[insert(0, 'import x;\n')]]);
    assert.deepEqual([state, offer.start], ['standing', start + 10]);
  });
  it('edits below leave it', () => {
    const { state, offer } = follow([[insert(document.length, 'more')]]);
    assert.deepEqual([state, offer.start], ['standing', start]);
  });
  it('edits left of it on its line end it', () => assert.equal(follow([[insert(start - 4, 'b')]]).state, 'diverged'));
  it('deleting its line ends it', () =>
    assert.equal(follow([[{ start: 7, end: document.length, text: '' }]]).state, 'diverged'));
  it('several edits in one change are followed in order', () => {
    const { state, offer } = follow([[insert(0, '// x\n'), insert(start + 5, 'c'), insert(start + 6, 'o')]]);
    assert.deepEqual([state, offer.start, offer.matched], ['standing', start + 5, 2]);
  });
});
