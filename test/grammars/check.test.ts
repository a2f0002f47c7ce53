import assert from 'node:assert/strict';
import { createDocumentTrees, type DocumentTrees } from '../../grammars/documentTrees.js';
import { createGrammars } from '../../grammars/parse.js';
import { grammarFolders } from '../support/grammarFolders.js';

/**
 * A case is a text with the suggestion between « and »; ‖ in it marks where it is cut, nothing that all of it passes.
 * What is between ⟦ and ⟧ behind it is replaced by it.
 */
describe('a suggestion checked by the syntax', () => {
  let trees: DocumentTrees;
  before(async () => {
    trees = createDocumentTrees(await createGrammars(grammarFolders));
  });

  const check = (languageId: string, marked: string): void => {
    it(`${languageId}: ${marked.replace(/\s+/g, ' ')}`, () => {
      const start = marked.indexOf('«');
      const end = marked.indexOf('»');
      const inside = marked.slice(start + 1, end);
      const cut = inside.indexOf('‖');
      const text = inside.replace('‖', '');
      const rest = marked.slice(end + 1);
      const replaced = /^⟦(.*?)⟧/s.exec(rest)?.[1] ?? '';
      const document = marked.slice(0, start) + (replaced === '' ? rest : rest.replace('⟦', '').replace('⟧', ''));
      trees.open({ uri: 'file:///a', path: null, languageId, version: 1, text: document });
      const result = trees.check({ uri: 'file:///a', version: 1, start, end: start + replaced.length, text }, 10_000);
      assert.equal(`${text.slice(0, result.keep)}‖${text.slice(result.keep)}`, cut < 0 ? `${text}‖` : inside);
      assert.equal(result.verdict, cut < 0 ? 'passed' : cut === 0 ? 'refused' : 'cut');
    });
  };

  // What is left open is for the person to go on with.
  check('typescript', 'function f() {\n  «if (x) {»\n}\n');
  check('typescript', 'const a = «foo(b, { c:»');
  check('typescript', 'const a = «`abc ${»');
  check('typescript', '«/** What it does.»\nfunction f() {}\n');
  check('typescript', 'import «{ a, b»\nconst x = 1;\n');
  check('java', 'class A {\n  void f() {\n    int x = «g(1,»\n    h();\n  }\n}\n');
  check('python', 'def f(x):\n    «if x:»\n\ndef g():\n    pass\n');
  check('python', 'def f(x):\n    «"""Says what»\n');
  check('rust', 'fn f() {\n    «let x = match y {»\n}\n');
  check('go', 'package a\n\nfunc f() {\n\t«for i := range»\n}\n');

  // Whole statements and blocks.
  check('typescript', 'function f() {\n  «if (x) {\n    g();\n  }»\n}\n');
  check('csharp', 'class A\n{\n    «public int B { get; set; }»\n}\n');
  check('cpp', 'namespace n {\n«template <typename T> T max(T a, T b) { return a < b ? b : a; }»\n}\n');
  check('c', '«#define MAX(a, b) ((a) < (b) ? (b) : (a))»\nint main(void) { return 0; }\n');

  // It may close what is open, and nothing else.
  check('typescript', 'g(«a, b);»\nh();\n');
  check('typescript', 'g(«a, b‖);»);\nh();\n');
  check('typescript', 'g(«a, b);»⟦);⟧\nh();\n');
  check('typescript', 'if (a«) {»\n  b();\n}\n');
  check('typescript', 'if (a«‖) {») {\n  b();\n}\n');
  check('typescript', 'function f() {\n  «g();\n}‖\n}»\nh();\n');
  check('typescript', 'function f() {\n  «g();\n}»\n\nfunction h() {}\n');
  check('typescript', 'class A {\n  f() {\n    «g();‖\n  }»\n  }\n\n  h() {}\n}\n');
  check('java', 'class A {\n  int f() {\n    return 1;\n  «}»\n\n  int g() { return 2; }\n}\n');
  check('go', 'package a\n\nfunc f() {\n\tg(«1)‖)»\n}\n');
  check('rust', 'fn f() {\n    let v = vec![«1, 2];»\n    g(v);\n}\n');
  check('python', 'x = [«1, 2]»\ny = 2\n');
  check('python', 'x = [«1, 2‖]»]\ny = 2\n');

  check('javascript', 'test(t => {\n  g(function () {\n    a()\n  «})‖}»\n\nh()\n');
  check('c', '#ifdef A\nint a;\n«#else\nint b;\n#endif»\nint c;\n');

  // It is cut where no program could go on like this.
  check('typescript', 'const a = «foo‖ bar baz»\n');
  check('typescript', 'const a = «‖const b = 1;»\n');
  check('typescript', '«x = 1;‖\n) y = 2;»\n');
  check('java', 'class A {\n  int f() {\n    return «a‖ b c;»\n  }\n}\n');
  check('python', 'x = «a‖ b»\n');
  check('go', 'package a\n\nfunc f() {\n\tx := «a‖ b»\n}\n');
  check('rust', 'fn f() {\n    «let x = 1;‖ = 2;»\n}\n');
  check('c', 'int f(void) {\n  return «a‖ b;»\n}\n');

  // A reserved word is no name, although the parser takes it for one.
  check('typescript', 'const a = «b + ‖return c;»\n'.replace('+ ‖', '+‖ '));
  check('python', 'a = «b +‖ def c»\n');

  // The rest of the line has a say.
  check('typescript', 'g(«a, (b»);\n');
  check('typescript', 'return «‖;a» + b;\n'.replace('return', 'x ='));
  check('typescript', 'const { «a, b» } = c;\n');

  // Inside of quotes nearly all goes.
  check('typescript', 'const a = "«with ( and }»";\n');
  check('typescript', 'const a = "«one‖", two»";\n');
  check('typescript', 'const a = `x ${«b + c»}`;\n');
  check('typescript', '/* «any ) thing }» */\nf();\n');
  check('typescript', '// «any ) thing }»\nf();\n');

  // What is broken already is not the suggestion's fault.
  check('typescript', 'const = = 3;\nfunction f() {\n  «g(1);»\n}\n');
});
