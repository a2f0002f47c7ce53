import assert from 'node:assert/strict';
import { silentLog } from '../../server/base/log.js';
import type { ReadJob } from '../../index/jobs.js';
import { createProcessPool } from '../../index/processPool.js';
import { createWorkerPool, defaultPoolSize, ThreadDied, type WorkerPool } from '../../index/workerPool.js';
import { createTestIndex, fragileEntries, never } from './support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

for (const [name, createPool] of [
  ['worker pool', createWorkerPool],
  ['worker pool in a process of its own', createProcessPool],
] as const)
  describe(name, () => {
    let workspace: TestWorkspace;
    let pool: WorkerPool;

    const open = (options: { readonly stuckMs?: number; readonly idleMs?: number; readonly size?: number } = {}) => {
      pool = createPool({ entries: fragileEntries, size: 2, log: silentLog, ...options });
    };
    const job = (...paths: string[]): ReadJob => ({
      kind: 'read',
      folder: workspace.folder,
      maxFileKb: 100,
      files: paths.map(path => ({ path, plain: false })),
      want: 'contents',
      withText: false,
    });

    beforeEach(() => {
      workspace = createWorkspace({
        good: 'fine\n',
        bad: 'ABORT\n',
        exits: 'EXIT\n',
        hungry: 'EAT\n',
        hangs: 'HANG\n',
      });
    });
    afterEach(async () => {
      await pool.close();
      workspace.dispose();
    });

    for (const path of ['bad', 'exits', 'hungry', 'hangs']) {
      it(`says at which file a thread ended, and goes on: ${path}`, async () => {
        open({ stuckMs: 300 });
        await assert.rejects(
          pool.run<'read'>(job('good', path, 'good'), 'soon', never),
          (error: unknown) => error instanceof ThreadDied && error.at === 1,
        );
        const { outcomes } = await pool.run<'read'>(job('good'), 'soon', never);
        assert.equal(outcomes[0]?.state, 'read');
      });
    }

    it('reads a file that ends threads without its grammar, and leaves it out if that does not help', async () => {
      open({ stuckMs: 300 });
      workspace.write('worst', 'ABORT HOPELESS\n');
      const { index, start } = createTestIndex(workspace.folder, { pool });
      await start();
      const { indexed, skipped, state } = index.status();
      assert.deepEqual([indexed, skipped, state], [5, { unreadable: 1 }, 'ready']);
      const [hit] = await index.search('ABORT', { limit: 3 }, never);
      assert.equal(hit?.path, 'bad');
      await index.close();
    });

    it('takes what is urgent first', async () => {
      open({ size: 1 });
      const done: string[] = [];
      const run = async (urgency: 'now' | 'soon' | 'later') => {
        await pool.run<'read'>(job('good'), urgency, never);
        done.push(urgency);
      };
      const first = run('soon');
      await Promise.all([first, run('later'), run('soon'), run('now')]);
      assert.deepEqual(done, ['soon', 'now', 'soon', 'later']);
    });

    it('lets go of what was aborted', async () => {
      open({ size: 1 });
      const abort = new AbortController();
      const running = pool.run<'read'>(job('good'), 'soon', never);
      const waiting = pool.run<'read'>(job('good'), 'soon', abort.signal);
      abort.abort();
      await assert.rejects(waiting, { name: 'AbortError' });
      await running;
      await assert.rejects(pool.run<'read'>(job('good'), 'soon', abort.signal), { name: 'AbortError' });
    });

    it('answers all that waits when it is closed', async () => {
      open({ size: 1 });
      const running = Promise.allSettled(Array.from({ length: 5 }, () => pool.run<'read'>(job('good'), 'soon', never)));
      await pool.close();
      for (const result of await running) {
        if (result.status === 'rejected') assert.equal((result.reason as { kind?: string }).kind, 'unavailable');
      }
      await assert.rejects(pool.run<'read'>(job('good'), 'soon', never), { kind: 'unavailable' });
    });

    it('has a thread for each core but one, and both of two', () => {
      assert.deepEqual([1, 2, 3, 4, 64].map(defaultPoolSize), [1, 2, 2, 3, 6]);
      open();
    });
  });
