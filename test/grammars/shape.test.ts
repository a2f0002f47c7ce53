import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createDocumentTrees, type DocumentTrees } from '../../grammars/documentTrees.js';
import { createGrammars, type Grammars } from '../../grammars/parse.js';
import { languageOfId, otherText } from '../../grammars/registry.js';
import { shapeByText } from '../../grammars/shapeByText.js';
import type { Shape } from '../../grammars/trees.js';
import { grammarFolders } from '../support/grammarFolders.js';
import { marked } from '../support/markedText.js';

/** The cursor is ▮; then what may be written there: `none`, `line`, or `block` with its opener and column. */
const table: Readonly<Record<string, readonly (readonly [source: string, shape: string])[]>> = {
  typescript: [
    ['function f() {▮', 'block { 0'],
    ['function f() {\n  ▮\n}\n', 'block { 0'],
    ['function f() {▮}', 'block { 0'],
    ['class A {\n  f(): void {\n    ▮\n  }\n}\n', 'block { 2'],
    ['class A {\n  ▮\n}\n', 'block { 0'],
    ['class A {\n  a = 1;\n  ▮\n}\n', 'line 2'],
    ['function f() {\n  const a = 1;\n  ▮\n}\n', 'block { 0'],
    ['function f() {\n  const a = 1;\n  ▮\n', 'block { 0'],
    ['function f() {\n  const a = 1;\n  ▮\n  return a;\n}\n', 'line 2'],
    ['function f() {\n  return 1;\n  ▮\n}\n', 'line 2'],
    ['function f() {\n  // Sums what is paid.\n  ▮\n}\n', 'block { 0'],
    ['function f() {▮\n  return 1;\n}\n', 'none'],
    ['if (a) {▮\nb();\n', 'block { 0'],
    ['if (a) {\n  b();\n} else {▮', 'block { 0'],
    ['for (const a of b) {\n\t▮\n}', 'block { 0'],
    ['\tfor (const a of b) {▮', 'block { 4'],
    ['app.get("/", (request, response) => {▮\n});', 'block { 0'],
    ['function f(\n  a: string,\n  b: string,\n): void {▮', 'block { 0'],
    ['const a = ▮', 'line 0'],
    ['const a = b.▮;', 'line 0'],
    ['const a = b(▮);', 'line 0'],
    ['if (▮) {\n}\n', 'line 0'],
    ['if (a ▮) {\n}\n', 'line 0'],
    ['const a = ▮ + 1;', 'line 0'],
    ['const a = b(▮, c);', 'line 0'],
    ['const a = b(c▮, d);', 'line 0'],
    ['const sum = to▮tal;', 'none'],
    ['const a = ▮b;', 'none'],
    ['a.b() ▮.c();', 'none'],
    ['▮ return a;', 'none'],
    ['const a = 1;▮', 'none'],
    ['for (let i = 0;▮', 'line 0'],
    ['const a = {▮', 'block { 0'],
    ['const a = {\n  b: 1,\n  ▮\n};', 'line 2'],
    ['import {▮} from "a";', 'line 0'],
    ['f({▮})', 'line 0'],
    ['switch (a) {\n  case 1:▮', 'block : 2'],
    ['// A comment▮', 'line 0'],
    ['// A ▮ comment', 'none'],
    ['const a = "b▮";', 'line 0'],
    ['const a = "b ▮ c";', 'none'],
    ['const a = "{▮";', 'line 0'],
    ['const a = 1; // {\n▮', 'line 0'],
    ['\n▮', 'line 0'],
  ],
  typescriptreact: [
    ['function A() {\n  ▮\n}\n', 'block { 0'],
    ['const a = <b c={▮} />;', 'line 0'],
    ['const a = () => {▮', 'block { 0'],
  ],
  javascript: [
    ['module.exports = function f(a) {▮', 'block { 0'],
    ['try {\n  a();\n} catch (error) {\n  ▮\n}\n', 'block { 0'],
    ['const a = b.map(c => {\n  ▮\n});\n', 'block { 0'],
  ],
  python: [
    ['def f(a):▮', 'block : 0'],
    ['def f(a):\n    ▮', 'block : 0'],
    ['def f(a,\n      b):▮', 'block : 0'],
    ['class A:\n    def f(self):\n        ▮\n\n    def g(self):\n        pass\n', 'block : 4'],
    ['def f(a):\n    b = a\n    ▮\n\n\ndef g():\n    pass\n', 'block : 0'],
    ['def f(a):\n    b = a\n    ▮\n    return b\n', 'line 4'],
    ['def f(a):\n    return a\n    ▮\n', 'line 4'],
    ['def f(a):\n    return a\n\n\n▮', 'line 0'],
    ['class A:\n    a = 1\n    ▮\n', 'line 4'],
    ['if a:\n    b()\nelse:▮', 'block : 0'],
    ['async def f():▮', 'block : 0'],
    ['a = {"b":▮', 'line 0'],
    ['a = [▮', 'block [ 0'],
    ['def f(a:▮', 'line 0'],
    ['a[1:▮', 'line 0'],
    ['def f():▮\n    return 1\n', 'none'],
    ['with open(a) as b:\n    ▮\n', 'block : 0'],
    ['def f():\n    """What it does▮', 'line 4'],
    ['x = 1▮', 'line 0'],
  ],
  go: [
    ['func f() error {▮', 'block { 0'],
    ['func f() error {\n\tif err != nil {\n\t\t▮\n\t}\n}\n', 'block { 4'],
    ['type A struct {\n\t▮\n}\n', 'block { 0'],
    ['type A struct {\n\tB int\n\t▮\n}\n', 'line 4'],
    ['func f() {\n\ta := 1\n\t▮\n}\n', 'block { 0'],
    ['func f() {\n\tswitch a {\n\tcase 1:▮\n\t}\n}', 'block : 4'],
    ['func f() {\n\ta := ▮\n}\n', 'line 4'],
  ],
  java: [
    ['class A {\n    void f() {▮', 'block { 4'],
    ['class A {\n    void f() throws B {\n        ▮\n    }\n}\n', 'block { 4'],
    ['class A {\n    ▮\n}\n', 'block { 0'],
    ['class A {\n    int a;\n\n    ▮\n}\n', 'line 4'],
    ['class A {\n    A() {\n        this.a = 1;\n        ▮\n    }\n}\n', 'block { 4'],
    ['class A { int a = b▮.c; }', 'line 0'],
  ],
  rust: [
    ['fn f() -> u8 {▮', 'block { 0'],
    ['impl A {\n    fn f(&self) {\n        ▮\n    }\n}\n', 'block { 4'],
    ['impl A {\n    fn f(&self) {}\n\n    ▮\n}\n', 'line 4'],
    ['fn f() {\n    let a = 1;\n    ▮\n}\n', 'block { 0'],
    ['fn f() -> u8 {\n    let a = 1;\n    a + 1\n    ▮\n}\n', 'line 4'],
    ['fn f() {\n    match a {\n        ▮\n    }\n}\n', 'block { 4'],
    ['fn f() {\n    match a {\n        B => 1,\n        ▮\n    }\n}\n', 'line 8'],
    ["fn f<'a>(b: &'a str) {▮", 'block { 0'],
  ],
  c: [
    ['int f(void)\n{▮', 'block { 0'],
    ['static int\nf(int a,\n    int b)\n{\n\t▮\n}\n', 'block { 0'],
    ['struct a {\n\tint b;\n\t▮\n};\n', 'line 4'],
    ['int f(void) {\n  int a = 1;\n  ▮\n}\n', 'block { 0'],
    ['int f(void) {\n  return a->▮;\n}\n', 'line 2'],
    ['int f(void) {\n  switch (a) {\n  default:▮\n  }\n}\n', 'block : 2'],
  ],
  cpp: [
    ['int A::f() const {▮', 'block { 0'],
    ['class A {\npublic:▮\n};\n', 'block : 0'],
    ['namespace a {\n▮\n}\n', 'block { 0'],
    ['void f() {\n  for (auto &a : b) {\n    ▮\n  }\n}\n', 'block { 2'],
    ['auto f = [](int a) {▮', 'block { 0'],
  ],
  csharp: [
    ['class A\n{\n    void F()\n    {\n        ▮\n    }\n}\n', 'block { 4'],
    ['class A\n{\n    ▮\n}\n', 'block { 0'],
    ['class A\n{\n    int B { get; set; }\n    ▮\n}\n', 'line 4'],
    ['class A\n{\n    void F()\n    {\n        var a = 1;\n        ▮\n    }\n}\n', 'block { 4'],
  ],
};

