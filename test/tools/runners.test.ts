import assert from 'node:assert/strict';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSandbox } from '../../server/sandbox/createSandbox.js';
import { findExecutable } from '../../server/trust/executable.js';
import { createTestsValidator } from '../../server/validate/tests/createTestsValidator.js';
import { isLeftOut } from '../../server/validate/tests/leftOut.js';
import type { RunnerId, TestRun } from '../../server/validate/tests/runner.js';
import { runTests } from '../../server/validate/tests/runTests.js';
import type { Workplace } from '../../server/validate/validator.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { runnersFolder } from './runnersFolder.js';

const { signal } = new AbortController();
/** What getRunners.sh brought. */
let runners = '';

interface Project {
  readonly runner: RunnerId;
  readonly files: Readonly<Record<string, string>>;
  readonly test: string;
  /** The failing test: its name, and what is said of it. */
  readonly failure: readonly [name: string, message: RegExp, line: number | null];
  /** What is not to be seen where it is to be missing. */
  readonly missing: RegExp;
  readonly hasCoverage: boolean;
}

const add = 'exports.add = (a, b) => a + b;\n';
const manifest = (runner: string): string => JSON.stringify({ name: 'p', devDependencies: { [runner]: '*' } });
const spec = (imports: string): string =>
  `${imports}\nconst { add } = require('../add.js');\ndescribe('sums', () => {\n  it('adds', () => assert.equal(add(1, 2), 3));\n  it('fails', () => assert.equal(add(1, 2), 4));\n  it.skip('later', () => {});\n});\n`;

const projects: readonly Project[] = [
  {
    runner: 'node:test',
    files: {
      'package.json': '{ "scripts": { "test": "node --test" } }',
      'add.js': add,
      'test/add.test.js': spec("const { describe, it } = require('node:test'); const assert = require('node:assert');"),
    },
    test: 'test/add.test.js',
    failure: ['sums > fails', /3 == 4/, 5],
    missing: /./,
    hasCoverage: true,
  },
  {
    runner: 'mocha',
    files: {
      'package.json': manifest('mocha'),
      '.mocharc.json': '{ "spec": ["test/*.js"], "timeout": 4000 }',
      'add.js': add,
      'test/add.test.js': spec("const assert = require('node:assert');"),
      'test/other.test.js': 'throw new Error("This file was not asked for.");',
    },
    test: 'test/add.test.js',
    failure: ['sums fails', /3 == 4/, 5],
    missing: /^mocha is not installed/,
    hasCoverage: true,
  },
  {
    runner: 'vitest',
    files: {
      'package.json': manifest('vitest'),
      'vitest.config.ts': 'export default { test: { include: ["test/**/*.test.ts"] } };',
      'add.js': add,
      'test/add.test.ts':
        "import { describe, it, expect } from 'vitest';\nimport { add } from '../add.js';\ndescribe('sums', () => {\n  it('adds', () => expect(add(1, 2)).toBe(3));\n  it('fails', () => expect(add(1, 2) as number).toBe(4));\n  it.skip('later', () => {});\n});\n",
    },
    test: 'test/add.test.ts',
    failure: ['sums > fails', /expected 3 to be 4/, 5],
    missing: /^vitest is not installed/,
    hasCoverage: true,
  },
  {
    runner: 'jest',
    files: {
      'package.json': manifest('jest'),
      'add.js': add,
      'test/add.test.js': spec("const assert = require('node:assert');"),
    },
    test: 'test/add.test.js',
    failure: ['sums > fails', /4\nReceived:\n {2}3/, 5],
    missing: /^jest is not installed/,
    hasCoverage: true,
  },
  {
    runner: 'pytest',
    files: {
      'pyproject.toml': '[tool.pytest.ini_options]\n',
      'add.py': 'def add(a, b):\n    return a + b\n',
      'tests/test_add.py':
        'import pytest\nfrom add import add\n\ndef test_adds():\n    assert add(1, 2) == 3\n\ndef test_fails():\n    assert add(1, 2) == 4\n\n@pytest.mark.skip\ndef test_later():\n    pass\n',
    },
    test: 'tests/test_add.py',
    failure: ['test_add::test_fails', /assert 3 == 4/, 7],
    missing: /^pytest is not installed/,
    hasCoverage: true,
  },
  {
    runner: 'unittest',
    files: {
      'setup.py': '',
      'add.py': 'def add(a, b):\n    return a + b\n',
      'tests/test_add.py':
        'import unittest\nfrom add import add\n\nclass Sums(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n\n    def test_fails(self):\n        self.assertEqual(add(1, 2), 4)\n\n    @unittest.skip("later")\n    def test_later(self):\n        pass\n',
    },
    test: 'tests/test_add.py',
    failure: ['tests.test_add.Sums.test_fails', /3 != 4/, 8],
    missing: /./,
    hasCoverage: true,
  },
  {
    runner: 'go test',
    files: {
      'go.mod': 'module example.com/p\n\ngo 1.21\n',
      'add.go': 'package p\n\nfunc Add(a, b int) int { return a + b }\n',
      'add_test.go':
        'package p\n\nimport "testing"\n\nfunc TestAdds(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("no")\n\t}\n}\n\nfunc TestFails(t *testing.T) {\n\tt.Run("inner", func(t *testing.T) { t.Errorf("got %d", Add(1, 2)) })\n}\n\nfunc TestLater(t *testing.T) { t.Skip() }\n',
      'other_test.go': 'package p\n\nimport "testing"\n\nfunc TestNotAskedFor(t *testing.T) { t.Fatal() }\n',
    },
    test: 'add_test.go',
    failure: ['TestFails/inner', /^got 3$/, 12],
    missing: /^go is not installed/,
    hasCoverage: true,
  },
  {
    runner: 'cargo test',
    files: {
      'Cargo.toml': '[package]\nname = "p"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs':
        'pub fn add(a: i32, b: i32) -> i32 { a + b }\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test]\n    fn adds() { assert_eq!(add(1, 2), 3); }\n    #[test]\n    fn fails() { assert_eq!(add(1, 2), 4); }\n    #[test]\n    #[ignore]\n    fn later() {}\n}\n',
    },
    test: 'src/lib.rs',
    failure: ['tests::fails', /left: 3/, 9],
    missing: /^cargo is not installed/,
    hasCoverage: false,
  },
];

