import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { CodeIndexOptions } from '../../../index/createCodeIndex.js';
import type { EmbeddedText, TextEmbedder } from '../../../index/embed/textEmbedder.js';
import type { StoreHost } from '../../../index/store/storeHost.js';
import { createStoreHost } from '../../../index/store/storeHost.js';
import { Failure } from '../../../server/base/failure.js';
import { silentLog } from '../../../server/base/log.js';
import { storeEntry } from '../store/samples.js';
import { createTestIndex, createTestPool, never, until, type TestIndex } from '../support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from '../support/workspace.js';
import { answerByMeaning, createScriptedEmbedder, type Answer } from './scriptedEmbedder.js';

const quick = { restMs: 0, lookMs: 10, modelRetryMs: 10, switchMs: 0, flushMs: 10 };
const cacheText =
  'export function evictOldest(entries: Map<string, number>) {\n  entries.delete(firstKey(entries));\n}\n';
const files = {
  'src/cache.ts': cacheText,
  'src/greet.ts': 'export function greetPerson(name: string) {\n  return `Hello ${name}`;\n}\n',
  'src/sums.py': 'def add_numbers(left, right):\n    return left + right\n',
};
/** Shares no part of a word with the code that it asks for. */
const question = 'discard stale expired';

describe('vectors of a model, in an index', () => {
  const pool = createTestPool();
  let workspace: TestWorkspace;
  let caches: TestWorkspace;
  let host: StoreHost;
  let embedder: TextEmbedder | null;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(() => {
    workspace = createWorkspace(files);
    caches = createWorkspace();
    host = createStoreHost({ storeProcess: storeEntry, log: silentLog });
    embedder = null;
  });
  afterEach(async () => {
    await closeAll();
    await host.dispose();
    workspace.dispose();
    caches.dispose();
  });
  after(() => pool.close());

  async function closeAll(): Promise<void> {
    for (const close of closing.splice(0)) await close();
  }

  async function open(options: Partial<CodeIndexOptions> = {}): Promise<TestIndex> {
    const store = host.store({ databaseFolder: join(caches.folder, 'store') });
    const made = createTestIndex(workspace.folder, {
      pool,
      store,
      cacheFolder: caches.folder,
      embedder: () => embedder,
      timing: quick,
      ...options,
    });
    closing.push(() => made.index.close());
    await made.start();
    await made.index.settle();
    return made;
  }

  const vectorsOf = ({ index }: TestIndex) => index.status().vectors ?? null;
  const untilDone = (made: TestIndex) =>
    until(() => {
      const vectors = vectorsOf(made);
      return vectors !== null && vectors.all > 0 && vectors.done === vectors.all;
    }, 'all chunks have a vector');
  const found = async ({ index }: TestIndex, patienceMs = 1000) =>
    (await index.search(question, { limit: 1, patienceMs }, never))[0]?.path ?? null;
  const foundAtAll = async ({ index }: TestIndex, path: string) =>
    (await index.search(question, { limit: 50, patienceMs: 1000 }, never)).some(hit => hit.path === path);
  const pathsIn = (requests: readonly (readonly EmbeddedText[])[]) =>
    [...new Set(requests.flat().flatMap(({ path }) => path ?? []))].sort();

  it('let a search find what shares no word with the query', async () => {
    const scripted = createScriptedEmbedder();
    embedder = scripted;
    const made = await open();
    await untilDone(made);
    assert.deepEqual(pathsIn(scripted.requests), Object.keys(files).map(workspace.path).sort());
    assert.equal(await found(made), 'src/cache.ts');
    const asked = scripted.requests.flat().filter(({ path }) => path === null);
    assert.deepEqual(asked, [{ text: question, path: null, startLine: 0 }]);
  });

  it('change nothing where nobody makes any, nor for who does not wait for a model', async () => {
    const without = await open();
    const before = await without.index.search('greet a person', { limit: 5, patienceMs: 1000 }, never);
    assert.equal(vectorsOf(without), null);
    assert.ok(before.length > 0);
    assert.notEqual(await found(without), 'src/cache.ts');
    await closeAll();
    const scripted = createScriptedEmbedder();
    embedder = scripted;
    const made = await open();
    await untilDone(made);
    assert.deepEqual(await made.index.search('greet a person', { limit: 5 }, never), before);
    assert.ok(scripted.requests.flat().every(({ path }) => path !== null));
  });

  it('are made once, and only of what is new after a change', async () => {
    const first = createScriptedEmbedder();
    embedder = first;
    await untilDone(await open());
    await closeAll();
    const second = createScriptedEmbedder();
    embedder = second;
    const made = await open();
    await untilDone(made);
    assert.deepEqual(second.requests, []);
    assert.equal(await found(made), 'src/cache.ts');
    workspace.write('src/more.ts', 'export function forgetAll(sessions: Session[]) {\n  sessions.length = 0;\n}\n');
    made.index.fileChanged(workspace.path('src/more.ts'));
    await until(() => second.texts().length > 0, 'the new file was read');
    await untilDone(made);
    assert.deepEqual(pathsIn(second.requests), [workspace.path('src/more.ts')]);
  });

  it('wait while somebody types, and are given up when somebody begins to', async () => {
    let quietForMs = 0;
    let aborted = 0;
    const asked = createScriptedEmbedder('test/slow', (texts, signal) =>
      quietForMs === Infinity
        ? answerByMeaning(texts)
        : new Promise((_, reject) =>
            signal.addEventListener('abort', () => {
              aborted++;
              reject(signal.reason as Error);
            }),
          ),
    );
    embedder = asked;
    const made = await open({ quietForMs: () => quietForMs, timing: { ...quick, restMs: 50 } });
    await until(() => vectorsOf(made) !== null, 'the model is known');
    assert.deepEqual(asked.requests, []);
    quietForMs = 100;
    await until(() => asked.requests.length > 0, 'the first batch is under way');
    quietForMs = 0;
    await until(() => aborted > 0, 'it was given up');
    assert.equal(vectorsOf(made)?.why, '');
    quietForMs = Infinity;
    await untilDone(made);
  });

  it('of another model take over when they are complete, and the old ones go only then', async () => {
    embedder = createScriptedEmbedder('test/old');
    const made = await open();
    await untilDone(made);
    let isHeld = true;
    const held: Answer = async texts => {
      while (isHeld) await new Promise(resolve => setTimeout(resolve, 5));
      return answerByMeaning(texts);
    };
    const next = createScriptedEmbedder('test/new', held);
    embedder = next;
    await until(() => next.requests.length > 0, 'the new model is asked');
    assert.deepEqual(await modelsIn(made), ['test/old']);
    assert.notEqual(await found(made), 'src/cache.ts', 'Vectors of two models are never compared.');
    isHeld = false;
    await until(async () => (await modelsIn(made)).join() === 'test/new', 'the old vectors are gone');
    await untilDone(made);
    assert.equal(await found(made), 'src/cache.ts');
  });

  it('of a model that is gone for a moment are not made anew by another', async () => {
    const first = createScriptedEmbedder('test/first');
    embedder = first;
    const made = await open({ timing: { ...quick, switchMs: 60_000 } });
    await untilDone(made);
    const second = createScriptedEmbedder('test/second');
    embedder = second;
    assert.notEqual(await found(made), 'src/cache.ts');
    embedder = null;
    assert.equal(vectorsOf(made), null);
    assert.notEqual(await found(made), 'src/cache.ts');
    embedder = first;
    assert.equal(await found(made), 'src/cache.ts');
    workspace.write('src/more.ts', 'export const more = 1;\n');
    made.index.fileChanged(workspace.path('src/more.ts'));
    await until(() => first.texts().join().includes('more = 1'), 'the first one goes on');
    assert.deepEqual(second.requests, []);
  });

  it('serve from the first search on, before anybody has looked what is missing', async () => {
    embedder = createScriptedEmbedder();
    await untilDone(await open());
    await closeAll();
    const scripted = createScriptedEmbedder();
    embedder = scripted;
    const made = await open({ quietForMs: () => 0, timing: { ...quick, restMs: 60_000 } });
    assert.equal(await found(made), 'src/cache.ts');
    assert.deepEqual(scripted.texts(), []);
  });

  it('are neither made nor kept of what is left out', async () => {
    workspace.write('secret/plan.ts', 'export function forgetNothing() {\n  return "the plan";\n}\n');
    let exclude: readonly string[] = ['secret/'];
    const scripted = createScriptedEmbedder();
    embedder = scripted;
    const made = await open({ settings: () => ({ exclude, maxFileKb: 1024 }) });
    await untilDone(made);
    assert.ok(!scripted.texts().join().includes('forgetNothing'));
    exclude = [];
    await made.index.reconcile();
    await until(() => scripted.texts().join().includes('forgetNothing'), 'it may be read now');
    await untilDone(made);
    assert.ok(await foundAtAll(made, 'secret/plan.ts'));
    exclude = ['secret/'];
    await made.index.reconcile();
    assert.ok(!(await foundAtAll(made, 'secret/plan.ts')));
    await untilDone(made);
    const times = () => scripted.texts().filter(text => text.includes('forgetNothing')).length;
    assert.equal(times(), 1);
    // Had it been kept, it would not be asked for again.
    exclude = [];
    await made.index.reconcile();
    await until(() => times() === 2, 'it is read anew');
  });

  it('are not kept of what the model was not given, which is asked for again when something changes', async () => {
    let mayLeave = false;
    const scripted = createScriptedEmbedder('test/gate', texts =>
      texts.map(each =>
        mayLeave || !each.text.includes('greet') ? (answerByMeaning([each])[0] ?? assert.fail()) : new Float32Array(0),
      ),
    );
    embedder = scripted;
    const made = await open();
    await until(() => (vectorsOf(made)?.done ?? 0) > 0, 'the others are done');
    await made.index.settle();
    const { done, all } = vectorsOf(made) ?? assert.fail();
    assert.equal(done, all - 1);
    mayLeave = true;
    workspace.write(
      'src/cache.ts',
      `${cacheText}\n// More is to come, and this much is enough for a chunk of its own, it seems.\n`,
    );
    made.index.fileChanged(workspace.path('src/cache.ts'));
    await untilDone(made);
  });

  let vectorsGiven = 0;
  const troubles: readonly (readonly [string, Answer])[] = [
    ['fails', () => Promise.reject(new Failure('unavailable', 'Nobody is there.'))],
    ['fails in a way that nobody foresaw', () => Promise.reject(new Error('a bug'))],
    ['answers too few', texts => answerByMeaning(texts.slice(1))],
    ['answers what are no numbers', texts => answerByMeaning(texts).map(vector => vector.fill(Number.NaN, 3, 4))],
    ['answers infinite numbers', texts => answerByMeaning(texts).map(vector => vector.fill(Infinity, 3, 4))],
    [
      'answers vectors of several lengths',
      texts => answerByMeaning(texts).map(vector => vector.subarray(vectorsGiven++ % 2)),
    ],
  ];
  for (const [what, answer] of troubles) {
    it(`of a model that ${what}: search goes on, and it goes on when the model works again`, async () => {
      let isBroken = true;
      const scripted = createScriptedEmbedder('test/broken', (texts, signal) =>
        isBroken ? answer(texts, signal) : answerByMeaning(texts),
      );
      embedder = scripted;
      const made = await open();
      await until(() => scripted.requests.length > 2, 'it was tried more than once');
      assert.ok((vectorsOf(made)?.done ?? 0) < 3);
      const [hit] = await made.index.search('greet a person', { limit: 5, patienceMs: 1000 }, never);
      assert.equal(hit?.path, 'src/greet.ts');
      assert.equal(made.index.status().state, 'ready');
      isBroken = false;
      await untilDone(made);
      assert.equal(vectorsOf(made)?.why, '');
    });
  }

  it('of a model that has nothing to say: none is kept', async () => {
    const scripted = createScriptedEmbedder('test/silent', texts => texts.map(() => new Float32Array(16)));
    embedder = scripted;
    const made = await open();
    await until(() => scripted.requests.length > 0, 'it was asked');
    await made.index.settle();
    assert.equal(vectorsOf(made)?.done, 0);
    assert.equal(vectorsOf(made)?.why, '');
    assert.equal(scripted.requests.length, 1, 'It is not asked again and again.');
  });

  it('of a model that fails: the status says why', async () => {
    embedder = createScriptedEmbedder('test/broken', () =>
      Promise.reject(new Failure('unavailable', 'Nobody is there.', { remedy: 'Start it.' })),
    );
    const made = await open();
    await until(() => vectorsOf(made)?.why !== '', 'the status says why');
    const { model, why, done } = vectorsOf(made) ?? assert.fail();
    assert.deepEqual({ model, why, done }, { model: 'test/broken', why: 'Nobody is there. Start it.', done: 0 });
  });

  it('of a text that the model refuses are made of its beginning, and the others are none the worse', async () => {
    const long = `export const table = [\n${'  discard(stale, expired),\n'.repeat(40)}];\n`;
    workspace.write('src/long.ts', long);
    const scripted = createScriptedEmbedder('test/short', texts =>
      texts.some(({ text }) => text.length > 500)
        ? Promise.reject(new Failure('unavailable', 'Too long.'))
        : answerByMeaning(texts),
    );
    embedder = scripted;
    const made = await open();
    await untilDone(made);
    assert.ok(await foundAtAll(made, 'src/long.ts'));
    assert.ok(
      scripted.requests.every(request => request.length === 1 || request.every(({ text }) => text !== long)) ||
        scripted.requests.length < 20,
    );
  });

  it('of a text that the model never takes are left out, and all others are made', async () => {
    const scripted = createScriptedEmbedder('test/picky', texts =>
      texts.some(({ text }) => text.startsWith('def '))
        ? Promise.reject(new Failure('unavailable', 'I do not like this.'))
        : answerByMeaning(texts),
    );
    embedder = scripted;
    const made = await open();
    await until(() => vectorsOf(made)?.done === 2, 'the others are done');
    await until(() => vectorsOf(made)?.why === '', 'it is given up');
    const { length } = scripted.requests;
    made.index.fileChanged(workspace.write('src/more.ts', 'export const more = 1;\n'));
    await until(() => vectorsOf(made)?.done === 3, 'the new one is done');
    assert.ok(scripted.requests.slice(length).every(request => !request.some(({ text }) => text.startsWith('def '))));
  });

  it('are not waited for longer than a search has patience, nor at all from a model that fails', async () => {
    let mode: 'works' | 'hangs' | 'fails' = 'works';
    const scripted = createScriptedEmbedder('test/moody', texts =>
      mode === 'works'
        ? answerByMeaning(texts)
        : mode === 'fails'
          ? Promise.reject(new Failure('unavailable', 'Not now.'))
          : new Promise(() => {}),
    );
    embedder = scripted;
    const made = await open();
    await untilDone(made);
    mode = 'hangs';
    assert.notEqual(await found(made, 30), 'src/cache.ts');
    mode = 'fails';
    assert.notEqual(await found(made), 'src/cache.ts');
    const { length } = scripted.requests;
    assert.notEqual(await found(made), 'src/cache.ts');
    assert.equal(scripted.requests.length, length, 'A model that just failed is not asked again at once.');
  });

  it('give way to a question', async () => {
    let isSlow = false;
    let aborted = 0;
    const scripted = createScriptedEmbedder('test/busy', (texts, signal) => {
      if (texts[0]?.path === null) return answerByMeaning(texts);
      signal.addEventListener('abort', () => aborted++);
      return until(() => !isSlow || signal.aborted, 'it is quick again').then(() => answerByMeaning(texts));
    });
    embedder = scripted;
    const made = await open();
    await untilDone(made);
    isSlow = true;
    const { length } = scripted.requests;
    workspace.write('src/more.ts', 'export function unheardOf() {\n  return 1;\n}\n');
    made.index.fileChanged(workspace.path('src/more.ts'));
    await until(() => scripted.requests.length > length, 'a batch is under way');
    assert.equal(await found(made), 'src/cache.ts');
    assert.ok(aborted > 0);
    isSlow = false;
    await untilDone(made);
  });

  it('of a file that was saved a moment ago still count where its text stayed', async () => {
    const lines = (name: string) => `  ${name}.forEach(value => console.log(value));\n`.repeat(8);
    const evict = `export function evictOldest(entries: string[]) {\n${lines('entries')}}\n`;
    const shown = (name: string) => `export function ${name}(values: string[]) {\n${lines('values')}}\n`;
    workspace.write('src/two.ts', `${shown('show')}\n${evict}`);
    workspace.remove('src/cache.ts');
    embedder = createScriptedEmbedder();
    const made = await open({ timing: { ...quick, flushMs: 60_000 } });
    await untilDone(made);
    workspace.write('src/two.ts', `${shown('showMoreOfThem')}\n${evict}`);
    made.index.fileChanged(workspace.path('src/two.ts'));
    const saved = async () => (await made.index.search('showMoreOfThem', { limit: 1 }, never))[0]?.from === 'overlay';
    await until(saved, 'it is saved');
    const hits = await made.index.search(question, { limit: 5, patienceMs: 1000 }, never);
    const hit = hits.find(({ name }) => name === 'evictOldest') ?? assert.fail();
    assert.deepEqual([hit.path, hit.from], ['src/two.ts', 'overlay']);
    const [without] = await made.index.search(question, { limit: 1 }, never);
    assert.ok(hit.score > (without?.score ?? 0), 'Only the model can lift it above all.');
  });

  async function modelsIn(made: TestIndex): Promise<string[]> {
    const counts = (await made.store.vectors?.counts()) ?? [];
    return counts.filter(({ done }) => done > 0).map(({ model }) => model);
  }
});
