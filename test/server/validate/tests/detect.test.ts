import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { affectedTests, isTestFile } from '../../../../server/validate/tests/affected.js';
import { detectRunner } from '../../../../server/validate/tests/detectRunner.js';
import { isLeftOut } from '../../../../server/validate/tests/leftOut.js';

const { signal } = new AbortController();

describe('which tests are run, and by what', () => {
  let folder = '';
  beforeEach(async () => {
    folder = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-detect-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  /** files, the test asked for ('' for none), and the runner with the folder that it starts in. */
  const projects: readonly (readonly [string, Readonly<Record<string, string>>, string, string])[] = [
    ['what the project depends on', { 'package.json': '{"devDependencies":{"vitest":"1"}}' }, '', 'vitest .'],
    ['vitest before jest', { 'package.json': '{"devDependencies":{"vitest":"1","jest":"1"}}' }, '', 'vitest .'],
    ['a configuration', { 'package.json': '{}', 'jest.config.mjs': '' }, '', 'jest .'],
    ['a key of the manifest', { 'package.json': '{"mocha":{}}' }, '', 'mocha .'],
    [
      'a script that is read, not run',
      { 'package.json': '{"scripts":{"test":"node --import tsx --test"}}' },
      '',
      'node:test .',
    ],
    ['no runner', { 'package.json': '{"scripts":{"test":"echo no"}}' }, '', 'null'],
    [
      'what the test imports',
      { 'package.json': '{"devDependencies":{"vitest":"1"}}', 'a.test.js': "import t from 'node:test'" },
      'a.test.js',
      'node:test .',
    ],
    [
      'what the repository around a package names',
      {
        'package.json': '{"devDependencies":{"jest":"1"}}',
        'packages/a/package.json': '{}',
        'packages/a/x.test.ts': '',
      },
      'packages/a/x.test.ts',
      'jest packages/a',
    ],
    ['pytest by its settings', { 'pyproject.toml': '[tool.pytest.ini_options]' }, '', 'pytest .'],
    ['pytest by its functions', { 'setup.py': '', 'test_a.py': 'def test_a(): pass' }, 'test_a.py', 'pytest .'],
    ['unittest by its import', { 'setup.py': '', 'test_a.py': 'import unittest' }, 'test_a.py', 'unittest .'],
    ['Go', { 'go.mod': 'module x', 'in/a_test.go': '' }, 'in/a_test.go', 'go test .'],
    [
      'Rust in a workspace',
      { 'Cargo.toml': '[workspace]', 'one/Cargo.toml': '[package]', 'one/tests/a.rs': '' },
      'one/tests/a.rs',
      'cargo test one',
    ],
    ['no language of ours', { 'package.json': '{"devDependencies":{"jest":"1"}}', 'a.rb': '' }, 'a.rb', 'null'],
    ['nothing', {}, '', 'null'],
    ['a manifest that is none', { 'package.json': '[1' }, '', 'null'],
  ];
  for (const [name, files, test, expected] of projects) {
    it(`is seen from ${name}`, async () => {
      write(files);
      const found = await detectRunner(folder, test === '' ? null : join(folder, test));
      assert.equal(found === null ? 'null' : `${found.runner} ${relative(folder, found.root) || '.'}`, expected);
    });
  }

  it('is seen from the state that is judged, not from the disk', async () => {
    write({ 'package.json': '{}' });
    const overlay = new Map([[join(folder, 'a.test.js'), "require('node:test')"]]);
    assert.equal((await detectRunner(folder, join(folder, 'a.test.js'), overlay))?.runner, 'node:test');
  });

  it('tells tests by their names', () => {
    const tests = [
      'a.test.ts',
      'a.spec.jsx',
      'src/__tests__/a.js',
      'test_a.py',
      'tests/a_test.py',
      'a_test.go',
      'tests/a.rs',
      'a-test.mjs',
    ];
    const others = [
      'test.ts',
      'latest.ts',
      'attest.py',
      'contest_a.py',
      'a_tests.go',
      'src/a.rs',
      'tests/data/a.json',
      'testa.js',
    ];
    assert.deepEqual([...tests, ...others].filter(isTestFile), tests);
  });

  const affected: readonly (readonly [string, Readonly<Record<string, string>>, string, readonly string[]])[] = [
    ['itself', { 'a.test.ts': '' }, 'a.test.ts', ['a.test.ts']],
    ['beside it', { 'src/a.ts': '', 'src/a.test.ts': '', 'src/b.test.ts': '' }, 'src/a.ts', ['src/a.test.ts']],
    [
      'in a folder of tests',
      { 'src/in/a.ts': '', 'test/in/a.test.ts': '', 'src/__tests__/a.js': '' },
      'src/in/a.ts',
      ['src/__tests__/a.js', 'test/in/a.test.ts'],
    ],
    [
      'by the convention of Python',
      { 'p/a.py': '', 'tests/test_a.py': '', 'p/a_test.py': '', 'tests/test_ab.py': '' },
      'p/a.py',
      ['p/a_test.py', 'tests/test_a.py'],
    ],
    ['of the same package in Go', { 'p/a.go': '', 'p/b_test.go': '', 'q/c_test.go': '' }, 'p/a.go', ['p/b_test.go']],
    [
      'in the file itself in Rust',
      { 'src/a.rs': '#[cfg(test)]\nmod tests {\n#[test]\nfn a() {}\n}' },
      'src/a.rs',
      ['src/a.rs'],
    ],
    ['nowhere', { 'src/a.rs': 'fn a() {}', 'test/b.test.ts': '' }, 'src/a.rs', []],
    ['never in packages', { 'a.js': '', 'node_modules/x/test/a.test.js': '' }, 'a.js', []],
  ];
  for (const [name, files, path, expected] of affected) {
    it(`finds the tests of a file ${name}`, async () => {
      write(files);
      const found = await affectedTests(folder, [{ path: join(folder, path), text: files[path] ?? '' }], signal);
      assert.deepEqual(found.map(({ test }) => relative(folder, test)).toSorted(), expected);
    });
  }

  it('leaves out of the copy what stays out of the index for being secret', () => {
    const secret = ['.env', 'a/.env.local', 'tls/server.key', '.npmrc', 'id_rsa', '.ssh/config', 'credentials.json'];
    const open = ['src/env.ts', 'src/credentials/index.ts', 'package.json', 'README.md', 'a.keys.ts'];
    assert.deepEqual(
      [...secret, ...open].filter(path => isLeftOut(path, false)),
      secret,
    );
    assert.ok(isLeftOut('.ssh', true) && isLeftOut('a/.aws', true) && !isLeftOut('src', true));
  });
});