describe('runners of tests, real ones', function () {
  this.timeout(300_000);
  let folder = '';
  let bare = '';

  before(() => {
    runners = runnersFolder();
  });
  beforeEach(async () => {
    folder = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-runners-')));
    bare = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-bare-')));
    for (const name of ['bwrap', 'prlimit', 'setpriv']) {
      const path = findExecutable(name, { path: process.env['PATH'], workspace: null });
      if (path !== null) symlinkSync(path, join(bare, name));
    }
  });
  afterEach(() => {
    for (const path of [folder, bare]) rmSync(path, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  function sandbox(
    path = `${join(runners, 'python', 'bin')}:${process.env['PATH'] ?? ''}`,
  ): ReturnType<typeof createSandbox> {
    return createSandbox({ leaveOut: isLeftOut, env: { ...process.env, PATH: path } });
  }

  for (const { runner, files, test, failure, hasCoverage } of projects) {
    it(`are found and used: ${runner}`, async () => {
      write(files);
      symlinkSync(join(runners, 'node_modules'), join(folder, 'node_modules'));
      const request = { sandbox: sandbox(), folder, tests: [join(folder, test)], coverage: true };
      const runs = await runTests(request, signal);
      assert.ok(!('why' in runs), JSON.stringify(runs));
      const [run] = runs as readonly TestRun[];
      assert.ok(run !== undefined);
      assert.deepEqual(
        [run.runner, run.collected, run.passed, run.failed, run.skipped, run.problem],
        [runner, 3, 1, 1, 1, null],
        run.output,
      );
      const [one] = run.failures;
      assert.deepEqual([one?.name, one?.path, one?.line], [failure[0], join(folder, test), failure[2]]);
      assert.match(one?.message ?? '', failure[1]);
      assert.equal(run.coverage !== null && run.coverage.covered > 0, hasCoverage);
      // What does not even compile, or holds no test, is no success.
      const broken = [{ path: join(folder, test), text: 'this is ( no language at all' }];
      const again = await runTests({ ...request, files: broken, coverage: false }, signal);
      assert.ok(!('why' in again), JSON.stringify(again));
      assert.equal(again[0]?.passed, 0);
      assert.ok((again[0]?.problem ?? '').length > 0);
    });
  }

  for (const { runner, files, test, missing } of projects.filter(project => project.missing.source !== '.')) {
    it(`are missing, and it says so: ${runner}`, async () => {
      write(files);
      const result = await runTests({ sandbox: sandbox(bare), folder, tests: [join(folder, test)] }, signal);
      assert.ok('why' in result, JSON.stringify(result));
      assert.match(result.why, missing);
      assert.notEqual(result.missing, null);
    });
  }

  it('run no script of the project, and in a workspace the tests of one file alone', async () => {
    const marker = join(folder, 'ran');
    write({
      'package.json': JSON.stringify({
        devDependencies: { mocha: '*' },
        scripts: { pretest: `touch ${marker}`, test: `touch ${marker}; exit 1` },
      }),
      'test/a.test.js': "it('passes', () => require('node:fs').writeFileSync('ran', ''));",
    });
    symlinkSync(join(runners, 'node_modules'), join(folder, 'node_modules'));
    const runs = await runTests({ sandbox: sandbox(), folder, tests: [] }, signal);
    assert.ok(!('why' in runs), JSON.stringify(runs));
    assert.deepEqual([runs[0]?.runner, runs[0]?.passed], ['mocha', 1]);
    assert.ok(!existsSync(marker));
  });

  describe('as a validator', () => {
    const workplace = (): Workplace => ({ folder, isTrusted: true, index: null, gate: defaultSettings().gate });
    const files = {
      'package.json': '{ "scripts": { "test": "node --test" } }',
      'add.js': add,
      'test/add.test.js':
        "const { it } = require('node:test');\nconst { add } = require('../add.js');\nit('adds', () => { if (add(1, 2) !== 3) throw new Error('not 3'); });\nit('adds none', () => {});\n",
    };
    const judge = async (name: string, text: string): Promise<readonly string[]> => {
      const validator = createTestsValidator({ sandbox: sandbox() });
      const file = { path: join(folder, name), languageId: 'javascript', text };
      const { findings, unknown } = await validator.examine([file], workplace(), signal);
      return [
        ...findings.map(one => `${one.rule} ${one.severity} ${text.slice(one.start, one.end)} ${one.message}`),
        ...(unknown === null ? [] : [unknown.why]),
      ];
    };

    it('says which tests fail in the state that is judged', async () => {
      write(files);
      assert.deepEqual(await judge('add.js', add), []);
      assert.deepEqual(await judge('add.js', add.replace('+', '-')), [
        'tests/failing high  The test "adds" fails: not 3',
      ]);
      const test = files['test/add.test.js'].replace('!== 3', '!== 4');
      assert.deepEqual(await judge('test/add.test.js', test), [
        `tests/failing high ${test.split('\n')[2] ?? ''} The test "adds" fails: not 3`,
      ]);
    });

    it('says which are flaky, which hold no test, and which were not run', async () => {
      write(files);
      const flaky =
        "const fs = require('node:fs');\nrequire('node:test').it('wavers', () => { if (!fs.existsSync('seen')) { fs.writeFileSync('seen', ''); throw new Error('first'); } });\n";
      assert.deepEqual(
        (await judge('test/add.test.js', flaky)).map(line => line.replace(/high .*?The|medium .*?The/s, 'The')),
        ['tests/flaky The test "wavers" fails at one time and passes at another: first'],
      );
      assert.match(
        (await judge('test/add.test.js', '// nothing\n')).join(),
        /^tests\/none-run high .*No test was found/s,
      );
      assert.deepEqual(await judge('other.js', ''), ['No test file is named after these files.']);
    });
  });
});
