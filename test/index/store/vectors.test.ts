import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChunkVectors, UnvectoredChunk } from '../../../index/chunkVectors.js';
import type { Store } from '../../../index/store.js';
import { batchOf, hashOf, withHost } from './samples.js';

const one = { path: 'a.ts', source: 'openDoor: turns the key\nshutDoor: pulls the handle' };
const two = { path: 'b.ts', source: 'boilWater: heats the kettle' };

describe('vectors of a model, beside a store', () => {
  const withStore = (use: (store: Store & { readonly vectors: ChunkVectors }, folder: string) => Promise<void>) =>
    withHost(async (folder, host) => {
      const store = host.store({ databaseFolder: folder });
      await store.open();
      await use(withVectors(store), folder);
      await store.close();
    });

  it('are missing until they are put, and found from then on', () =>
    withStore(async store => {
      await store.commit(batchOf([one, two]));
      const before = await store.vectors.missing('m', 10, []);
      assert.deepEqual([before.done, before.all], [0, 3]);
      assert.deepEqual(before.chunks.map(({ path, startLine, text }) => `${path}:${startLine} ${text}`).sort(), [
        'a.ts:0 class Sample\nopenDoor: turns the key',
        'a.ts:1 class Sample\nshutDoor: pulls the handle',
        'b.ts:0 class Sample\nboilWater: heats the kettle',
      ]);
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), []);
      const after = await putAll(store, 'm', before.chunks, axisOf);
      assert.deepEqual(after, { done: 3, all: 3 });
      assert.deepEqual((await store.vectors.missing('m', 10, [])).chunks, []);
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), ['openDoor', 'shutDoor', 'boilWater']);
      assert.deepEqual((await near(store, 'm', [0, 0, 1]))[0], 'boilWater');
    }));

  it('come a few at a time, and not of what is passed over', () =>
    withStore(async store => {
      await store.commit(batchOf([one, two]));
      assert.equal((await store.vectors.missing('m', 2, [])).chunks.length, 2);
      const rest = await store.vectors.missing('m', 10, [hashOf(one.source)]);
      assert.deepEqual(
        rest.chunks.map(({ path }) => path),
        ['b.ts'],
      );
    }));

  it('are kept by the text: only what is new in a file is missing', () =>
    withStore(async store => {
      await store.commit(batchOf([one]));
      await putAll(store, 'm', (await store.vectors.missing('m', 10, [])).chunks, axisOf);
      const edited = { path: 'a.ts', source: `first: comes before\n${one.source}` };
      await store.commit(batchOf([edited]));
      const { chunks, done, all } = await store.vectors.missing('m', 10, []);
      assert.deepEqual([chunks.map(({ ordinal }) => ordinal), done, all], [[0], 2, 3]);
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), ['openDoor', 'shutDoor']);
    }));

  it('of two models stand side by side until one serves', () =>
    withStore(async store => {
      await store.commit(batchOf([one]));
      const { chunks } = await store.vectors.missing('m', 10, []);
      await putAll(store, 'm', chunks, axisOf);
      await putAll(store, 'other/model: 7', chunks.slice(0, 1), () => [1, 0, 0, 0]);
      const counts = await store.vectors.counts();
      assert.deepEqual(counts.map(({ model, done, all }) => `${model} ${done}/${all}`).sort(), [
        'm 2/2',
        'other/model: 7 1/2',
      ]);
      assert.equal((await near(store, 'm', [1, 0, 0])).length, 2);
      await store.vectors.settle('other/model: 7');
      assert.deepEqual(
        (await store.vectors.counts()).map(({ model }) => model),
        ['other/model: 7'],
      );
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), []);
      assert.equal((await near(store, 'other/model: 7', [1, 0, 0, 0])).length, 1);
    }));

  it('of another length replace those before', () =>
    withStore(async store => {
      await store.commit(batchOf([one]));
      const { chunks } = await store.vectors.missing('m', 10, []);
      await putAll(store, 'm', chunks, axisOf);
      assert.deepEqual(await putAll(store, 'm', chunks.slice(1), () => [0, 1]), { done: 1, all: 2 });
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), []);
      assert.deepEqual(await near(store, 'm', [0, 1]), ['shutDoor']);
    }));

  it('put twice are there once', () =>
    withStore(async store => {
      await store.commit(batchOf([one]));
      const { chunks } = await store.vectors.missing('m', 10, []);
      for (let time = 0; time < 2; time++)
        assert.deepEqual(await putAll(store, 'm', chunks, axisOf), { done: 2, all: 2 });
      assert.equal((await near(store, 'm', [1, 0, 0])).length, 2);
    }));

  it('of a chunk that says nothing count, and are near to nothing', () =>
    withStore(async store => {
      await store.commit(batchOf([one]));
      const { chunks } = await store.vectors.missing('m', 10, []);
      const after = await putAll(store, 'm', chunks, ({ ordinal }) => (ordinal === 0 ? [0, 0, 0] : [0, 1, 0]));
      assert.deepEqual(after, { done: 2, all: 2 });
      assert.deepEqual(await near(store, 'm', [-1, 0, 0]), ['shutDoor']);
    }));

  it('of a file that went are not found; forgotten, they are gone', () =>
    withStore(async store => {
      await store.commit(batchOf([one, two]));
      await putAll(store, 'm', (await store.vectors.missing('m', 10, [])).chunks, axisOf);
      await store.commit(batchOf([], ['a.ts']));
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), ['boilWater']);
      await store.vectors.forget([one, two].map(({ source }) => hashOf(source)));
      await store.commit(batchOf([one]));
      const { chunks, done } = await store.vectors.missing('m', 10, []);
      assert.deepEqual([chunks.map(({ path }) => path), done], [['a.ts', 'a.ts'], 1]);
    }));

  it('are not taken of what was left out while they were made', () =>
    withStore(async store => {
      await store.commit(batchOf([one, two]));
      const { chunks } = await store.vectors.missing('m', 10, []);
      await store.commit(batchOf([], ['a.ts']));
      assert.deepEqual(await putAll(store, 'm', chunks, axisOf), { done: 1, all: 1 });
      await store.commit(batchOf([one]));
      assert.equal((await store.vectors.missing('m', 10, [])).chunks.length, 2);
    }));

  it('are few versions, and all there, after many batches', () =>
    withStore(async (store, folder) => {
      const lines = Array.from({ length: 90 }, (_, at) => `name${at}: says ${at}`);
      await store.commit(batchOf([{ path: 'many.ts', source: lines.join('\n') }]));
      const { chunks } = await store.vectors.missing('m', 100, []);
      for (const chunk of chunks)
        await putAll(store, 'm', [chunk], ({ ordinal }) => [Math.cos(ordinal), Math.sin(ordinal)]);
      await store.vectors.settle('m');
      const [name = ''] = readdirSync(join(folder, 'vectors'));
      const versions = readdirSync(join(folder, 'vectors', name, 'vectors.lance', '_versions'));
      assert.ok(versions.length < 40, `${versions.length} versions`);
      const found = await store.vectors.nearest('m', Float32Array.from([1, 0]), 100, new AbortController().signal);
      assert.equal(found.length, 90);
      assert.equal(found[0]?.chunk.name, 'name0');
    }));

  it('are made again where they are damaged, and the store is none the worse', () =>
    withHost(async (folder, host) => {
      const store = host.store({ databaseFolder: folder });
      await store.open();
      await store.commit(batchOf([one]));
      const { chunks } = await withVectors(store).vectors.missing('m', 10, []);
      await putAll(withVectors(store), 'm', chunks, axisOf);
      await host.rest();
      const [name = ''] = readdirSync(join(folder, 'vectors'));
      rmSync(join(folder, 'vectors', name, 'vectors.lance', '_versions'), { recursive: true });
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), []);
      assert.equal((await withVectors(store).vectors.missing('m', 10, [])).chunks.length, 2);
      await putAll(withVectors(store), 'm', chunks, axisOf);
      assert.equal((await near(store, 'm', [1, 0, 0])).length, 2);
      assert.equal((await store.open()).state, 'sound');
      await store.close();
    }));

  it('outlive a store that has to be built anew', () =>
    withHost(async (folder, host) => {
      const store = host.store({ databaseFolder: folder });
      await store.open();
      await store.commit(batchOf([one]));
      await putAll(withVectors(store), 'm', (await withVectors(store).vectors.missing('m', 10, [])).chunks, axisOf);
      writeFileSync(join(folder, 'damaged'), '');
      assert.equal((await store.open()).state, 'rebuilt');
      await store.commit(batchOf([{ path: 'c.ts', source: `added: is new\n${one.source}` }]));
      const { chunks } = await withVectors(store).vectors.missing('m', 10, []);
      assert.deepEqual(
        chunks.map(({ text }) => text),
        ['class Sample\nadded: is new'],
      );
      assert.deepEqual(await near(store, 'm', [1, 0, 0]), ['openDoor', 'shutDoor']);
      await store.close();
    }));

  it('are read by a second process too', () =>
    withHost((folder, host) =>
      withHost(async (_, other) => {
        const [writer, reader] = [host, other].map(each => each.store({ databaseFolder: folder }));
        assert.ok(writer !== undefined && reader !== undefined);
        await writer.open();
        await writer.commit(batchOf([one]));
        await reader.open();
        assert.deepEqual(await near(reader, 'm', [1, 0, 0]), []);
        await putAll(withVectors(writer), 'm', (await withVectors(writer).vectors.missing('m', 10, [])).chunks, axisOf);
        assert.deepEqual(await near(reader, 'm', [1, 0, 0]), ['openDoor', 'shutDoor']);
        await reader.close();
        await writer.close();
      }),
    ));
});

function withVectors(store: Store): Store & { readonly vectors: ChunkVectors } {
  const { vectors } = store;
  assert.ok(vectors !== undefined);
  return { ...store, vectors };
}

/** The first chunk of a file lies on the first axis, the second on one that is near to it; other files on a third. */
function axisOf({ path, ordinal, text }: UnvectoredChunk): readonly number[] {
  if (path === 'b.ts') return [0, 0, 1];
  return ordinal === 0 && text.includes('openDoor') ? [1, 0, 0] : [0.8, 0.6, 0];
}

async function putAll(
  { vectors }: { readonly vectors: ChunkVectors },
  embedder: string,
  chunks: readonly UnvectoredChunk[],
  vectorOf: (chunk: UnvectoredChunk) => readonly number[],
): Promise<unknown> {
  const made = chunks.map(vectorOf);
  const dimensions = made[0]?.length ?? 0;
  return vectors.put({ embedder, dimensions, chunks, vectors: Float32Array.from(made.flat()) });
}

async function near(store: Store, embedder: string, vector: readonly number[]): Promise<string[]> {
  const found = await store.vectors?.nearest(embedder, Float32Array.from(vector), 10, new AbortController().signal);
  return (found ?? []).map(({ chunk }) => chunk.name);
}
