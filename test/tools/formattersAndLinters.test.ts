import assert from 'node:assert/strict';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentLog } from '../../server/base/log.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { ownEntries } from '../../server/createCore.js';
import { createSandbox } from '../../server/sandbox/createSandbox.js';
import { createGate } from '../../server/validate/createGate.js';
import { createFormattingValidator } from '../../server/validate/formatting/createFormattingValidator.js';
import { createLintingValidator } from '../../server/validate/linting/createLintingValidator.js';
import { createRuff } from '../../server/validate/python/ruffClient.js';
import { createTestsValidator } from '../../server/validate/tests/createTestsValidator.js';
import { isLeftOut } from '../../server/validate/tests/leftOut.js';
import type { Examined, Validator } from '../../server/validate/validator.js';
import { runnersFolder } from './runnersFolder.js';

const { signal } = new AbortController();
/** What getRunners.sh brought. */
let runners = '';

describe('the project’s own formatters and linters, real ones', function () {
  this.timeout(120_000);
  const entries = ownEntries();
  const ruff = createRuff({ entry: entries.ruffThread, log: silentLog });
  let env: Readonly<Record<string, string | undefined>> = {};
  let formatting: Validator;
  let linting: Validator;
  let folder = '';

  before(() => {
    runners = runnersFolder();
    env = { ...process.env, PATH: `${join(runners, 'python', 'bin')}:${process.env['PATH'] ?? ''}` };
    formatting = createFormattingValidator({ entries, ruff, env, log: silentLog });
    linting = createLintingValidator({ env, log: silentLog });
  });
  beforeEach(async () => {
    folder = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-linters-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  after(async () => {
    await formatting.dispose?.();
    await ruff.dispose();
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text, { mode: name.startsWith('bin/') ? 0o755 : 0o644 });
    }
  }

  function install(): void {
    symlinkSync(join(runners, 'node_modules'), join(folder, 'node_modules'));
  }

  function examine(validator: Validator, files: Readonly<Record<string, string>>): Promise<Examined> {
    const sources = Object.entries(files).map(([name, text]) => ({ path: join(folder, name), languageId: '', text }));
    return validator.examine(sources, { folder, isTrusted: true, index: null, gate: defaultSettings().gate }, signal);
  }

  async function laidOut(name: string, text: string): Promise<string> {
    const { findings, unknown } = await examine(formatting, { [name]: text });
    assert.equal(unknown, null, unknown?.why);
    const [edit] = findings[0]?.fix ?? [];
    return edit === undefined ? text : text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }

  /** `rule severity marked-text`, in the order found; then why something is unknown. */
  async function objections(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const { findings, unknown } = await examine(linting, files);
    const lines = findings.map(({ rule, severity, path: file, start, end }) => {
      const text = files[file.slice(folder.length + 1)] ?? '';
      return `${rule} ${severity} ${text.slice(start, end)}`;
    });
    return unknown === null ? lines : [...lines, unknown.why];
  }

  const formatters: readonly (readonly [string, Readonly<Record<string, string>>, string, string, string])[] = [
    [
      'prettier, with settings that are code',
      { 'package.json': '{"type":"module"}', 'prettier.config.js': 'export default { semi: false };' },
      'a.js',
      'a();\n',
      'a()\n',
    ],
    [
      'prettier, with a plugin',
      {
        '.prettierrc': '{"plugins":["./own.cjs"]}',
        'own.cjs':
          "module.exports = { languages: [{ name: 'x', parsers: ['x'], extensions: ['.yml'] }], parsers: { x: { parse: text => ({ text }), astFormat: 'x', locStart: () => 0, locEnd: () => 0 } }, printers: { x: { print: path => path.node.text.toUpperCase() } } };",
      },
      'a.yml',
      'a',
      'A',
    ],
    ['prettier, which ignores a file', { '.prettierrc': '', '.prettierignore': 'a.js\n' }, 'a.js', 'a( )\n', 'a( )\n'],
    ['Ruff', { 'ruff.toml': '[format]\nquote-style = "single"\n' }, 'a.py', 'a = "b"\n', "a = 'b'\n"],
    ['Ruff, for what is no Python', { 'ruff.toml': '[format]\n' }, 'a.py', 'a = = (\n', 'a = = (\n'],
    ['gofmt', { 'go.mod': 'module x\n' }, 'a.go', 'package a\nfunc  A() {}\n', 'package a\n\nfunc A() {}\n'],
    [
      'rustfmt',
      { 'Cargo.toml': '[package]\nname = "x"\nedition = "2021"\n' },
      'src/a.rs',
      'mod missing;\nasync fn  a ( ) { }\n',
      'mod missing;\nasync fn a() {}\n',
    ],
    [
      'rustfmt, with its settings',
      { 'rustfmt.toml': 'hard_tabs = true\n', 'src/b.rs': '' },
      'src/a.rs',
      'fn a() {\n    b();\n}\n',
      'fn a() {\n\tb();\n}\n',
    ],
    ['rustfmt, for what is no Rust', {}, 'a.rs', 'fn fn (\n', 'fn fn (\n'],
  ];
  for (const [name, files, file, text, expected] of formatters) {
    it(`are found and used: ${name}`, async () => {
      write(files);
      install();
      assert.equal(await laidOut(file, text), expected);
    });
  }

  it('are missing: rustfmt is named, for the others there are ours', async () => {
    const bare = createFormattingValidator({ entries, ruff, env: { PATH: '' }, log: silentLog });
    try {
      write({ '.prettierrc': '', 'ruff.toml': '[format]\n' });
      const found = await examine(bare, {
        'a.js': 'a( )\n',
        'a.py': "a = 'b'\n",
        'a.go': 'package a\nvar  A int\n',
        'a.rs': '',
      });
      assert.equal(found.findings.length, 3);
      assert.equal(found.unknown?.missing, 'rustfmt');
    } finally {
      await bare.dispose?.();
    }
  });

  it('fail, which is unknown and no pass: prettier', async () => {
    write({ 'prettier.config.cjs': 'throw new Error("own mistake");' });
    install();
    const { findings, unknown } = await examine(formatting, { 'a.js': 'a( )\n' });
    assert.deepEqual(findings, []);
    assert.match(unknown?.why ?? '', /prettier failed: .*own mistake/s);
  });

  const rules =
    "export default [{ rules: { 'no-unused-vars': 'warn', 'no-undef': 'error', 'prefer-const': 'warn', 'no-shadow': 'warn' } }];\n";

  it('are found and used: eslint, all files in one process, as they are given', async () => {
    write({
      'package.json': '{"type":"module"}',
      'eslint.config.js': `process.stdout.write('noise');\n${rules}`,
      'a.js': 'on disk',
    });
    install();
    const found = await objections({
      'a.js': 'const unused = 1;\nmissing();\n',
      'b/c.js': 'export let same = 1;\n',
      'd.js': 'export const fine = 1;\n',
    });
    assert.deepEqual(found, [
      'eslint/no-unused-vars low unused',
      'eslint/no-undef medium missing',
      'eslint/prefer-const low same',
    ]);
  });

  it('say how to mend it, and nothing that moves with the lines above', async () => {
    write({ 'package.json': '{"type":"module"}', 'eslint.config.js': rules });
    install();
    const text = 'export let same = 1;\nexport function f() {\n  const same = 2;\n  return same;\n}\n';
    const { findings } = await examine(linting, { 'a.js': text });
    const [first, second] = findings;
    assert.deepEqual(first?.fix, [{ start: 7, end: 20, text: 'const same = 1;' }]);
    assert.ok(
      second !== undefined && second.rule === 'eslint/no-shadow' && !/\d/.test(second.message),
      second?.message,
    );
  });

  it('are found and used: eslint, with a configuration in each package', async () => {
    write({
      'package.json': '{"type":"module"}',
      'one/eslint.config.js': "export default [{ rules: { 'no-undef': 'error' } }];",
      'two/eslint.config.js': "export default [{ rules: { 'no-var': 'warn' } }];",
    });
    install();
    assert.deepEqual(await objections({ 'one/a.js': 'var a = b;\n', 'two/a.js': 'var a = b;\n' }), [
      'eslint/no-undef medium b',
      'eslint/no-var low var a = b;',
    ]);
  });

  it('are found and used: Ruff, on files as they are and as they would be', async () => {
    const text = 'import os\nx = "😀"; y = undefined\n';
    write({ 'ruff.toml': '[lint]\nselect = ["F"]\n', 'a.py': text });
    install();
    assert.deepEqual(await objections({ 'a.py': text }), ['ruff/F401 low os', 'ruff/F821 low undefined']);
    const { findings } = await examine(linting, { 'b.py': text });
    assert.deepEqual(
      findings.map(({ rule, start, end, fix }) => [rule, text.slice(start, end), fix]),
      [
        ['ruff/F401', 'os', [{ start: 0, end: 10, text: '' }]],
        ['ruff/F821', 'undefined', null],
      ],
    );
  });

  const problems: readonly (readonly [string, Readonly<Record<string, string>>, boolean, string, RegExp])[] = [
    ['no configuration', {}, true, 'a.js', /no configuration of eslint or Ruff/],
    ['eslint is missing', { 'eslint.config.js': '' }, false, 'a.js', /^eslint is configured, but not installed/],
    [
      'eslint fails by a plugin',
      { 'eslint.config.cjs': "module.exports = [{ plugins: { x: require('./missing.cjs') } }];" },
      true,
      'a.js',
      /eslint failed: Cannot find module/,
    ],
    [
      'eslint cannot read a file',
      { 'eslint.config.cjs': 'module.exports = [{}];' },
      true,
      'a.js',
      /could not read a file/,
    ],
    ['Ruff fails by its settings', { 'ruff.toml': 'select = 3\n' }, true, 'a.py', /Ruff failed/],
  ];
  for (const [name, files, isInstalled, file, why] of problems) {
    it(`cannot tell, which is no pass: ${name}`, async () => {
      write(files);
      if (isInstalled) install();
      const { findings, unknown } = await examine(linting, { [file]: 'let = = (' });
      assert.deepEqual(findings, []);
      assert.match(unknown?.why ?? '', why);
    });
  }

  it('run only in a workspace that is trusted', async () => {
    const marker = join(folder, 'ran');
    const attack = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); module.exports = [];`;
    write({ 'eslint.config.cjs': attack, 'prettier.config.cjs': attack, 'node_modules/own/index.js': '' });
    rmSync(join(folder, 'node_modules'), { recursive: true });
    install();
    const tests = createTestsValidator({ sandbox: createSandbox({ leaveOut: isLeftOut, env }) });
    const gate = createGate({ validators: [linting, formatting, tests], log: silentLog, now: () => performance.now() });
    const files = [{ path: join(folder, 'a.js'), languageId: 'javascript', text: 'a( )\n' }];
    const states = async (isTrusted: boolean): Promise<readonly string[]> => {
      const workplace = { folder, isTrusted, index: null, gate: defaultSettings().gate };
      const { checks } = await gate.examine(files, workplace, 'tests', signal);
      return checks.map(({ id, state }) => `${id} ${state}`);
    };
    assert.deepEqual(await states(false), ['linting skipped', 'formatting unknown', 'tests skipped']);
    assert.ok(!existsSync(marker));
    await states(true);
    assert.ok(existsSync(marker));
  });

  it('are missing: Ruff', async () => {
    write({ 'ruff.toml': '' });
    const bare = createLintingValidator({ env: { PATH: '' }, log: silentLog });
    const { unknown } = await examine(bare, { 'a.py': 'import os\n' });
    assert.deepEqual([unknown?.missing, /not installed/.test(unknown?.why ?? '')], ['ruff', true]);
  });
});
