import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMemoryStore } from '../../../index/store/memoryStore.js';
import type { StoreHost } from '../../../index/store/storeHost.js';
import { Failure } from '../../../server/base/failure.js';
import { historyBatch } from './history.js';
import { assertSame, killRounds } from './killRounds.js';
import { allSources, batchOf, paths, withHost } from './samples.js';

describe('a store that is killed', function () {
  this.timeout(120_000);

  it('holds all batches told, and all or nothing of the next, 20 times', () => killRounds(20, 1));

  it('goes on when only its process was killed', () =>
    withHost(async (databaseFolder, host) => {
      const store = host.store({ databaseFolder });
      const model = createMemoryStore();
      await store.open();
      for (let number = 0; number < 6; number += 1) {
        const committing = store.commit(historyBatch(number));
        if (number % 2 === 0) process.kill(host.pid() ?? 0, 'SIGKILL');
        await committing;
        await model.commit(historyBatch(number));
      }
      await assertSame(store, model, 'after three kills');
      await store.close();
    }));

  it('says that it is unavailable when its process keeps dying', () =>
    withHost(async (databaseFolder, host) => {
      const store = host.store({ databaseFolder });
      await store.open();
      await assert.rejects(async () => {
        for (;;) {
          const asking = store.known(['x']);
          process.kill(host.pid() ?? 0, 'SIGKILL');
          await asking;
        }
      }, isFailure('unavailable'));
      await store.close();
    }));
});

describe('a damaged store', function () {
  this.timeout(60_000);

  const damages: readonly (readonly [string, (databaseFolder: string) => Promise<void>])[] = [
    [
      'a manifest cut off',
      folder => eachFile(join(folder, 'tables/chunks.lance/_versions'), path => truncate(path, 20)),
    ],
    ['manifests of zeros', folder => eachFile(join(folder, 'tables/files.lance/_versions'), path => zero(path))],
    ['chunks cut off', folder => eachFile(join(folder, 'tables/chunks.lance/data'), halve)],
    ['chunks with other bytes', folder => eachFile(join(folder, 'tables/chunks.lance/data'), garble)],
    ['the catalogue with other bytes', folder => eachFile(join(folder, 'tables/files.lance/data'), garble)],
    ['symbols with other bytes', folder => eachFile(join(folder, 'tables/symbols.lance/data'), garble)],
    ['references removed', folder => rm(join(folder, 'tables/references.lance'), { recursive: true })],
    ['chunks without data', folder => rm(join(folder, 'tables/chunks.lance/data'), { recursive: true })],
    ['indexes removed', folder => rm(join(folder, 'tables/chunks.lance/_indices'), { recursive: true })],
    ['indexes with other bytes', folder => eachFile(join(folder, 'tables/chunks.lance/_indices'), garble)],
    ['a description cut off', folder => truncate(join(folder, 'tables.json'), 5)],
    ['an older version', folder => writeFile(join(folder, 'tables.json'), '{"schemaVersion":0}')],
    ['no tables', folder => rm(join(folder, 'tables'), { recursive: true })],
  ];

  for (const [title, damage] of damages) {
    it(`is rebuilt or goes on, and is never wrong: ${title}`, () =>
      withHost(async (databaseFolder, host) => {
        const model = createMemoryStore();
        await fill(host, databaseFolder, model);
        await damage(databaseFolder);

        const store = host.store({ databaseFolder });
        await reconcile(store, model);
        try {
          await assertSame(store, model, title);
        } catch (error) {
          // Found out at a query: what the index does then is to open it again, and to read the files again.
          assert.ok(error instanceof Failure && error.kind === 'damaged', String(error));
          assert.equal((await reconcile(store, model)).state, 'rebuilt');
          await assertSame(store, model, `${title}, rebuilt`);
        }
        await store.close();
      }));
  }

  async function fill(
    host: StoreHost,
    databaseFolder: string,
    model: ReturnType<typeof createMemoryStore>,
  ): Promise<void> {
    const store = host.store({ databaseFolder });
    await store.open();
    for (let number = 0; number < 5; number += 1) {
      await store.commit(historyBatch(number));
      await model.commit(historyBatch(number));
    }
    await store.maintain();
    await store.close();
    await host.rest();
  }

  /** As the index does at its start: what the store does not have as it is on disk is read again. */
  async function reconcile(store: ReturnType<StoreHost['store']>, model: ReturnType<typeof createMemoryStore>) {
    const opening = await store.open();
    const wanted = (await model.open()).files;
    const stored = new Map(opening.files.map(file => [file.path, file.hash]));
    const missing = wanted.filter(file => stored.get(file.path) !== file.hash);
    const sources = Array.from({ length: 5 }, (_, number) => historyBatch(number));
    const hashes = new Set(missing.map(file => file.hash));
    await store.commit({
      files: missing,
      contents: sources.flatMap(batch => batch.contents).filter(({ hash }) => hashes.has(hash)),
      references: sources.flatMap(batch => batch.references).filter(({ hash }) => hashes.has(hash)),
      removedPaths: opening.files.filter(file => !wanted.some(each => each.path === file.path)).map(file => file.path),
    });
    return opening;
  }
});

