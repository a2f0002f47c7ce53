import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { startChokidar, type StartWatcher, type WatchOptions } from '../../index/watch.js';
import { startFolderWatcher } from '../../index/watchFolders.js';
import { blockedBurst } from './support/blockedBurst.js';
import { createTestIndex, createTestPool, never, until, type TestIndex } from './support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

for (const [name, startWatcher] of [
  ['watching with chokidar', startChokidar],
  ['watching folders', startFolderWatcher],
] as const)
  describe(name, () => {
    const pool = createTestPool();
    let workspace: TestWorkspace;
    let made: TestIndex;

    const start = async (options: Parameters<typeof createTestIndex>[1] = {}) => {
      made = createTestIndex(workspace.folder, { pool, watch: true, startWatcher, ...options });
      await made.start();
      await made.index.watching();
      await made.index.settle();
    };
    const defines = async (name: string) => (await made.index.definitions(name, never)).map(({ path }) => path).sort();
    const untilDefined = (name: string, paths: readonly string[]) =>
      until(
        async () => String(await defines(name)) === String(paths),
        `${name} is defined in ${paths.join(', ') || 'no file'}`,
      );

    beforeEach(() => {
      workspace = createWorkspace({
        'src/a.ts': 'export function first() {}\n',
        'src/deep/b.ts': 'export function second() {}\n',
      });
    });
    afterEach(async () => {
      await made.index.close();
      workspace.dispose();
    });
    after(() => pool.close());

    it('sees files written, replaced, made and removed', async () => {
      await start();
      workspace.write('src/a.ts', 'export function third() {}\n');
      await untilDefined('third', ['src/a.ts']);
      assert.deepEqual(await defines('first'), []);
      workspace.write('src/a.ts.tmp', 'export function fourth() {}\n');
      renameSync(workspace.path('src/a.ts.tmp'), workspace.path('src/a.ts'));
      await untilDefined('fourth', ['src/a.ts']);
      workspace.write('src/new.ts', 'export function fifth() {}\n');
      await untilDefined('fifth', ['src/new.ts']);
      workspace.remove('src/new.ts');
      await untilDefined('fifth', []);
    });

    it('sees folders made, moved and removed', async () => {
      await start();
      workspace.write('lib/x/y.ts', 'export function sixth() {}\n');
      await untilDefined('sixth', ['lib/x/y.ts']);
      workspace.write('lib/x/z.ts', 'export function seventh() {}\n');
      await untilDefined('seventh', ['lib/x/z.ts']);
      renameSync(workspace.path('lib'), workspace.path('src/lib'));
      await untilDefined('sixth', ['src/lib/x/y.ts']);
      workspace.remove('src');
      await untilDefined('sixth', []);
      await untilDefined('second', []);
    });

    it('sees what happens in a folder that took the place of another', async () => {
      await start();
      renameSync(workspace.path('src/deep'), workspace.path('deep'));
      workspace.write('src/deep/inner/c.ts', 'export function eighth() {}\n');
      await untilDefined('eighth', ['src/deep/inner/c.ts']);
      workspace.write('src/deep/inner/c.ts', 'export function ninth() {}\n');
      await untilDefined('ninth', ['src/deep/inner/c.ts']);
      workspace.write('deep/b.ts', 'export function tenth() {}\n');
      await untilDefined('tenth', ['deep/b.ts']);
      await untilDefined('second', []);
    });

    it('hears of ignore rules and of other branches', async () => {
      mkdirSync(workspace.path('.git'));
      await start();
      workspace.write('.gitignore', 'deep/\n');
      await untilDefined('second', []);
      assert.deepEqual([...made.told.keys()].includes(workspace.path('src/deep/b.ts')), true);
      writeFileSync(workspace.path('.git/HEAD'), 'ref: refs/heads/other\n');
      workspace.remove('.gitignore');
      await untilDefined('second', ['src/deep/b.ts']);
    });

    it('is as a fresh index after 2,000 files changed while the loop was blocked', async () => {
      await start();
      await blockedBurst(2000);
    }).timeout(120_000);

    it('looks through the folder when the watcher loses events, and says what to do', async () => {
      let options: WatchOptions | null = null;
      const startWatcher: StartWatcher = given => {
        options = given;
        return Promise.resolve({ ready: Promise.resolve(), close: () => Promise.resolve() });
      };
      await start({ startWatcher });
      workspace.write('src/a.ts', 'export function third() {}\n');
      (options as WatchOptions | null)?.onTrouble('error', new Error('ENOSPC'));
      await untilDefined('third', ['src/a.ts']);
      assert.match(made.index.status().message ?? '', /max_user_watches/);
    });

    it('makes up by looking again and again for a watcher that cannot start', async () => {
      await start({ startWatcher: () => Promise.reject(new Error('none')), timing: { reconcileMs: 500 } });
      workspace.write('src/a.ts', 'export function third() {}\n');
      await untilDefined('third', ['src/a.ts']);
    });
  });
