import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { onAbort } from '../../../server/base/onAbort.js';
import { untilAborted } from '../../../server/base/untilAborted.js';

describe('many who wait for one signal', () => {
  const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

  it('share one listener, and are all told', () => {
    const ending = new AbortController();
    let told = 0;
    for (let each = 0; each < 100; each++) onAbort(ending.signal, () => told++);
    assert.equal(listeners(ending.signal), 1);
    ending.abort();
    assert.equal(told, 100);
    assert.equal(listeners(ending.signal), 0);
  });

  it('leave nothing behind when they have what they wanted', async () => {
    const ending = new AbortController();
    const answers = Array.from({ length: 100 }, (_, index) => untilAborted(Promise.resolve(index), ending.signal));
    assert.equal(listeners(ending.signal), 1);
    assert.equal((await Promise.all(answers)).length, 100);
    assert.equal(listeners(ending.signal), 0);
    onAbort(ending.signal, () => undefined);
    assert.equal(listeners(ending.signal), 1, 'the next one listens anew');
  });

  it('are not told any more once they have taken it back', () => {
    const ending = new AbortController();
    const told: string[] = [];
    const stop = onAbort(ending.signal, () => told.push('first'));
    onAbort(ending.signal, () => told.push('second'));
    stop();
    stop();
    ending.abort();
    assert.deepEqual(told, ['second']);
  });

  it('learn at once of a signal that was aborted before, with its reason', async () => {
    const why = new Error('enough');
    await assert.rejects(untilAborted(new Promise(() => {}), AbortSignal.abort(why)), why);
    const ending = new AbortController();
    const waiting = untilAborted(new Promise(() => {}), ending.signal);
    ending.abort(why);
    await assert.rejects(waiting, why);
  });
});
