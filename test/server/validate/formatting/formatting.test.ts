import assert from 'node:assert/strict';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentLog } from '../../../../server/base/log.js';
import { defaultSettings } from '../../../../server/config/resolve.js';
import { ownEntries } from '../../../../server/createCore.js';
import { createFormattingValidator } from '../../../../server/validate/formatting/createFormattingValidator.js';
import { matchesPattern } from '../../../../server/validate/formatting/pathPattern.js';
import { createRuff } from '../../../../server/validate/python/ruffClient.js';
import type { Examined, Validator } from '../../../../server/validate/validator.js';

const { signal } = new AbortController();

describe('formatting', () => {
  const entries = ownEntries();
  const ruff = createRuff({ entry: entries.ruffThread, log: silentLog });
  const validator: Validator = createFormattingValidator({ entries, ruff, env: { PATH: '' }, log: silentLog });
  let folder = '';

  beforeEach(async () => {
    folder = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-formatting-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  after(async () => {
    await validator.dispose?.();
    await ruff.dispose();
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  function examine(name: string, text: string): Promise<Examined> {
    const file = { path: join(folder, name), languageId: '', text };
    const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
    return validator.examine([file], workplace, signal);
  }

  /** What the file would be; the file itself where it is as it should be; the reason where that is not known. */
  async function laidOut(name: string, text: string): Promise<string> {
    const { findings, unknown } = await examine(name, text);
    if (unknown !== null) return `unknown: ${unknown.why}`;
    assert.ok(findings.length <= 1);
    const [finding] = findings;
    if (finding === undefined) return text;
    assert.deepEqual([finding.rule, finding.severity], ['formatting/not-formatted', 'info']);
    const [edit] = finding.fix ?? [];
    assert.ok(edit !== undefined);
    return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }

  /** Settings of the project, the file, its text, and what it would be. */
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string, string, string])[] = [
    [
      'prettier, by its defaults',
      { 'package.json': '{"devDependencies":{"prettier":"3"}}' },
      'a.ts',
      "let a='b'\n",
      'let a = "b";\n',
    ],
    ['prettier, which the project does not use', { 'package.json': '{}' }, 'a.ts', "let a='b'\n", "let a='b'\n"],
    ['.prettierrc in JSON', { '.prettierrc': '{ "singleQuote": true }' }, 'a.ts', 'let a="b"\n', "let a = 'b';\n"],
    ['.prettierrc in YAML', { '.prettierrc': 'semi: false # none\n' }, 'a.js', "let a='b'\n", 'let a = "b"\n'],
    [
      '.prettierrc.toml',
      { '.prettierrc.toml': 'tabWidth = 4\n' },
      'a.js',
      'if (a) {\n  b();\n}\n',
      'if (a) {\n    b();\n}\n',
    ],
    ['package.json', { 'package.json': '{"prettier":{"semi":false}}' }, 'a.js', 'a();\n', 'a()\n'],
    [
      'the nearest settings',
      { '.prettierrc': 'semi: false', 'in/.prettierrc': 'semi: true' },
      'in/a.js',
      'a()\n',
      'a();\n',
    ],
    [
      'overrides',
      {
        '.prettierrc':
          '{"overrides":[{"files":["*.test.js","legacy/**/*.{js,ts}"],"excludeFiles":"b.test.js","options":{"semi":false}}]}',
      },
      'legacy/in/a.ts',
      'a();\n',
      'a()\n',
    ],
    [
      'no override of another',
      { '.prettierrc': '{"overrides":[{"files":"legacy/*.js","options":{"semi":false}}]}' },
      'a.js',
      'a();\n',
      'a();\n',
    ],
    [
      '.editorconfig',
      {
        '.prettierrc': '',
        '.editorconfig': 'root = true\n[*]\nindent_style = tab\n[*.{js,ts}]\nmax_line_length = 20\n',
      },
      'a.js',
      'if (a) {\n  b(1111111, 2222222);\n}\n',
      'if (a) {\n\tb(\n\t\t1111111,\n\t\t2222222,\n\t);\n}\n',
    ],
    [
      'settings before .editorconfig',
      { '.prettierrc': 'useTabs: false', '.editorconfig': '[*]\nindent_style = tab\n' },
      'a.js',
      'if (a) {\n  b();\n}\n',
      'if (a) {\n  b();\n}\n',
    ],
    ['.prettierignore', { '.prettierrc': '', '.prettierignore': 'generated/\n' }, 'generated/a.js', 'a( )\n', 'a( )\n'],
    ['CSS', { '.prettierrc': '' }, 'a.css', 'a{b:c}\n', 'a {\n  b: c;\n}\n'],
    ['JSON', { '.prettierrc': '' }, 'a.json', '{"a":1}\n', '{ "a": 1 }\n'],
    ['YAML', { '.prettierrc': '' }, 'a.yml', 'a:   1\n', 'a: 1\n'],
    ['Markdown', { '.prettierrc': '' }, 'a.md', '* a\n', '- a\n'],
    ['Vue', { '.prettierrc': '' }, 'a.vue', '<script>\nlet a=1\n</script>\n', '<script>\nlet a = 1;\n</script>\n'],
    ['what is no JavaScript, of which others speak', { '.prettierrc': '' }, 'a.js', 'let = = (\n', 'let = = (\n'],
    [
      'line ends that the file has',
      { '.prettierrc': 'endOfLine: auto' },
      'a.js',
      'a()\r\nb();\r\n',
      'a();\r\nb();\r\n',
    ],
    ['Go, always', {}, 'a.go', 'package a\nfunc  A() {\nreturn\n}\n', 'package a\n\nfunc A() {\n\treturn\n}\n'],
    [
      'Go that is as it should be',
      {},
      'a.go',
      'package a\n\nfunc A() {\n\treturn\n}\n',
      'package a\n\nfunc A() {\n\treturn\n}\n',
    ],
    ['what is no Go', {}, 'a.go', 'package a\nfunc {\n', 'package a\nfunc {\n'],
    [
      'Python that Ruff formats',
      { 'pyproject.toml': '[tool.ruff.format]\nquote-style = "single"\n' },
      'a.py',
      'a = "b"\n',
      "a = 'b'\n",
    ],
    [
      'Python that black formats',
      { 'pyproject.toml': '[tool.black]\nline-length = 20\nskip-string-normalization = true\n' },
      'a.py',
      "a = f('bbbbbbbb', 'cccccc')\n",
      "a = f(\n    'bbbbbbbb',\n    'cccccc',\n)\n",
    ],
    [
      'Python that Ruff only lints',
      { 'pyproject.toml': '[tool.ruff.lint]\nselect = ["E"]\n' },
      'a.py',
      "a = 'b'\n",
      "a = 'b'\n",
    ],
    [
      'C by its .clang-format',
      { '.clang-format': 'BasedOnStyle: LLVM\nIndentWidth: 4\n' },
      'a.c',
      'int f(){return 1;}\n',
      'int f() { return 1; }\n',
    ],
    [
      'Java by its .clang-format',
      { '.clang-format': 'BasedOnStyle: Google\n' },
      'A.java',
      'class A{int a;}\n',
      'class A {\n  int a;\n}\n',
    ],
    ['C without one', {}, 'a.c', 'int f(){return 1;}\n', 'int f(){return 1;}\n'],
  ];
  for (const [name, files, path, text, expected] of cases) {
    it(`follows ${name}`, async () => {
      write(files);
      assert.equal(await laidOut(path, text), expected);
    });
  }

  const unknowns: readonly (readonly [string, Readonly<Record<string, string>>, string, RegExp])[] = [
    [
      'settings of prettier that are code',
      { 'prettier.config.mjs': '' },
      'a.js',
      /configured by prettier\.config\.mjs, which is code/,
    ],
    ['.prettierrc.js', { '.prettierrc.js': '' }, 'a.js', /\.prettierrc\.js, which is code/],
    [
      'a package of settings',
      { 'package.json': '{"prettier":"@team/prettier"}' },
      'a.js',
      /by the package @team\/prettier/,
    ],
    ['plugins', { '.prettierrc': '{"plugins":["./own.mjs"]}' }, 'a.js', /plugins, which are code/],
    ['settings that cannot be read', { '.prettierrc': '{ "semi": ' }, 'a.js', /cannot be read/],
    ['Rust, for which nothing is bundled', {}, 'a.rs', /rustfmt is only run in a workspace that is trusted/],
  ];
  for (const [name, files, path, why] of unknowns) {
    it(`says what it cannot tell: ${name}`, async () => {
      write(files);
      const { findings, unknown } = await examine(path, 'fn  a(){}\n');
      assert.deepEqual(findings, []);
      assert.match(unknown?.why ?? '', why);
      assert.ok(unknown?.remedy !== null || name.startsWith('settings that cannot'));
    });
  }

  it('runs nothing of a workspace that is not trusted', async () => {
    const marker = join(folder, 'ran');
    const attack = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(marker)}, ''); export default {};`;
    write({
      'package.json': '{"type":"module","devDependencies":{"prettier":"3"}}',
      'prettier.config.mjs': attack,
      '.prettierrc.js': attack,
      'eslint.config.mjs': attack,
      'node_modules/prettier/package.json': '{"name":"prettier","version":"3.0.0","main":"index.js"}',
      'node_modules/prettier/index.js': `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`,
      'ruff.toml': '[format]\n',
      'bin/gofmt': `#!/bin/sh\ntouch ${marker}\n`,
    });
    for (const path of ['a.js', 'a.py', 'a.go', 'a.rs', 'a.c']) await examine(path, '');
    assert.ok(!existsSync(marker));
    // The guard is what keeps it from running: prettier's own way of finding settings runs them.
    const { resolveConfig } = await import('prettier');
    await resolveConfig(join(folder, 'a.js')).catch(() => null);
    assert.ok(existsSync(marker));
  });

  it('reads no settings through a link that leads outside', async () => {
    const outside = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-outside-')));
    try {
      writeFileSync(join(outside, 'rc'), 'semi: false');
      symlinkSync(join(outside, 'rc'), join(folder, '.prettierrc'));
      assert.equal(await laidOut('a.js', 'a();\n'), 'a();\n');
      write({ 'package.json': '{"devDependencies":{"prettier":"3"}}' });
      assert.equal(await laidOut('a.js', 'a()\n'), 'a();\n');
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('matches paths as formatters do', () => {
    const matching = [
      '*.js a.js',
      '*.js in/a.js',
      'in/*.js in/a.js',
      '**/*.ts x/y/a.ts',
      '{a,b}.js b.js',
      '*.{js,ts} a.ts',
      'f{1..3}.c f2.c',
      '* any/thing',
    ];
    const others = ['*.js a.ts', 'in/*.js in/x/a.js', '{a,b}.js c.js', 'f{1..3}.c f4.c'];
    const matches = (line: string): boolean => {
      const [pattern = '', path = ''] = line.split(' ');
      return matchesPattern(path, [pattern]);
    };
    assert.deepEqual([...matching, ...others].filter(matches), matching);
  });
});
