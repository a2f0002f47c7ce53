import assert from 'node:assert/strict';
import { createDataValidator } from '../../../../server/validate/data/createDataValidator.js';
import type { Examined } from '../../../../server/validate/validator.js';
import { anywhere } from '../support/anywhere.js';

const validator = createDataValidator();

/** Path, text, the rule, and what is marked. */
const mustBeFound: readonly (readonly [path: string, text: string, rule: string, marked: string])[] = [
  ['/w/a.json', '{"a": 1 "b": 2}', 'syntax/json high', '"b"'],
  ['/w/a.json', '{"a": 1', 'syntax/json high', ''],
  ['/w/a.json', "{'a': 1}", 'syntax/json high', "'"],
  ['/w/package.json', '{"a": 1, // one\n"b": 2}', 'syntax/json high', '// one'],
  ['/w/package.json', '{"a": [1, 2,]}', 'syntax/json high', ']'],
  ['/w/some.json', '{"a": 1, /* one */ "b": 2}', 'syntax/json medium', '/* one */'],
  ['/w/some.json', '{"a": "${{ github.ref }}" "b"}', 'syntax/json high', '"b"'],
  ['/w/some.json', '{"a": 1, "a": 2}', 'data/duplicate-key medium', '"a"'],
  ['/w/tsconfig.json', '{"a": 1 /* one */ "b": 2}', 'syntax/json high', '"b"'],
  ['/w/a.jsonl', '{"a": 1}\n{"a": }\n{"a": 3}', 'syntax/json high', '{"a": }'],
  ['/w/a.yaml', 'a: b: c\n', 'syntax/yaml high', 'b'],
  ['/w/a.yml', 'a: [1, 2\nb: 3\n', 'syntax/yaml high', 'b'],
  ['/w/a.yml', 'a: "b\n', 'syntax/yaml high', ''],
  ['/w/a.yml', 'a: "b\nc: "d"\n', 'syntax/yaml high', ''],
  ['/w/a.yml', 'a:\n  - 1\n b: 2\n', 'syntax/yaml high', ' b: 2'],
  ['/w/a.yml', 'a: 1\n---\nb: @c\n', 'syntax/yaml high', '@'],
  ['/w/a.yml', 'a: 1\nb: 2\na: 3\n', 'data/duplicate-key medium', 'a'],
  ['/w/.github/workflows/a.yml', 'on: push\nrun: ${{ x }}\n  bad: [\n', 'syntax/yaml high', ''],
  ['/w/Cargo.toml', '[package]\nname = "a\n', 'syntax/toml high', ''],
  ['/w/a.toml', 'a = 1\na = 2\n', 'syntax/toml high', 'a = 2'],
  ['/w/Cargo.lock', 'a = \n', 'syntax/toml high', ''],
  ['/w/Pipfile', '[packages\n', 'syntax/toml high', ''],
];

const nearTwins: readonly (readonly [path: string, text: string])[] = [
  ['/w/a.json', '{"a": 1, "b": 2}'],
  ['/w/a.json', ''],
  ['/w/a.json', '\uFEFF{"a": 1}'],
  ['/w/a.json', '{"a": 1}\n{"a": 2}\n'],
  ['/w/a.json', '{"//": "one", "//": "two", "a": {"b": 1}, "c": {"b": 1}}'],
  ['/w/package.json', '{"a": "http://example.org/*", "b": "1,]"}'],
  ['/w/tsconfig.base.json', '{"a": 1, // one\n"b": [1, 2,],}'],
  ['/w/.vscode/settings.json', '{"a": 1, // one\n}'],
  ['C:\\w\\.vscode\\mcp.json', '{"a": 1, // one\n}'],
  ['/w/a.jsonc', '/* one */ {"a": 1,}'],
  ['/w/a.json5', "{a: 'b'}"],
  ['/w/a.jsonl', '{"a": 1}\n\n[2]\n'],
  ['/w/a.yaml', 'a: 1\n---\na: 2\n...\n'],
  ['/w/a.yaml', 'x: &x {a: 1}\ny:\n  <<: *x\n  b: 2\n'],
  ['/w/a.yaml', 'x: &x {a: 1}\nz: &z {c: 1}\ny:\n  <<: *x\n  <<: *z\n'],
  ['/w/a.yaml', 'a: !Ref B\nb: !Sub "${A}"\nc: !vault |\n  abc\nd: !!python/object:a.b {}\n'],
  ['/w/a.yaml', 'a: {{ .Values.a }}\n'],
  ['/w/a.yaml', 'a: "b\n  c\nd e"\n'],
  ['/w/.github/workflows/a.yml', 'on: push\nrun: ${{ x }}\n'],
  ['/w/a.toml', '[a]\nb = 1\nc = { d = 2 }\n[[e]]\nf = 1979-05-27T07:32:00Z\nbig = 9223372036854775807\n'],
  ['/w/a.txt', '{"a": '],
];