describe('a store after many edits', function () {
  this.timeout(120_000);

  it('keeps few versions and at most three times the room of a fresh one', () =>
    withHost(async (databaseFolder, host) => {
      const store = host.store({ databaseFolder });
      const last = new Map<string, string>();
      await store.open();
      for (let edit = 0; edit < 160; edit += 1) {
        const file = { path: `src/file${edit % 40}.ts`, source: sourceOfEdit(edit) };
        last.set(file.path, file.source);
        await store.commit(batchOf([file]));
        if (edit % 40 === 39) await store.maintain();
      }
      for (const table of ['files', 'chunks', 'symbols', 'references']) {
        const versions = await readdir(join(databaseFolder, 'tables', `${table}.lance`, '_versions'));
        assert.ok(versions.length <= 50, `${table}: ${versions.length} versions`);
      }
      const used = await sizeOf(databaseFolder);
      await store.close();
      await withHost(async (freshFolder, freshHost) => {
        const fresh = freshHost.store({ databaseFolder: freshFolder });
        await fresh.open();
        await fresh.commit(batchOf([...last].map(([path, source]) => ({ path, source }))));
        await fresh.maintain();
        const needed = await sizeOf(freshFolder);
        assert.ok(used <= 3 * needed, `${used} bytes, ${needed} when fresh`);
        await fresh.close();
      });
    }));

  function sourceOfEdit(edit: number): string {
    const line = (index: number) =>
      `function${index}: line ${index} of a file that is edited again and again, part ${index * 7}`;
    return [`edited${edit}: this is edit ${edit}`, ...Array.from({ length: 60 }, (_, index) => line(index))].join('\n');
  }
});

