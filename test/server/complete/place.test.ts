import assert from 'node:assert/strict';
import { placeOf, type Place } from '../../../server/complete/place.js';

function placeIn(marked: string): Place {
  const offset = marked.indexOf('▮');
  const text = marked.replace('▮', '');
  return placeOf({ uri: 'file:///a.ts', path: '/a.ts', languageId: 'typescript', version: 1, text }, offset);
}

describe('the place of the cursor', () => {
  it('is read from the lines near it', () => {
    const place = placeIn('one\n\n two▮ three\n\nfour\n');
    assert.deepEqual([place.prefix, place.suffix, place.above, place.below], [' two', ' three', ['one'], ['four']]);
    assert.equal(place.language.id, 'typescript');
  });
  it('knows the line ends of its line, or of the one above', () => {
    assert.equal(placeIn('one\r\ntwo▮\r\n').lineEnd, '\r\n');
    assert.equal(placeIn('one\r\ntwo▮').lineEnd, '\r\n');
    assert.equal(placeIn('one\ntwo▮').lineEnd, '\n');
    assert.equal(placeIn('▮').lineEnd, '\n');
  });
  it('ends lines at a lone carriage return too', () => {
    const place = placeIn('one\rtwo▮ three\rfour');
    assert.deepEqual([place.prefix, place.suffix, place.above, place.below], ['two', ' three', ['one'], ['four']]);
  });
  it('reads no more of a line of ten million units, or of a large file, than of a small one', () => {
    const long = placeIn(`${'x'.repeat(5_000_000)}▮${'y'.repeat(5_000_000)}`);
    assert.ok(long.prefix.length <= 2000 && long.suffix.length <= 500);
    const many = placeIn(`${'line\n'.repeat(100_000)}▮${'line\n'.repeat(100_000)}`);
    assert.ok(many.above.length <= 12 && many.below.length <= 12);
  });
  it('bears a cursor between the halves of a character, and halves alone', () => {
    assert.equal(placeIn('a = "\ud83d▮\ude00"').suffix.length, 2);
    assert.equal(placeIn('\udc00▮').prefix, '\udc00');
  });
});
