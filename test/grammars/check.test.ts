import assert from 'node:assert/strict';
import { createDocumentTrees, type DocumentTrees } from '../../grammars/documentTrees.js';
import { createGrammars } from '../../grammars/parse.js';
import type { LeftOpen } from '../../grammars/trees.js';
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

  const check = (languageId: string, marked: string, mayLeaveOpen: LeftOpen = 'anything'): void => {
    it(`${languageId}, leaving open ${mayLeaveOpen}: ${marked.replace(/\s+/g, ' ')}`, () => {
      const start = marked.indexOf('«');
      const end = marked.indexOf('»');
      const inside = marked.slice(start + 1, end);
      const cut = inside.indexOf('‖');
      const text = inside.replace('‖', '');
      const rest = marked.slice(end + 1);
      const replaced = /^⟦(.*?)⟧/s.exec(rest)?.[1] ?? '';
      const document = marked.slice(0, start) + (replaced === '' ? rest : rest.replace('⟦', '').replace('⟧', ''));
      trees.open({ uri: 'file:///a', path: null, languageId, version: 1, text: document });
      const insertion = { start, end: start + replaced.length, text };
      const result = trees.check({ uri: 'file:///a', version: 1, ...insertion, mayLeaveOpen }, 10_000);
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

  // All there is of a text stands on its own.
  const whole = (languageId: string, marked: string): void => check(languageId, marked, 'nothing');
  const loop = (inside: string): string =>
    `function f(items) {\n  for (const item of items) {\n    ${inside}\n  }\n}\n`;
  whole('typescript', loop("sum += «‖import { a } from './a.js';»"));
  whole('typescript', loop('sum += «‖const a = 1;»'));
  whole('typescript', loop('sum += «item‖ /* foo»'));
  whole('typescript', 'sum += «item‖ /* foo»\n\n/** What it does. */\nf();\n');
  whole('typescript', 'sum += «item; // foo»\n\n/** What it does. */\nf();\n');
  whole('typescript', loop('sum += «‖`${item»'));
  whole('typescript', 'sum += «a‖ + `b ${item»\nconst c = `d`;\n');
  whole('typescript', loop('sum += «helperAlpha‖((item»'));
  whole('typescript', loop('sum += «helperAlpha(item)‖ + g(»').replace('‖ + g(', '‖ + (('));
  whole('typescript', loop('sum += «item‖ +»'));
  whole('typescript', loop('«const a = b();‖\n    (»'));
  whole('typescript', loop('«if (x) {»'));
  whole('typescript', loop('«try {»'));
  whole('typescript', loop('«items.map(one => {»'));
  whole('typescript', loop('«if (x) {‖\n      g();»'));
  whole('typescript', 'const a = «`abc ${b}`;»\n');
  whole('typescript', 'const a = `abc ${«b}`;»\n');
  whole('typescript', 'const a = `abc «‖${b»`;\n');
  whole('typescript', 'const a = `abc «${b} and»`;\n');
  whole('typescript', 'const a = "abc «and»";\n');
  whole('typescript', 'const a = g(«b, c»);\n');
  whole('typescript', 'const a = g(«b, c);»\nd();\n');
  whole('typescript', '«/** What it does. */\nfunction g() {}»\nfunction f() {}\n');
  whole('typescript', '/** «What it does»\n */\nfunction f() {}\n');
  whole('typescript', 'class A {\n  f() {\n    «g();»\n');
  whole('tsx', 'const a = (\n  «<div className="b">»\n);\n');
  whole('python', 'def f(x):\n    «if x:»\n\ndef g():\n    pass\n');
  whole('python', 'def f(x):\n    «try:»\n\ndef g():\n    pass\n');
  whole('python', 'def f(x):\n    «return x‖ + """a»\n\ndef g():\n    """Says what."""\n');
  whole('python', 'def f(x):\n    «return g‖(x,»\n\ndef g():\n    pass\n');
  whole('python', 'def f(x):\n    return {«"a": x}»\n');
  whole('go', 'package a\n\nfunc f() {\n\t«for i := range x {»\n}\n');
  whole('go', 'package a\n\nfunc f() {\n\t«g‖(»\n}\n');
  whole('rust', "fn f() {\n    «fn g<'b>(x: &'b str) {}»\n}\n");
  whole('rust', 'fn f() {\n    «let x = match y {»\n}\n');
  whole('java', 'class A {\n  «@Override»\n  int f() { return 1; }\n}\n');
  whole('java', 'class A {\n  int f() {\n    return «g‖(1,»\n  }\n}\n');
  // What was broken before gets no worse.
  whole('typescript', 'const = = 3;\nfunction f() {\n  «g(1);»\n');
  whole('typescript', 'const = = 3;\nfunction f() {\n  a = «g‖(1, `b»\n');

  // More of it is on its way.
  check('typescript', loop('sum += «helperAlpha((item»'), 'brackets');
  check('typescript', 'sum += «helperAlpha(item‖ /* foo»\n\n/** What it does. */\nf();\n', 'brackets');
  check('typescript', loop('sum += «helperAlpha(‖`${item»'), 'brackets');
});
