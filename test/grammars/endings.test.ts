import assert from 'node:assert/strict';
import { endingsOf } from '../../grammars/endings.js';
import { createGrammars, type Grammars } from '../../grammars/parse.js';
import { languageOf } from '../../grammars/registry.js';
import { grammarFolders } from '../support/grammarFolders.js';

/** Code that is being written; whether one of the endings makes a whole of it. */
const cases: readonly (readonly [file: string, code: string, isWhole: boolean])[] = [
  ['a.go', 'type A struct {\n\tName string', true],
  ['a.go', 'type A struct {\n\tName string // of whom', true],
  ['a.go', 'const (\n\tA = 1\n\tB = 2', true],
  ['a.go', 'var a = [][]byte{\n\t[]byte{\n\t\t1,\n\t\t2,', true],
  ['a.go', 'func f(a int) {\n\tif a >', true],
  ['a.go', 'func f(a int) {\n\tif a > ) {', false],
  ['A.java', 'class A {\n  void f() {\n    try {\n      Object a = null;', true],
  ['A.java', 'class A {\n  Runnable a = new Runnable() {\n    public void run() {\n      int b = 1;', true],
  ['A.java', 'class A {\n  void f(int a,', true],
  ['A.java', 'class A {\n  int f() {\n    do {\n      g(', true],
  ['A.java', 'class A {\n  int f() {\n    return a b c', false],
  ['a.ts', 'const a = {\n  b: [1, 2', true],
  ['a.ts', 'function f() {\n  try {\n    g(a', true],
  ['a.ts', 'if (a) { // why', true],
  ['a.ts', 'const a = b +', true],
  ['a.ts', 'const = b', false],
  ['a.py', 'a = {\n    "b": [1,', true],
  ['a.py', 'def f(a,', true],
  ['a.py', 'def f(a:\n    return )', false],
];

describe('what may end code that is being written', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await createGrammars(grammarFolders);
  });
  after(() => grammars.dispose());

  for (const [file, code, isWhole] of cases)
    it(`${isWhole ? 'makes a whole of' : 'makes nothing of'} ${file}: ${code.replace(/\s+/g, ' ')}`, () => {
      const language = languageOf(file, '', '');
      assert.ok(language !== null);
      const endings = grammars.withTree(language, code, (tree, grammar) => endingsOf(tree, grammar, language, code));
      const whole = endings?.filter(ending => grammars.withTree(language, code + ending, isSound) === true);
      assert.equal(whole !== undefined && whole.length > 0, isWhole, JSON.stringify(endings));
    });
});

function isSound({ rootNode }: { readonly rootNode: { readonly hasError: boolean } }): boolean {
  return !rootNode.hasError;
}