const withoutGrammar: typeof table = {
  yaml: [
    ['jobs:▮', 'block : 0'],
    ['jobs:\n  ▮', 'block : 0'],
    ['jobs:\n  test:\n    runs-on: ▮', 'line 4'],
    ['a: b▮', 'line 0'],
  ],
  ruby: [
    ['def f(a)▮', 'block def 0'],
    ['a.each do |b|\n  ▮\nend\n', 'block do 0'],
    ['a = b▮', 'line 0'],
  ],
  lua: [
    ['if a then▮', 'block then 0'],
    ['local function f(a)\n  ▮\nend\n', 'block function 0'],
  ],
  php: [['function f($a) {\n    ▮\n}\n', 'block { 0']],
};

function show(shape: Shape | null): string {
  if (shape === null) return 'nothing';
  const { extent, opener, blockColumn } = shape;
  if (extent === 'none') return extent;
  return [extent, ...(opener === null ? [] : [opener]), blockColumn].join(' ');
}

describe('the shape of what may be written', () => {
  let grammars: Grammars;
  let trees: DocumentTrees;
  before(async () => {
    grammars = await createGrammars(grammarFolders);
    trees = createDocumentTrees(grammars);
  });
  after(() => grammars.dispose());

  const shapeIn = (languageId: string, source: string): Shape | null => {
    const { text, offset } = marked(source, '▮');
    trees.open({ uri: 'file:///a', path: null, languageId, version: 1, text });
    const shape = trees.shape('file:///a', 1, offset);
    trees.close('file:///a');
    return shape;
  };

  for (const [languageId, cases] of Object.entries(table)) {
    for (const [source, expected] of cases) {
      it(`${languageId}: ${JSON.stringify(source)} is ${expected}`, () => {
        assert.equal(show(shapeIn(languageId, source)), expected);
      });
      it(`${languageId}: ${JSON.stringify(source)} is ${expected} with \\r\\n`, () => {
        assert.equal(show(shapeIn(languageId, source.replaceAll('\n', '\r\n'))), expected);
      });
    }
  }

  for (const [languageId, cases] of Object.entries(withoutGrammar)) {
    for (const [source, expected] of cases) {
      it(`${languageId}, by its text: ${JSON.stringify(source)} is ${expected}`, () => {
        const { text, offset } = marked(source, '▮');
        assert.equal(show(shapeByText(text, offset, languageOfId(languageId) ?? otherText)), expected);
      });
    }
  }

  it('is found for any text at any place', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\r\n',
      '\t',
      '{',
      '}',
      '(',
      ')',
      '"',
      '`',
      '//',
      '/*',
      ':',
      'def f',
      '😀',
    );
    const source = fc.array(piece, { maxLength: 20 }).map(pieces => pieces.join(''));
    fc.assert(
      fc.property(source, source, fc.constantFrom(...Object.keys(table)), (left, right, languageId) => {
        const shape = shapeIn(languageId, `${left}▮${right}`);
        assert.ok(shape !== null && shape.blockColumn >= 0);
        assert.equal(shape.opener !== null, shape.extent === 'block');
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });
});