const templates: readonly (readonly [path: string, text: string])[] = [
  ['/w/templates/a.yaml', '{{- if .Values.a }}\na: {{ include "b" . | nindent 4 }}\n  {{- end }}\nb: [\n'],
  ['/w/a.yml', '{% for a in b %}\n{{ a }}: 1\n{% endfor %}\n'],
  ['/w/{{cookiecutter.name}}/package.json', '{"name": "{{ cookiecutter.name }}", {% if x %}"a": 1{% endif %}}'],
  ['/w/a.json', '{"a": {{ a | to_json }}}'],
  ['/w/a.json', '{"a": "{{ x | default("b") }}"}'],
  ['/w/pyproject.toml', '[a]\n{%- if b %}\nc = 1\n{%- endif %}\n'],
  ['/w/a.json', '{"a": <%= a %>}'],
];

describe('data', () => {
  for (const [path, text, rule, marked] of mustBeFound) {
    it(`${rule} in ${path}: ${JSON.stringify(text)}`, async () => {
      const { findings, unknown } = await examine(path, text);
      const [first] = findings;
      assert.ok(first !== undefined, 'found');
      assert.equal(`${first.rule} ${first.severity}`, rule);
      assert.ok(text.slice(first.start).startsWith(marked), `marks ${text.slice(first.start, first.end)}`);
      assert.ok(first.end <= text.length && !/\bline \d/.test(first.message), first.message);
      assert.equal(unknown, null);
    });
  }

  for (const [path, text] of nearTwins) {
    it(`nothing in ${path}: ${JSON.stringify(text)}`, async () => {
      assert.deepEqual(await examine(path, text), { findings: [], unknown: null });
    });
  }

  for (const [path, text] of templates) {
    it(`says that it cannot know a template: ${path}: ${JSON.stringify(text)}`, async () => {
      const { findings, unknown } = await examine(path, text);
      assert.deepEqual(findings, []);
      assert.match(unknown?.why ?? '', /template/);
    });
  }

  it('does not take an unfinished string for a template', async () => {
    const { findings } = await examine('/w/a.json', '{"a": "{{ b }}", "c": }');
    assert.equal(findings[0]?.rule, 'syntax/json');
  });

  it('knows a second comment for the same as the first, as a reader stops at one', async () => {
    const one = await examine('/w/some.json', '{"a": 1, // one\n"b": 2}');
    const two = await examine('/w/some.json', '{// none\n"a": 1, // one\n"b": 2}');
    assert.deepEqual(one.findings.map(identify), two.findings.map(identify));
  });

  it('finds what is wrong in the others where one is nested without end', async () => {
    const deep = { path: '/w/deep.json', languageId: 'json', text: '['.repeat(200_000) };
    const broken = { path: '/w/broken.json', languageId: 'json', text: '{"a": }' };
    const { findings, unknown } = await createDataValidator().examine(
      [deep, broken],
      anywhere,
      new AbortController().signal,
    );
    assert.deepEqual(
      findings.map(({ path }) => path),
      ['/w/broken.json'],
    );
    assert.match(unknown?.why ?? '', /deep\.json is nested too deeply/);
  });

  it('says that it does not parse what is huge', async () => {
    const { findings, unknown } = await examine('/w/a.json', `["${'a'.repeat(1_000_000)}"`);
    assert.deepEqual(findings, []);
    assert.match(unknown?.why ?? '', /large/);
  });
});

function examine(path: string, text: string): Promise<Examined> {
  const file = { path, languageId: '', text };
  if (!validator.accepts(file)) return Promise.resolve({ findings: [], unknown: null });
  return validator.examine([file], anywhere, new AbortController().signal);
}

function identify(finding: Examined['findings'][number]): string {
  return validator.identity?.(finding, { path: finding.path, languageId: '', text: '' }) ?? '';
}
