import assert from 'node:assert/strict';
import { cutIntoJobs, orderByNearness, planScan } from '../../index/plan.js';

const file = (path: string, size = 1, mtimeMs = 1) => ({ path, size, mtimeMs });

describe('plan', () => {
  it('reads what is new or changed and drops what is gone', () => {
    const known = new Map(
      [file('same'), file('grown'), file('touched'), file('gone')].map(known => [known.path, known]),
    );
    const plan = planScan(known, [file('same'), file('grown', 2), file('touched', 1, 2), file('new')]);
    assert.deepEqual(
      plan.toRead.map(({ path }) => path),
      ['grown', 'touched', 'new'],
    );
    assert.deepEqual(plan.removed, ['gone']);
  });

  it('notices that a file took the place of another', () => {
    const plan = planScan(new Map([['a', file('a')]]), [file('b')]);
    assert.deepEqual([plan.toRead.map(({ path }) => path), plan.removed], [['b'], ['a']]);
  });

  it('does nothing when nothing changed', () => {
    assert.deepEqual(planScan(new Map([['a', file('a')]]), [file('a')]), { toRead: [], removed: [] });
  });

  it('puts near files first', () => {
    const files = ['z', 'a/b/c/d', 'a/x', 'a/b/y', 'q/r/s'].map(path => file(path));
    const order = (near: readonly string[]) => orderByNearness(files, near).map(({ path }) => path);
    assert.deepEqual(order(['a/b']), ['a/b/y', 'a/b/c/d', 'a/x', 'z', 'q/r/s']);
    assert.deepEqual(order([]), ['z', 'a/x', 'a/b/y', 'q/r/s', 'a/b/c/d']);
    assert.deepEqual(order(['q/r', 'a/b/c'])[0], 'a/b/c/d');
  });

  it('cuts by count and by bytes', () => {
    const files = [file('a', 3), file('b', 3), file('c', 9), file('d', 1), file('e', 1), file('f', 1)];
    const jobs = cutIntoJobs(files, 2, 6).map(job => job.map(({ path }) => path).join(''));
    assert.deepEqual(jobs, ['ab', 'c', 'de', 'f']);
    assert.deepEqual(cutIntoJobs([], 2, 6), []);
  });
});
