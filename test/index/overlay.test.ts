import assert from 'node:assert/strict';
import type { LiveFile } from '../../index/jobs.js';
import { createOverlay } from '../../index/overlay.js';
import type { StoreHit, StoreQuery, StoreRankings } from '../../index/store.js';

const span = { startLine: 0, startColumn: 0, endLine: 1, endColumn: 0 };
const hit = (path: string, text: string): StoreHit => ({
  path,
  chunk: { span, kind: 'text', name: '', signatures: '', text },
});
const live = (path: string, text: string, hash = path): LiveFile => ({
  record: { path, size: text.length, mtimeMs: 1, hash, language: 'other' },
  content: { hash, chunks: [hit(path, text).chunk], symbols: [] },
  references: [],
});
const stored = (...hits: StoreHit[]): StoreRankings => ({ text: hits, vector: hits, symbol: [] });
const query: StoreQuery = { query: 'parse header', limit: 10, sources: ['text', 'vector'] };
const paths = (hits: readonly StoreHit[]) => hits.map(({ path }) => path);

describe('overlay', () => {
  it('puts what was saved where it belongs among what is stored', () => {
    const overlay = createOverlay();
    overlay.put(live('middle', 'parse a body of text, not what stands before it'));
    overlay.put(live('other', 'nothing of the kind'));
    const { text, vector } = overlay.rank(
      query,
      stored(hit('best', 'parse header'), hit('worst', 'unrelated words here')),
    );
    assert.deepEqual(paths(text), ['best', 'middle', 'worst']);
    assert.deepEqual(paths(vector).slice(0, 2), ['best', 'middle']);
  });

  it('keeps the order of the store', () => {
    const overlay = createOverlay();
    overlay.put(live('saved', 'parse header'));
    const { text } = overlay.rank(
      query,
      stored(hit('a', 'unrelated'), hit('b', 'parse header'), hit('c', 'unrelated')),
    );
    assert.deepEqual(paths(text), ['a', 'b', 'saved', 'c']);
  });

  it('wins by path, hides what is on its way, and what is gone', () => {
    const overlay = createOverlay();
    overlay.put(live('changed', 'parse header anew'));
    overlay.remove('gone');
    const done = overlay.hide('underway');
    const all = ['changed', 'gone', 'underway', 'same'].map(path => hit(path, 'parse header'));
    const ranked = overlay.rank(query, stored(...all)).text;
    assert.deepEqual(paths(ranked).sort(), ['changed', 'same']);
    assert.ok(ranked.some(({ chunk }) => chunk.text === 'parse header anew'));
    done();
    done();
    assert.equal(overlay.covers('underway'), false);
  });

  it('keeps what changed while its batch was written', () => {
    const overlay = createOverlay();
    overlay.put(live('a', 'old'));
    overlay.put(live('b', 'old'));
    overlay.remove('c');
    const { batch, settle } = overlay.batch();
    assert.deepEqual([batch.files.map(({ path }) => path), batch.removedPaths], [['a', 'b'], ['c']]);
    overlay.put(live('b', 'new', 'other'));
    settle();
    assert.deepEqual([overlay.has('a'), overlay.has('b'), overlay.has('c'), overlay.waiting], [false, true, false, 1]);
    overlay.clear();
    assert.deepEqual([overlay.waiting, overlay.bytes], [0, 0]);
  });
});
