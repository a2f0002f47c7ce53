import assert from 'node:assert/strict';
import type { Store } from '../../../index/store.js';
import { createMemoryStore } from '../../../index/store/memoryStore.js';
import { allSources, answersOf, batchOf, contentOf, hashOf, paths, recordOf, withHost } from './samples.js';

const files = [
  { path: 'src/http.ts', source: 'parseHTTPHeaders: splits raw header lines\nformatDate: writes a date as text' },
  { path: "it's/a 'quoted'.ts", source: "openDatabase: it's where tables are opened" },
  { path: 'src/graph.ts', source: 'shortestPath: walks the graph from node to node\nvisitNode: marks a node as seen' },
];

const kinds: readonly (readonly [string, (use: (store: Store) => Promise<void>) => Promise<void>])[] = [
  ['in memory', use => use(createMemoryStore())],
  ['on disk', use => withHost((folder, host) => use(host.store({ databaseFolder: folder })))],
];

for (const [kind, withStore] of kinds) {
  describe(`store ${kind}`, () => {
    const check = (title: string, use: (store: Store) => Promise<void>) =>
      it(title, () =>
        withStore(async store => {
          await store.open();
          await use(store);
          await store.close();
        }),
      );

    check('gives back what was committed', async store => {
      await store.commit(batchOf(files));
      const { text } = await store.rankings(
        { query: 'splits header lines', limit: 5, sources: allSources },
        new AbortController().signal,
      );
      assert.deepEqual(text[0], { path: 'src/http.ts', chunk: contentOf(files[0]?.source ?? '').chunks[0] });
    });

    check('ranks by words, by vectors and by names', async store => {
      await store.commit(batchOf(files));
      assert.equal((await paths(store, 'walking graphs', 'text'))[0], 'src/graph.ts');
      assert.equal((await paths(store, 'walking graphs', 'vector'))[0], 'src/graph.ts');
      assert.equal((await paths(store, 'the shortest path', 'symbol'))[0], 'src/graph.ts');
      assert.equal((await paths(store, 'http headers', 'symbol'))[0], 'src/http.ts');
    });

    check('finds nothing before the first commit, nor for a query without words', async store => {
      assert.deepEqual(await paths(store, 'anything', 'text'), []);
      assert.deepEqual(await paths(store, 'anything', 'vector'), []);
      await store.commit(batchOf(files));
      for (const source of allSources) assert.deepEqual(await paths(store, '{ } ;', source), []);
    });

    check('bears quotes and wildcards in paths and names', async store => {
      await store.commit(batchOf(files));
      assert.deepEqual(await paths(store, "it's where tables", 'text'), ["it's/a 'quoted'.ts"]);
      assert.deepEqual(await store.definitions(["x' OR '1'='1"], new AbortController().signal), []);
      await store.commit(batchOf([], ["it's/a 'quoted'.ts"]));
      assert.deepEqual(await paths(store, 'tables opened', 'text'), []);
    });

    check('answers for many names at once, without those that are everywhere', async store => {
      const common = Array.from({ length: 50 }, (_, at) => ({
        path: `src/${at}.ts`,
        source: `get: gives number ${at}`,
      }));
      await store.commit(batchOf([...files, ...common]));
      const { signal } = new AbortController();
      const named = async (...names: string[]) =>
        (await store.definitions(names, signal)).map(({ name }) => name).sort();
      assert.deepEqual(await named('shortestPath', 'get', 'nowhere', 'openDatabase'), ['openDatabase', 'shortestPath']);
      assert.equal((await named('get')).length, 50);
      assert.deepEqual(await named(), []);
    });

    check('leaves nothing of a removed file', async store => {
      await store.commit(batchOf(files));
      await store.commit(batchOf([], ['src/graph.ts']));
      const { signal } = new AbortController();
      assert.deepEqual(await store.definitions(['shortestPath'], signal), []);
      assert.deepEqual(await store.references('graph', signal), []);
      for (const source of allSources) assert.ok(!(await paths(store, 'graph node', source)).includes('src/graph.ts'));
      assert.equal((await store.open()).files.length, 2);
    });

    check('finds the new text of a changed file and not the old', async store => {
      await store.commit(batchOf(files));
      await store.commit(batchOf([{ path: 'src/graph.ts', source: 'longestPath: never ends' }]));
      assert.deepEqual(await paths(store, 'walks', 'text'), []);
      assert.deepEqual(await paths(store, 'never ends', 'text'), ['src/graph.ts']);
    });

    check('moves a file by its record alone, as its content is known', async store => {
      await store.commit(batchOf(files));
      const moved = { path: 'lib/graph.ts', source: files[2]?.source ?? '' };
      assert.deepEqual(await store.known([hashOf(moved.source), 'ffff']), new Set([hashOf(moved.source)]));
      await store.commit({ files: [recordOf(moved)], contents: [], references: [], removedPaths: ['src/graph.ts'] });
      assert.deepEqual([...new Set(await paths(store, 'graph node', 'text'))], ['lib/graph.ts']);
      assert.equal((await store.references('graph', new AbortController().signal))[0]?.path, 'lib/graph.ts');
    });

    check('finds a content in each file that has it', async store => {
      const source = files[1]?.source ?? '';
      await store.commit(
        batchOf([
          { path: 'a.ts', source },
          { path: 'b.ts', source },
        ]),
      );
      assert.deepEqual((await paths(store, 'tables opened', 'text')).sort(), ['a.ts', 'b.ts']);
      assert.deepEqual((await store.open()).counts, { chunks: 2, symbols: 2 });
    });

    check('takes an abort through untouched', async store => {
      await store.commit(batchOf(files));
      const controller = new AbortController();
      const reason = new Error('stop');
      controller.abort(reason);
      await assert.rejects(store.definitions(['visitNode'], controller.signal), reason);
    });

    check('keeps texts with lone surrogates and NULs apart from damage', async store => {
      await store.commit(batchOf([{ path: 'odd.ts', source: 'odd\ud800Name: a\u0000b\ud83d surrogate' }]));
      assert.deepEqual(await paths(store, 'surrogate', 'text'), ['odd.ts']);
    });

    check('answers as before after maintenance', async store => {
      for (const file of files) await store.commit(batchOf([file]));
      const names = ['visitNode', 'openDatabase', 'header'];
      const before = await answersOf(store, names);
      await store.maintain();
      assert.deepEqual(await answersOf(store, names), before);
    });
  });
}

describe('the store of a folder that is closed while it opens', () => {
  it('keeps no lock from the next one', () =>
    withHost(async (folder, host) => {
      const first = host.store({ databaseFolder: folder });
      const opening = first.open();
      await first.close();
      await opening;
      const second = host.store({ databaseFolder: folder });
      assert.equal((await second.open()).readOnly, false);
      await second.close();
    }));
});
