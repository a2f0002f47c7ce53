import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { createTestIndex, createTestPool, never, until } from './support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

const pool = createTestPool();

describe('code index', () => {
  let workspace: TestWorkspace;
  const closing: (() => Promise<void>)[] = [];

  function open(options: Parameters<typeof createTestIndex>[1] = {}) {
    const made = createTestIndex(workspace.folder, { pool, ...options });
    closing.push(() => made.index.close());
    return made;
  }

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
    const { index, scanned, start } = open();
    await start();
    assert.deepEqual(scanned.sort(), ['README.md', 'src/greet.ts', 'src/math.py'].map(workspace.path).sort());
    const hits = await index.search('greet a person', { limit: 5 }, never);
    assert.equal(hits[0]?.path, 'src/greet.ts');
    assert.equal(hits[0]?.from, 'store');
    const [definition] = await index.definitions('add_numbers', never);
    assert.equal(definition?.path, 'src/math.py');
    const { state, files, indexed, pending } = index.status();
    assert.deepEqual({ state, files, indexed, pending }, { state: 'ready', files: 3, indexed: 3, pending: 0 });
  });

  it('finds a saved file at once, before it is stored', async () => {
    const { index, told, start } = open();
    await start();
    const path = workspace.write('src/greet.ts', 'export function waveGoodbye() {}\n');
    index.fileChanged(path);
    await until(() => told.has(path), 'the save was seen');
    const [hit] = await index.search('wave goodbye', { limit: 5 }, never);
    assert.deepEqual([hit?.path, hit?.from], ['src/greet.ts', 'overlay']);
    assert.deepEqual(await index.definitions('greetPerson', never), []);
    await index.settle();
    const [stored] = await index.search('wave goodbye', { limit: 5 }, never);
    assert.deepEqual([stored?.path, stored?.from], ['src/greet.ts', 'store']);
    assert.deepEqual(await index.definitions('greetPerson', never), []);
  });

  it('leaves nothing behind of what is removed or renamed', async () => {
    const { index, told, start } = open();
    await start();
    workspace.remove('src/math.py');
    renameSync(workspace.path('src/greet.ts'), workspace.path('src/hello.ts'));
    await index.reconcile();
    assert.deepEqual(await index.definitions('add_numbers', never), []);
    assert.deepEqual(
      (await index.definitions('greetPerson', never)).map(found => found.path),
      ['src/hello.ts'],
    );
    assert.equal(told.get(workspace.path('src/math.py')), null);
    assert.equal(told.get(workspace.path('src/greet.ts')), null);
  });
});