describe('a store and its process', () => {
  const file = { path: 'a.ts', source: 'sleepingStore: wakes up again' };

  it('wakes when asked after it was ended', () =>
    withHost(async (databaseFolder, host) => {
      const store = host.store({ databaseFolder });
      await store.open();
      await store.commit(batchOf([file]));
      await host.rest();
      assert.equal(host.pid(), null);
      for (const source of allSources) assert.deepEqual(await paths(store, 'sleeping', source), ['a.ts']);
      assert.notEqual(host.pid(), null);
      await store.close();
    }));

  it('is shared by the folders of a server', () =>
    withHost(async (databaseFolder, host) => {
      const stores = ['one', 'two', 'three'].map(name => host.store({ databaseFolder: join(databaseFolder, name) }));
      for (const [index, store] of stores.entries()) {
        await store.open();
        await store.commit(batchOf([{ ...file, path: `${index}.ts` }]));
      }
      const pid = host.pid();
      for (const [index, store] of stores.entries())
        assert.deepEqual(await paths(store, 'wakes', 'text'), [`${index}.ts`]);
      assert.equal(host.pid(), pid);
      for (const store of stores) await store.close();
    }));

  it('says so when LanceDB cannot be loaded', () =>
    withHost(
      async (databaseFolder, host) => {
        const store = host.store({ databaseFolder });
        await assert.rejects(store.open(), isFailure('unavailable'));
        await store.close();
      },
      { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/lancedb.node' },
    ));

  it('says what is in the way of its folder', () =>
    withHost(async (databaseFolder, host) => {
      await writeFile(databaseFolder, 'a file');
      const store = host.store({ databaseFolder: join(databaseFolder, 'below') });
      await assert.rejects(store.open(), isFailure('not-found'));
    }));
});

describe('two stores of one folder', () => {
  const file = { path: 'a.ts', source: 'sharedStore: read by two' };

  it('write one after the other, and read both', () =>
    withHost(async (databaseFolder, host) => {
      const writer = host.store({ databaseFolder });
      await writer.open();
      await writer.commit(batchOf([file]));
      await withSecondHost(async secondHost => {
        const reader = secondHost.store({ databaseFolder });
        const opening = await reader.open();
        assert.equal(opening.readOnly, true);
        assert.equal(opening.files.length, 1);
        assert.deepEqual(await paths(reader, 'read by two', 'text'), ['a.ts']);
        await assert.rejects(reader.commit(batchOf([file])), isFailure('locked', String(process.pid)));

        await writer.commit(batchOf([{ path: 'b.ts', source: 'laterAddition: seen by the reader' }]));
        assert.deepEqual(await paths(reader, 'later addition', 'text'), ['b.ts']);

        await writer.close();
        await reader.commit(batchOf([{ path: 'c.ts', source: 'takeOver: written by the second' }]));
        assert.deepEqual(await paths(reader, 'second', 'text'), ['c.ts']);
        assert.deepEqual(await paths(reader, 'read by two', 'text'), ['a.ts']);
        await reader.close();
      });
    }));

  it('read nothing while the first has made nothing', () =>
    withHost(async (databaseFolder, host) => {
      const writer = host.store({ databaseFolder });
      await writer.open();
      await rm(join(databaseFolder, 'tables.json'));
      await withSecondHost(async secondHost => {
        const reader = secondHost.store({ databaseFolder });
        const opening = await reader.open();
        assert.deepEqual([opening.readOnly, opening.files.length], [true, 0]);
        await reader.close();
      });
      await writer.close();
    }));

  for (const [title, owner] of [
    ['a process that is gone', { pid: 4_194_999, start: null, nonce: 'x' }],
    ['a process whose pid was given away again', { pid: process.pid, start: '1', nonce: 'x' }],
  ] as const) {
    it(`takes the lock of ${title}`, () =>
      withHost(async (databaseFolder, host) => {
        const store = host.store({ databaseFolder });
        await store.open();
        await store.close();
        await writeFile(join(databaseFolder, 'owner.lock'), JSON.stringify(owner));
        const isLinux = process.platform === 'linux';
        assert.equal((await store.open()).readOnly, owner.start !== null && !isLinux);
        await store.close();
      }));
  }

  async function withSecondHost(use: (host: StoreHost) => Promise<void>): Promise<void> {
    await withHost((_, host) => use(host));
  }
});

function isFailure(kind: Failure['kind'], part = ''): (error: unknown) => true {
  return error => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.kind, kind);
    assert.ok(error.message.includes(part), error.message);
    return true;
  };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

async function eachFile(folder: string, change: (path: string) => Promise<void>): Promise<void> {
  for (const path of await filesBelow(folder)) await change(path);
}

async function halve(path: string): Promise<void> {
  await truncate(path, Math.floor((await stat(path)).size / 2));
}

async function zero(path: string): Promise<void> {
  await writeFile(path, Buffer.alloc((await stat(path)).size));
}

/** Flips bits of every 64th byte in the first half, where the values lie. */
async function garble(path: string): Promise<void> {
  const bytes = await readFile(path);
  for (let index = 40; index < bytes.length / 2; index += 64) bytes[index] = (bytes[index] ?? 0) ^ 0x15;
  await writeFile(path, bytes);
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const path of await filesBelow(folder)) bytes += (await stat(path)).size;
  return bytes;
}
