import assert from 'node:assert/strict';
import { createGrammars, type Grammars } from '../../../../grammars/parse.js';
import { outlineOf } from '../../../../grammars/outline.js';
import { languageOf } from '../../../../grammars/registry.js';
import { takenAway, type Outlined } from '../../../../server/validate/users/takenAway.js';
import { grammarFolders } from '../../../support/grammarFolders.js';

/** What is taken away: names, members with a dot before them, `*` for whatever there is. */
const cases: readonly (readonly [path: string, before: string, after: string, taken: readonly string[]])[] = [
  ['a.ts', 'export function f(): number { return 1; }', 'export function f(): number { return 2; }', []],
  ['a.ts', 'export const f = (a: number) => a;', 'export const f = (a: number) => a + 1;', []],
  ['a.ts', 'export const limit = 1;', 'export const limit = 2;', []],
  ['a.ts', 'export function f(a: number) {}', 'export function f(\n  a: number /* of them */,\n) {}', ['f']],
  ['a.ts', 'export function f(a: number) {}', '/** Says why. */\nexport function f(a: number) {} // and how', []],
  ['a.ts', 'export function f(a: number) {}', 'export function f(a: string) {}', ['f']],
  ['a.ts', 'export const f = (a: number) => a;', 'export const f = (a: number, b: number) => a;', ['f']],
  ['a.ts', 'export const a: number = 1;', 'export const a: string = "1";', ['a']],
  ['a.ts', 'export const a = 1;', 'export const a = 1;\nexport const b = 2;', []],
  ['a.ts', 'export const a = 1;\nconst b = 2;', 'export const a = 1;', []],
  ['a.ts', 'const a = 1;\nexport { a };', 'const a = 1;\nexport { a as b };', ['a']],
  ['a.ts', 'export interface A { x: number; y: number }', 'export interface A { x: number }', ['A', '.y']],
  ['a.ts', 'export class A { x() {} y() {} }', 'export class A { x() { this.z(); } private z() {} }', ['.y']],
  ['a.ts', 'export class A { private y() {} x() {} }', 'export class A { x() {} }', []],
  [
    'a.ts',
    'export class A { constructor(a: number) {} }',
    'export class A { constructor() {} }',
    ['A', '.constructor'],
  ],
  ['a.ts', 'export function f() { function g(a: number) {} }', 'export function f() { function g() {} }', []],
  ['a.ts', "export * from './b.js';", "export * from './c.js';", ['*']],
  ['a.js', 'function f() {}\nmodule.exports = { f };', 'function g() {}\nmodule.exports = { g };', ['f']],
  ['a.js', 'function f() {}\nfunction g() {}\nmodule.exports = { f };', 'function f() {}\nmodule.exports = { f };', []],
  ['a.py', 'def f(a):\n    return a\n', 'def f(a):\n    return a + 1\n', []],
  ['a.py', 'def f(a):\n    return a\n', 'def f(a, b):\n    return a\n', ['f']],
  ['a.py', 'class A:\n    def x(self): pass\n', 'class A:\n    def y(self): pass\n', ['.x']],
  [
    'a.py',
    'class A:\n    def __init__(self, a): pass\n',
    'class A:\n    def __init__(self): pass\n',
    ['A', '.__init__'],
  ],
  ['a.py', 'from b import c\n', 'from b import d\n', ['c']],
  ['a.go', 'package a\n\nfunc F() {}\n', 'package a\n\nfunc f() {}\n', ['F']],
  ['a.go', 'package a\n\ntype T struct{}\n\nfunc (t T) M() {}\n', 'package a\n\ntype T struct{}\n', ['.M']],
  ['A.java', 'class A { void x() {} void y() {} }', 'class A { void x() {} }', ['.y']],
  ['a.rs', 'pub fn f() {}\npub fn g() {}\n', 'pub fn f() {}\n', ['g']],
];

describe('what a change takes away', () => {
  let grammars: Grammars;
  before(async () => (grammars = await createGrammars(grammarFolders)));
  after(() => grammars.dispose());

  for (const [path, before, after, taken] of cases) {
    it(`${path}: ${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => {
      const { grammar, outlined } = outline(path, before);
      const { names, members, isAll } = takenAway(grammar, outlined, outline(path, after).outlined);
      const found = [...names, ...[...members].map(name => `.${name}`), ...(isAll ? ['*'] : [])];
      assert.deepEqual(found.sort(), [...taken].sort());
    });
  }

  it('is all of a file that goes', () => {
    const { grammar, outlined } = outline('a.ts', 'export const a = 1;');
    assert.equal(takenAway(grammar, outlined, null).isAll, true);
  });

  function outline(path: string, text: string): { readonly grammar: string; readonly outlined: Outlined } {
    const language = languageOf(path, '', text);
    assert.ok(language);
    const found = grammars.withTree(language, text, (tree, grammar) => ({
      grammar: grammar.name,
      outlined: { text, outline: outlineOf(tree, grammar, text) },
    }));
    assert.ok(found);
    return found;
  }
});
