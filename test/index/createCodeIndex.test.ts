import assert from 'node:assert/strict';
import { renameSync, symlinkSync, utimesSync } from 'node:fs';
import { Failure, type FailureKind } from '../../server/base/failure.js';
import { createMemoryStore } from '../../index/store/memoryStore.js';
import type { Opening, Store, StoreBatch } from '../../index/store.js';
import { unpackBatch } from '../../index/packedContents.js';
import type { CodeIndexOptions } from '../../index/createCodeIndex.js';
import { createTestIndex, createTestPool, never, until, type TestIndex } from './support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

describe('code index', () => {
  const pool = createTestPool();
  let workspace: TestWorkspace;
  const closing: (() => Promise<void>)[] = [];

  function open(options: Partial<CodeIndexOptions> = {}): TestIndex {
    const made = createTestIndex(workspace.folder, { pool, ...options });
    closing.push(() => made.index.close());
    return made;
  }
  const pathsOf = (found: readonly { readonly path: string }[]) => found.map(({ path }) => path).sort();
  const searched = async ({ index }: TestIndex, query: string) => index.search(query, { limit: 5 }, never);

  /** A file as young as these is looked at twice. */
  const makeOld = () => {
    for (const path of ['src/greet.ts', 'src/math.py', 'README.md']) utimesSync(workspace.path(path), 1e9, 1e9);
  };

  beforeEach(() => {
    workspace = createWorkspace({
      'src/greet.ts': 'export function greetPerson(name: string) {\n  return `Hello ${name}`;\n}\n',
      'src/math.py': 'def add_numbers(left, right):\n    return left + right\n',
      'README.md': '# A project that greets people\n',
    });
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    workspace.dispose();
  });
  after(() => pool.close());

  it('finds what is there after the first pass', async () => {
    const made = open();
    await made.start();
    const { index, scanned } = made;
    assert.deepEqual(scanned.sort(), ['README.md', 'src/greet.ts', 'src/math.py'].map(workspace.path).sort());
    const hits = await searched(made, 'greet a person');
    assert.deepEqual([hits[0]?.path, hits[0]?.from, hits[0]?.name], ['src/greet.ts', 'store', 'greetPerson']);
    assert.deepEqual(pathsOf(await index.definitions('add_numbers', never)), ['src/math.py']);
    const { state, files, indexed, pending, chunks } = index.status();
    assert.deepEqual({ state, files, indexed, pending }, { state: 'ready', files: 3, indexed: 3, pending: 0 });
    assert.ok(chunks >= 3);
  });

  it('counts what the files have now, however often they change', async () => {
    const made = open();
    await made.start();
    await made.index.settle();
    const { chunks, symbols } = made.index.status();
    for (const way of ['live', 'live', 'bulk', 'bulk']) {
      workspace.write('src/math.py', `def ${way}_${performance.now().toFixed()}(left):\n    return left\n`);
      if (way === 'live') made.index.fileChanged(workspace.path('src/math.py'));
      else await made.index.reconcile();
      await made.index.settle();
    }
    assert.deepEqual([made.index.status().chunks, made.index.status().symbols], [chunks, symbols]);
    workspace.remove('src/math.py');
    await made.index.reconcile();
    await made.index.settle();
    assert.ok(made.index.status().symbols < symbols);
  });

  it('finds names that are words like any other', async () => {
    workspace.write('src/odd.py', 'def export(value):\n    return value\n');
    workspace.write('src/short.ts', 'export function a() {}\n');
    const made = open();
    await made.start();
    assert.equal((await searched(made, 'export'))[0]?.path, 'src/odd.py');
    assert.equal((await searched(made, 'a'))[0]?.path, 'src/short.ts');
    workspace.write('src/saved.ts', 'export function then() {}\n');
    made.index.fileChanged(workspace.path('src/saved.ts'));
    await until(async () => (await searched(made, 'then'))[0]?.path === 'src/saved.ts', 'the saved name is found');
  });

  it('reports scanning, indexing and ready, in this order', async () => {
    const { index } = open();
    const states: string[] = [];
    await index.start(status => states.push(status.state), never);
    assert.deepEqual([...new Set(states)], ['scanning', 'indexing', 'ready']);
    assert.equal(states.at(-1), 'ready');
  });

  it('finds names that are used, after a second pass', async () => {
    workspace.write('src/use.ts', "import { greetPerson } from './greet.js';\ngreetPerson('you');\n");
    const { index, start } = open();
    await start();
    await index.settle();
    assert.ok(pathsOf(await index.references('greetPerson', never)).includes('src/use.ts'));
  });

  describe('when a file is saved', () => {
    it('finds it at once, before it is stored, and as well when it is', async () => {
      const made = open();
      await made.start();
      const path = workspace.write('src/greet.ts', 'export function waveGoodbye() {}\n');
      made.index.fileChanged(path);
      await until(() => made.told.has(path), 'the save was seen');
      const [hit] = await searched(made, 'wave goodbye');
      assert.deepEqual([hit?.path, hit?.from], ['src/greet.ts', 'overlay']);
      assert.deepEqual(await made.index.definitions('greetPerson', never), []);
      assert.deepEqual(pathsOf(await made.index.definitions('waveGoodbye', never)), ['src/greet.ts']);
      await made.index.settle();
      const [stored] = await searched(made, 'wave goodbye');
      assert.deepEqual([stored?.path, stored?.from], ['src/greet.ts', 'store']);
      assert.deepEqual(await made.index.definitions('greetPerson', never), []);
    });

    it('tells its text to whoever completes from it, and says nothing of what did not change', async () => {
      const { index, told, start } = open();
      await start();
      assert.equal(told.size, 0);
      const path = workspace.write('src/greet.ts', '\uFEFFconst fresh = 1;\n');
      index.fileChanged(path);
      index.fileChanged(workspace.path('README.md'));
      await index.settle();
      assert.deepEqual([...told], [[path, 'const fresh = 1;\n']]);
    });

    it('shows the new text and not the old while its batch is under way', async () => {
      const slow = slowStore();
      const made = open({ store: slow.store });
      await made.start();
      workspace.write('src/greet.ts', 'export function waveGoodbye() {}\n');
      made.index.fileChanged(workspace.path('src/greet.ts'));
      await until(() => made.told.size > 0, 'the save was seen');
      const release = slow.hold();
      const settled = made.index.settle();
      await until(slow.isHeld, 'the batch was under way');
      assert.equal((await searched(made, 'wave goodbye'))[0]?.from, 'overlay');
      assert.deepEqual(await made.index.definitions('greetPerson', never), []);
      release();
      await settled;
    });

    it('hides what became generated, and forgets what was removed', async () => {
      const { index, told, start } = open();
      await start();
      index.fileChanged(workspace.write('src/greet.ts', '// Code generated by x. DO NOT EDIT.\n'));
      workspace.remove('src/math.py');
      index.fileChanged(workspace.path('src/math.py'));
      await until(() => told.size === 2, 'both were seen');
      for (const name of ['greetPerson', 'add_numbers']) assert.deepEqual(await index.definitions(name, never), []);
      await index.settle();
      for (const name of ['greetPerson', 'add_numbers']) assert.deepEqual(await index.definitions(name, never), []);
      assert.deepEqual([...told.values()], [null, null]);
      assert.equal(index.exclusion(workspace.path('src/greet.ts')), 'generated');
    });

    it('ignores what is excluded', async () => {
      const { index, told, start } = open();
      await start();
      index.fileChanged(workspace.write('.env', 'PASSWORD=1\n'));
      index.fileChanged(workspace.write('node_modules/a.js', 'var a;\n'));
      await index.settle();
      assert.equal(told.size, 0);
    });
  });

  describe('a scan', () => {
    it('leaves nothing behind of what is removed or renamed', async () => {
      const { index, told, start } = open();
      await start();
      workspace.remove('src/math.py');
      renameSync(workspace.path('src/greet.ts'), workspace.path('src/hello.ts'));
      await index.reconcile();
      assert.deepEqual(await index.definitions('add_numbers', never), []);
      assert.deepEqual(pathsOf(await index.definitions('greetPerson', never)), ['src/hello.ts']);
      assert.deepEqual(
        [told.get(workspace.path('src/math.py')), told.get(workspace.path('src/greet.ts'))],
        [null, null],
      );
      assert.ok(told.get(workspace.path('src/hello.ts'))?.includes('greetPerson'));
    });

    it('takes over new ignore rules without reading the rest again', async () => {
      const spy = spyStore();
      makeOld();
      const { index, told, start } = open({ store: spy.store });
      await start();
      await index.settle();
      spy.batches.length = 0;
      index.fileChanged(workspace.write('.gitignore', '*.py\n'));
      await index.settle();
      assert.deepEqual(await index.definitions('add_numbers', never), []);
      assert.equal(index.exclusion(workspace.path('src/math.py')), 'ignored');
      assert.deepEqual([...told.keys()].sort(), [workspace.path('.gitignore'), workspace.path('src/math.py')]);
      assert.deepEqual(
        spy.batches.flatMap(batch => [...batch.files.map(file => file.path), ...batch.removedPaths]).sort(),
        ['.gitignore', 'src/math.py'],
      );
      workspace.remove('.gitignore');
      index.fileChanged(workspace.path('.gitignore'));
      await index.settle();
      assert.deepEqual(pathsOf(await index.definitions('add_numbers', never)), ['src/math.py']);
      assert.equal(index.exclusion(workspace.path('src/math.py')), null);
    });

    it('uses contents again that were seen before', async () => {
      // It keeps for a while what no file has.
      const spy = spyStore({ ...createMemoryStore(), maintain: () => Promise.resolve(null) });
      const { index, start } = open({ store: spy.store });
      await start();
      const old = workspace.path('src/greet.ts');
      workspace.write('src/greet.ts', 'export function otherBranch() {}\n');
      await index.reconcile();
      await index.settle();
      spy.batches.length = 0;
      workspace.write('src/greet.ts', 'export function greetPerson(name: string) {\n  return `Hello ${name}`;\n}\n');
      await index.reconcile();
      assert.deepEqual(pathsOf(await index.definitions('greetPerson', never)), ['src/greet.ts']);
      assert.equal(spy.batches.flatMap(batch => batch.contents).length, 0);
      assert.equal(index.exclusion(old), null);
    });

    it('does not read again what was only touched, nor what a session before has read', async () => {
      makeOld();
      const store = createMemoryStore();
      const first = open({ store });
      await first.start();
      await first.index.settle();
      const spy = spyStore(store);
      const again = open({ store: spy.store });
      utimesSync(workspace.path('src/math.py'), 2e9, 2e9);
      await again.start();
      await again.index.settle();
      assert.deepEqual(
        spy.batches.flatMap(batch => batch.files.map(file => file.path)),
        ['src/math.py'],
      );
      assert.deepEqual(
        spy.batches.flatMap(batch => batch.contents),
        [],
      );
    });

    it('remembers from one session to the next what it has left out', async () => {
      const cache = createWorkspace();
      try {
        workspace.write('blob', Buffer.from([1, 0, 2]));
        workspace.write('made.go', '// Code generated by x. DO NOT EDIT.\n');
        const store = createMemoryStore();
        const first = open({ store, cacheFolder: cache.folder });
        await first.start();
        assert.deepEqual(first.index.status().skipped, { binary: 1, generated: 1 });
        await first.index.close();
        const reads: string[] = [];
        const spiedPool = {
          ...pool,
          run: ((job, urgency, signal) => {
            if ('files' in job) reads.push(...job.files.map(file => file.path));
            return pool.run(job, urgency, signal);
          }) as typeof pool.run,
        };
        const again = open({ store, cacheFolder: cache.folder, pool: spiedPool });
        await again.start();
        assert.deepEqual(again.index.status().skipped, { binary: 1, generated: 1 });
        assert.ok(!reads.includes('blob') && !reads.includes('made.go'));
      } finally {
        cache.dispose();
      }
    });

    it('takes back what turned out to be no text that a person wrote', async () => {
      const path = workspace.write('made.go', '// Code generated by x. DO NOT EDIT.\n');
      const { scanned, told, start } = open();
      await start();
      assert.ok(scanned.includes(path));
      assert.deepEqual([...told], [[path, null]]);
    });

    it('takes over settings', async () => {
      let exclude: string[] = [];
      const { index, start } = open({ settings: () => ({ exclude, maxFileKb: 100 }) });
      await start();
      exclude = ['/src/**'];
      await index.reconcile();
      assert.deepEqual(await index.definitions('greetPerson', never), []);
      assert.equal(index.exclusion(workspace.path('src/greet.ts')), 'excluded');
    });
  });

  it('fills the gaps that many saves at once leave', async () => {
    const { index, told, start } = open();
    await start();
    for (let at = 0; at < 300; at++)
      index.fileChanged(workspace.write(`many/f${at}.ts`, `export const name${at} = 1;\n`));
    await index.settle();
    assert.equal(index.status().indexed, 303);
    assert.equal(told.size, 300);
    assert.deepEqual(pathsOf(await index.definitions('name299', never)), ['many/f299.ts']);
  });

  it('ends in the same state as a fresh index after random changes', async () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    const { index, start } = open();
    await start();
    for (let step = 0; step < 120; step++) {
      const path = `${['', 'a/', 'a/b/'][random(3)]}f${random(12)}.${['ts', 'py', 'txt'][random(3)]}`;
      if (random(4) === 0) workspace.remove(path);
      else workspace.write(path, `function name${random(5)}() {}\n${'x = 1\n'.repeat(random(4))}`);
      index.fileChanged(workspace.path(path));
      if (random(10) === 0) workspace.write('.gitignore', ['*.txt\n', 'a/b/\n', ''][random(3)] ?? '');
      if (random(10) === 0) index.fileChanged(workspace.path('.gitignore'));
      if (random(25) === 0) await index.settle();
    }
    await index.reconcile();
    await index.settle();
    const fresh = open();
    await fresh.start();
    await fresh.index.settle();
    for (let name = 0; name < 5; name++) {
      assert.deepEqual(
        pathsOf(await index.definitions(`name${name}`, never)),
        pathsOf(await fresh.index.definitions(`name${name}`, never)),
      );
    }
    assert.equal(index.status().indexed, fresh.index.status().indexed);
  });

  describe('says of single paths what the scan says', () => {
    const wanted: readonly (readonly [path: string, reason: string | null])[] = [
      ['src/greet.ts', null],
      ['src/new.ts', null],
      ['.env.local', 'excluded'],
      ['src/ID_RSA', 'excluded'],
      ['private/x/y.ts', 'excluded'],
      ['out/a.js', 'ignored'],
      ['src/own/a.tmp', 'ignored'],
      ['src/own/keep.tmp', null],
      ['node_modules/a/b.js', 'ignored'],
      ['yarn.lock', 'generated'],
      ['a.min.js', 'minified'],
      ['a.png', 'not-text'],
      ['big.txt', 'too-large'],
      ['link.txt', 'excluded'],
      ['way-out.txt', 'outside'],
      ['../elsewhere.ts', 'outside'],
    ];
    const prepare = () => {
      workspace.write('.gitignore', 'out/\n*.tmp\n');
      workspace.write('.aiexclude', 'private/\n');
      workspace.write('src/own/.gitignore', '!keep.tmp\n');
      workspace.write('src/own/keep.tmp', 'x\n');
      workspace.write('big.txt', 'x\n'.repeat(60_000));
      workspace.write('.env.local', 'A=1\n');
      symlinkSync(workspace.path('.env.local'), workspace.path('link.txt'));
      symlinkSync('/etc/hostname', workspace.path('way-out.txt'));
    };
    const reasons = ({ index }: TestIndex) => wanted.map(([path]) => [path, index.exclusion(workspace.path(path))]);

    it('before the first one', () => {
      prepare();
      assert.deepEqual(reasons(open({ settings: () => ({ exclude: [], maxFileKb: 100 }) })), wanted);
    });
    it('and after it', async () => {
      prepare();
      const made = open({ settings: () => ({ exclude: [], maxFileKb: 100 }) });
      await made.start();
      assert.deepEqual(reasons(made), wanted);
    });
  });

  it('knows its folder by a link as well', async () => {
    const other = createWorkspace();
    try {
      symlinkSync(workspace.folder, other.path('link'));
      const { index, scanned, told, start } = createTestIndex(other.path('link'), { pool });
      closing.push(() => index.close());
      await start();
      assert.ok(scanned.includes(other.path('link/src/greet.ts')));
      assert.equal(index.exclusion(workspace.path('src/greet.ts')), null);
      index.fileChanged(workspace.write('src/greet.ts', 'export function waveGoodbye() {}\n'));
      await index.settle();
      assert.deepEqual([...told.keys()], [other.path('link/src/greet.ts')]);
    } finally {
      other.dispose();
    }
  });

  it('leaves nested folders to their own index', async () => {
    const inner = createTestIndex(workspace.path('src'), { pool });
    closing.push(() => inner.index.close());
    const outer = open({ except: () => [workspace.path('src')] });
    await Promise.all([inner.start(), outer.start()]);
    assert.deepEqual(outer.scanned, [workspace.path('README.md')]);
    assert.equal(outer.index.exclusion(workspace.path('src/greet.ts')), 'outside');
    assert.equal(inner.scanned.length, 2);
  });

  it('serves fifteen folders with one pool', async () => {
    const made = Array.from({ length: 15 }, (_, at) => {
      workspace.write(`w${at}/f.ts`, `export function only${at}() {}\n`);
      return createTestIndex(workspace.path(`w${at}`), { pool });
    });
    for (const { index } of made) closing.push(() => index.close());
    await Promise.all(made.map(({ start }) => start()));
    for (const [at, { index }] of made.entries()) {
      assert.deepEqual(pathsOf(await index.definitions(`only${at}`, never)), ['f.ts']);
    }
  });

  it('limits itself in a folder that is too broad, and says so', async () => {
    workspace.write('.config/hidden.ts', 'export const hidden = 1;\n');
    const { index, start, scanned } = open({ home: workspace.path('src') });
    await start();
    assert.equal(index.status().state, 'degraded');
    assert.match(index.status().message ?? '', /too broad/);
    assert.ok(!scanned.includes(workspace.path('.config/hidden.ts')));
    assert.equal((await index.definitions('greetPerson', never)).length, 1);
  });

  describe('with a folder in trouble', () => {
    it('says that it is missing', async () => {
      workspace.remove('.');
      const { index, start } = open();
      await assert.rejects(start(), { kind: 'not-found' });
      assert.match(index.status().message ?? '', /does not exist/);
      assert.deepEqual(await index.search('anything', { limit: 5 }, never), []);
    });

    it('finds nothing when it is gone, and all when it is back', async () => {
      const made = open();
      await made.start();
      renameSync(workspace.folder, `${workspace.folder}-away`);
      await made.index.reconcile();
      assert.equal(made.index.status().state, 'degraded');
      assert.deepEqual(await searched(made, 'greet'), []);
      renameSync(`${workspace.folder}-away`, workspace.folder);
      await made.index.reconcile();
      assert.equal(made.index.status().state, 'ready');
      assert.equal((await searched(made, 'greet person'))[0]?.path, 'src/greet.ts');
    });
  });

  describe('with a store in trouble', () => {
    for (const kind of ['unavailable', 'disk-full', 'read-only', 'locked', 'permission'] satisfies FailureKind[]) {
      it(`that is ${kind} from the start: says so, and still finds what is saved`, async () => {
        const failing = { ...createMemoryStore(), open: () => Promise.reject(trouble(kind)) };
        const warnings: string[] = [];
        const log = { error() {}, info() {}, debug() {}, warn: (message: string) => warnings.push(message) };
        const made = open({ store: failing, log });
        await made.start();
        assert.equal(made.scanned.length, 3);
        const { state, message } = made.index.status();
        assert.deepEqual([state, message], ['degraded', 'Trouble. Do something.']);
        const path = workspace.write('src/greet.ts', 'export function waveGoodbye() {}\n');
        made.index.fileChanged(path);
        await until(() => made.told.has(path), 'the save was seen');
        assert.equal((await searched(made, 'wave goodbye'))[0]?.path, 'src/greet.ts');
        workspace.write('src/math.py', 'def other():\n    pass\n');
        await made.index.reconcile();
        assert.ok(made.told.has(workspace.path('src/math.py')));
        assert.deepEqual(warnings, ['Trouble. Do something.']);
      });
    }

    it('that fills up meanwhile: keeps what was stored, and goes on when there is room', async () => {
      const store = createMemoryStore();
      let isFull = false;
      const failing: Store = {
        ...store,
        commit: batch => (isFull ? Promise.reject(trouble('disk-full')) : store.commit(batch)),
        open: () => (isFull ? Promise.reject(trouble('disk-full')) : store.open()),
      };
      const made = open({ store: failing, timing: { retryMs: 30 } });
      await made.start();
      isFull = true;
      made.index.fileChanged(workspace.write('src/new.ts', 'export function waveGoodbye() {}\n'));
      await made.index.settle();
      assert.equal(made.index.status().state, 'degraded');
      assert.equal((await searched(made, 'wave goodbye'))[0]?.path, 'src/new.ts');
      assert.equal((await searched(made, 'greet person'))[0]?.path, 'src/greet.ts');
      isFull = false;
      await until(() => made.index.status().state === 'ready', 'the store was tried again');
      await made.index.settle();
      assert.equal((await searched(made, 'wave goodbye'))[0]?.from, 'store');
    });

    it('that is found damaged: has it built anew', async () => {
      let store = createMemoryStore();
      let isDamaged = false;
      const failing: Store = {
        ...store,
        commit: batch => (isDamaged ? Promise.reject(trouble('damaged')) : store.commit(batch)),
        known: hashes => store.known(hashes),
        definitions: (name, signal) => store.definitions(name, signal),
        open: async (): Promise<Opening> => {
          if (isDamaged) store = createMemoryStore();
          isDamaged = false;
          return store.open();
        },
      };
      const { index, start } = open({ store: failing });
      await start();
      isDamaged = true;
      index.fileChanged(workspace.write('src/new.ts', 'export function waveGoodbye() {}\n'));
      await index.settle();
      assert.equal(index.status().state, 'degraded');
      await until(() => index.status().state === 'ready' && index.status().indexed === 4, 'it was built anew');
      await index.settle();
      assert.deepEqual(pathsOf(await store.definitions(['greetPerson'], never)), ['src/greet.ts']);
      assert.deepEqual(pathsOf(await store.definitions(['waveGoodbye'], never)), ['src/new.ts']);
    });

    it('that another process writes: reads it, and takes over when it may', async () => {
      const store = createMemoryStore();
      const writer = open({ store });
      await writer.start();
      let isOurs = false;
      const shared: Store = {
        ...store,
        open: async (): Promise<Opening> => ({ ...(await store.open()), readOnly: !isOurs, message: null }),
        commit: batch => (isOurs ? store.commit(batch) : Promise.reject(trouble('locked'))),
      };
      const made = open({ store: shared, timing: { retryMs: 30 } });
      await made.start();
      assert.equal(made.index.status().state, 'ready');
      assert.equal((await searched(made, 'greet person'))[0]?.path, 'src/greet.ts');
      made.index.fileChanged(workspace.write('src/new.ts', 'export function waveGoodbye() {}\n'));
      await until(() => made.told.size > 0, 'the save was seen');
      assert.equal((await searched(made, 'wave goodbye'))[0]?.from, 'overlay');
      isOurs = true;
      await until(async () => (await searched(made, 'wave goodbye'))[0]?.from === 'store', 'it took over');
    });
  });

  it('stops when it is told to, and is not harmed by a second close', async () => {
    const { index } = open();
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(
      index.start(() => {}, abort.signal),
      { name: 'AbortError' },
    );
    await index.close();
    await index.close();
    assert.equal(index.status().state, 'closed');
  });

  it('writes what was saved before it closes', async () => {
    const store = createMemoryStore();
    const { index, told, start } = open({ store });
    await start();
    const path = workspace.write('src/greet.ts', 'export function waveGoodbye() {}\n');
    index.fileChanged(path);
    await until(() => told.has(path), 'the save was seen');
    await index.close();
    assert.deepEqual(pathsOf(await store.definitions(['waveGoodbye'], never)), ['src/greet.ts']);
  });
});

function trouble(kind: FailureKind): Failure {
  return new Failure(kind, 'Trouble.', { remedy: 'Do something.' });
}

/** Remembers what was committed, unpacked. */
function spyStore(store: Store = createMemoryStore()): { readonly store: Store; readonly batches: StoreBatch[] } {
  const batches: StoreBatch[] = [];
  const commit = (batch: StoreBatch) => {
    batches.push(unpackBatch(batch));
    return store.commit(batch);
  };
  return { store: { ...store, commit }, batches };
}

/** Its commits can be held up. */
function slowStore(): { readonly store: Store; hold(): () => void; isHeld(): boolean } {
  const store = createMemoryStore();
  let gate = Promise.resolve();
  let held = 0;
  const commit = async (batch: StoreBatch): Promise<void> => {
    held++;
    await gate;
    await store.commit(batch);
    held--;
  };
  return {
    store: { ...store, commit },
    hold() {
      let release = () => {};
      gate = new Promise(resolve => {
        release = resolve;
      });
      return release;
    },
    isHeld: () => held > 0,
  };
}
