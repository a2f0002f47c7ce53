import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { startChokidar } from '../../index/watch.js';
import { startFolderWatcher } from '../../index/watchFolders.js';
import { createTestIndex, createTestPool, never, until, type TestIndex } from './support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

for (const [name, startWatcher] of [
  ['chokidar', startChokidar],
  ['folders', startFolderWatcher],
] as const) {
  describe(`a folder that is removed and made again, watched by ${name}`, () => {
    const pool = createTestPool();
    let workspace: TestWorkspace;
    let made: TestIndex;

    const defines = async (symbol: string) =>
      String((await made.index.definitions(symbol, never)).map(({ path }) => path).sort());
    const untilDefined = (symbol: string, path: string) =>
      until(async () => (await defines(symbol)) === path, `${symbol} is defined in ${path}`);
    const untilGone = () => until(() => made.index.status().state === 'degraded', 'it says that the folder is gone');

    beforeEach(async () => {
      workspace = createWorkspace({
        'src/a.ts': 'export function first() {}\n',
        'src/deep/b.ts': 'export function second() {}\n',
      });
      made = createTestIndex(workspace.folder, { pool, watch: true, startWatcher, timing: { missingMs: 20 } });
      await made.start();
      await made.index.watching();
      await made.index.settle();
    });
    afterEach(async () => {
      await made.index.close();
      workspace.dispose();
    });
    after(() => pool.close());

    it('is found and watched again, at once', async () => {
      workspace.remove('.');
      await isWatchedAgain();
    });

    it('is found and watched again, later', async () => {
      workspace.remove('.');
      await untilGone();
      assert.match(made.index.status().message ?? '', /does not exist/);
      await isWatchedAgain();
    });

    it('is found again when it was only moved away for a while', async () => {
      renameSync(workspace.folder, `${workspace.folder}-away`);
      await untilGone();
      renameSync(`${workspace.folder}-away`, workspace.folder);
      await isWatchedAgain();
    });

    async function isWatchedAgain(): Promise<void> {
      workspace.write('src/a.ts', 'export function third() {}\n');
      await untilDefined('third', 'src/a.ts');
      await until(() => made.index.status().message === null, 'all is well again');
      await made.index.watching();
      workspace.write('src/new.ts', 'export function fourth() {}\n');
      await untilDefined('fourth', 'src/new.ts');
    }
  });
}
