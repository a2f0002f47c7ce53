import assert from 'node:assert/strict';
import { silentLog } from '../../../../server/base/log.js';
import { defaultSettings } from '../../../../server/config/resolve.js';
import { ownEntries } from '../../../../server/createCore.js';
import { createCodeExaminer } from '../../../../server/validate/code/codeExaminer.js';
import { createSyntaxValidator } from '../../../../server/validate/code/createSyntaxValidator.js';
import { createGate } from '../../../../server/validate/createGate.js';
import { createPythonReader } from '../../../../server/validate/python/createPythonReader.js';
import { createRuff } from '../../../../server/validate/python/ruffClient.js';
import { createScriptReader } from '../../../../server/validate/typescript/createScriptReader.js';
import type { Validator, Workplace } from '../../../../server/validate/validator.js';

const never = new AbortController().signal;
const workplace: Workplace = { folder: '/', isTrusted: false, index: null, gate: defaultSettings().gate };

describe('syntax of code', function () {
  this.timeout(30_000);
  let validator: Validator;
  before(() => {
    const { codeThread, scriptThread, ruffThread, wasmFolder, queryFolder } = ownEntries();
    validator = createSyntaxValidator(
      createCodeExaminer({ entry: codeThread, wasmFolder, queryFolder, log: silentLog }),
      [
        createPythonReader(createRuff({ entry: ruffThread, log: silentLog })),
        createScriptReader({ entry: scriptThread, log: silentLog }),
      ],
    );
  });
  after(() => validator.dispose?.());

  it('is judged in the others where one is nested without end', async () => {
    const deep = { path: '/deep.ts', languageId: '', text: `x = ${'['.repeat(100_000)}${']'.repeat(100_000)};` };
    const broken = { path: '/broken.ts', languageId: '', text: 'foo(;' };
    const { findings } = await validator.examine([deep, broken], workplace, never);
    assert.deepEqual(
      findings.map(({ path }) => path),
      ['/broken.ts'],
    );
  });

  describe('is wrong', () => {
    const cases: readonly [string, string][] = [
      ['a.ts', 'function f() { return 1'],
      ['a.ts', 'foo(;'],
      ['a.js', 'const x = ;'],
      ['a.d.ts', 'export default function (): {\n    a: string;\n'],
      ['a.tsx', 'const x = <div>;'],
      ['a.py', 'def f(:\n    pass\n'],
      ['a.go', 'package a\nfunc f( {}\n'],
      ['A.java', 'class A { void f( { } }'],
      ['a.rs', 'fn f( { }'],
      ['a.c', 'int f( { return 1; }'],
    ];
    for (const [path, text] of cases)
      it(`${path}: ${JSON.stringify(text)}`, async () => assert.equal(await isValid(path, text), false));
  });

  describe('is right', () => {
    const cases: readonly [string, string][] = [
      ['a.ts', 'function f() { return 1; }'],
      // The grammars know none of these.
      ['a.ts', 'class A { #k = [1]; f(t: number) { return t > 0 ? -2 - (this.#k[t] ?? 0) : t; } }'],
      ['a.ts', 'type T = readonly (readonly [a: string, unknown: RegExp])[];'],
      ['a.d.ts', 'export default function (): {\n    a: string;\n};\n'],
      ['a.d.cts', 'export { type A as out, type out };\ndeclare type out = 1;\ndeclare type A = 2;\n'],
      ['a.tsx', 'const x = <div>{1}</div>;'],
      ['a.js', 'export const f = async () => { for await (const a of b) await a; };'],
      ['a.py', 'def f(a, /, *, b): return (x := a) if b else f"{a!r:>{b}}"\n'],
      ['a.py', 'match x:\n    case {"a": [1, *rest]} if rest: pass\n'],
      ['a.go', 'package a\n\nfunc f[T any](x T) T { return x }\n'],
      ['a.go', 'package a\n\nconst ( A = iota; B; _; D )\n\nvar ( x = 1; y = 2 )\n'],
      ['A.java', 'record A(int x) { sealed interface S permits B {} }'],
      ['a.rs', 'fn f<T: Clone>(x: &T) -> T { x.clone() }'],
    ];
    for (const [path, text] of cases)
      it(`${path}: ${JSON.stringify(text)}`, async () => assert.equal(await isValid(path, text), true));
  });

  it('says nothing of an error that was there before, however it looks now', async () => {
    const gate = createGate({ validators: [validator], log: silentLog, now: () => performance.now() });
    const change = { path: '/a.go', languageId: 'go' };
    const judge = (before: string, after: string) =>
      gate.judge([{ ...change, before, after }], workplace, 'edit', never);
    const broken = 'package a\nfunc f( {}\n';
    assert.equal((await judge(broken, `${broken}\nfunc g() {}\n`)).valid, true);
    assert.equal((await judge(broken, `${broken}\nfunc g( {}\n`)).valid, false);
    assert.equal((await judge('package a\n', broken)).valid, false);
  });

  it('does not know what is too long to be parsed', async () => {
    const file = { path: '/a.ts', languageId: 'typescript', text: 'a;\n'.repeat(400_000) };
    const { unknown } = await validator.examine([file], workplace, never);
    assert.match(unknown?.why ?? '', /too long/);
  });

  it('leaves alone what has no grammar', () => {
    assert.equal(validator.accepts({ path: '/a.txt', languageId: 'plaintext', text: 'x' }), false);
  });

  async function isValid(path: string, text: string): Promise<boolean> {
    const { findings, unknown } = await validator.examine(
      [{ path: `/${path}`, languageId: '', text }],
      workplace,
      never,
    );
    assert.equal(unknown, null);
    return findings.length === 0;
  }
});
