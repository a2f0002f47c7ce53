import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  readlinkSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Failure } from '../../../server/base/failure.js';
import { copySources } from '../../../server/sandbox/copySources.js';

const { signal } = new AbortController();
const rules = { leaveOut: (path: string) => path.endsWith('.key'), maxFiles: 100, maxBytes: 1_000_000, owner: null };

describe('the copy of the sources', () => {
  let base = '';
  let folder = '';
  let copy = '';

  beforeEach(async () => {
    base = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-copy-')));
    folder = join(base, 'project');
    copy = join(base, 'copy');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function write(...paths: readonly string[]): void {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), path);
    }
  }

  const cases: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
    [
      'sources, whatever they are called',
      ['a.ts', 'src/b.py', '.eslintrc', 'dist/c.js'],
      ['.eslintrc', 'a.ts', 'dist/c.js', 'src/b.py'],
      [],
    ],
    ['no secrets', ['a.ts', 'tls.key', 'test/own.key'], ['a.ts'], ['test/own.key', 'tls.key']],
    ['no history and no caches', ['.git/config', '.hg/x', '__pycache__/a.pyc', '.next/x', 'a.py'], ['a.py'], []],
    [
      'no build of cargo',
      ['Cargo.toml', 'target/debug/x', 'src/target/main.rs'],
      ['Cargo.toml', 'src/target/main.rs'],
      [],
    ],
    ['nothing that says it is a cache', ['out/CACHEDIR.TAG', 'out/x', 'a.c'], ['a.c'], []],
    [
      'no packages',
      ['node_modules/x/i.js', 'a/node_modules/y/i.js', '.venv/pyvenv.cfg', '.venv/bin/p', 'a/b.js'],
      ['a/b.js'],
      [],
    ],
  ];
  for (const [name, files, copied, leftOut] of cases) {
    it(`holds ${name}`, async () => {
      write(...files);
      const result = await copySources(folder, copy, rules, signal);
      assert.deepEqual(filesIn(copy), copied);
      assert.deepEqual(result.leftOut.toSorted(), leftOut);
    });
  }

  it('names the folders of packages', async () => {
    write('node_modules/x/i.js', 'a/node_modules/y/i.js', 'env/pyvenv.cfg', 'a/b.js');
    const { packages } = await copySources(folder, copy, rules, signal);
    const paths = packages.map(({ path }) => relative(folder, path)).toSorted();
    assert.deepEqual(paths, ['a/node_modules', 'env', 'node_modules']);
  });

  it('keeps links that lead inside, made relative, and no others', async () => {
    write('a.ts', 'own.key', 'src/b.ts');
    symlinkSync(join(folder, 'a.ts'), join(folder, 'src', 'absolute'));
    symlinkSync('../a.ts', join(folder, 'src', 'relative'));
    symlinkSync('/etc', join(folder, 'outside'));
    symlinkSync('own.key', join(folder, 'public'));
    symlinkSync('nowhere', join(folder, 'broken'));
    const { leftOut } = await copySources(folder, copy, rules, signal);
    assert.equal(readlinkSync(join(copy, 'src', 'absolute')), '../a.ts');
    assert.equal(readlinkSync(join(copy, 'src', 'relative')), '../a.ts');
    assert.deepEqual(leftOut.toSorted(), ['broken', 'outside', 'own.key', 'public']);
    assert.ok(!readdirSync(copy).includes('outside'));
  });

  it('takes no folder that is called node_modules by a link alone', async () => {
    mkdirSync(join(base, 'private'));
    symlinkSync(join(base, 'private'), join(folder, 'node_modules'));
    const { packages, leftOut } = await copySources(folder, copy, rules, signal);
    assert.deepEqual([packages, leftOut], [[], ['node_modules']]);
  });

  it('refuses what is too much', async () => {
    write('a', 'b', 'c');
    const isTooMuch = (error: unknown): boolean => error instanceof Failure && error.kind === 'bad-input';
    await assert.rejects(copySources(folder, copy, { ...rules, maxFiles: 2 }, signal), isTooMuch);
    await assert.rejects(copySources(folder, `${copy}2`, { ...rules, maxBytes: 2 }, signal), isTooMuch);
  });

  function filesIn(root: string): readonly string[] {
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter(path => lstatSync(join(root, path)).isFile())
      .toSorted();
  }
});
