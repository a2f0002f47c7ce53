import assert from 'node:assert/strict';
import fc from 'fast-check';
import { languageOfId, otherText } from '../../../grammars/registry.js';
import { shapeByText } from '../../../grammars/shapeByText.js';
import { createShapeCutter, type ShapeCutter } from '../../../server/complete/shapeCutter.js';
import { marked } from '../../support/markedText.js';

/** `source` has ▮ at the cursor; the model says `says`, of which ⏹ marks the end of what is wanted. */
interface Case {
  readonly name: string;
  readonly languageId: string;
  readonly source: string;
  readonly says: string;
  readonly maxLines?: number;
}

const ts = 'typescript';
const python = 'python';
const cases: readonly Case[] = [
  { name: 'the rest of a line', languageId: ts, source: 'const a = ▮', says: 'b + c;⏹\nconst d = 1;\n' },
  {
    name: 'a line after an empty one',
    languageId: ts,
    source: 'const a = 1;\n▮\n',
    says: '\nconst b = 2;⏹\nconst c = 3;\n',
  },
  { name: 'a call over lines', languageId: ts, source: 'f(▮);\n', says: 'a⏹\n  b' },
  { name: 'a call that opens a bracket', languageId: ts, source: 'const a = ▮', says: 'f(\n  b,\n  c,\n);⏹\nd();\n' },
  { name: 'a bracket that was typed', languageId: ts, source: 'const a = f(b, [▮', says: '1,\n  2,\n]);⏹\nd();\n' },
  {
    name: 'a statement with a body',
    languageId: ts,
    source: 'a();\n▮\nb();\n',
    says: 'if (c) {\n  d();\n} else {\n  e();\n}⏹\nf();\n',
  },
  { name: 'a chain of calls', languageId: ts, source: 'const a = ▮', says: 'b\n  .map(c)\n  .filter(d);⏹\ne();\n' },
  {
    name: 'an arrow at the line end',
    languageId: ts,
    source: 'const a = ▮',
    says: '(b: number) =>\n  b + 1;⏹\ne();\n',
  },
  { name: 'a comment before its statement', languageId: ts, source: 'a();\n▮\n', says: '// Adds.\nb();⏹\nc();\n' },
  { name: 'a comment alone', languageId: ts, source: '// What ▮', says: 'it does.⏹\nb();\n' },
  { name: 'a text over lines', languageId: ts, source: 'const a = ▮', says: '`b\nc\n`;⏹\nd();\n' },
  { name: 'a statement that never closes', languageId: ts, source: '  ▮', says: 'f({\n    a: 1,⏹\n  const b = 1;\n' },
  {
    name: 'no more lines than allowed',
    languageId: ts,
    source: 'const a = ▮',
    says: '[\n  1,\n  2,⏹\n  3,\n];\n',
    maxLines: 3,
  },
  {
    name: 'a body in braces',
    languageId: ts,
    source: 'function f() {▮',
    says: '\n  return 1;\n}⏹\n\nfunction g() {\n',
  },
  {
    name: 'a body that is closed below',
    languageId: ts,
    source: 'function f() {▮\n}\n',
    says: '\n  return 1;⏹\n}\n\nfunction g() {\n',
  },
  {
    name: 'a body on an empty line',
    languageId: ts,
    source: 'function f() {\n  ▮\n}\n',
    says: 'const a = 1;\n  return a;⏹\n}\n',
  },
  { name: 'a body inside braces', languageId: ts, source: 'function f() {▮}', says: ' return 1; ⏹}\n' },
  {
    name: 'a callback',
    languageId: ts,
    source: 'app.get("/", (a, b) => {▮',
    says: '\n  b.send(a);\n});⏹\n\napp.listen();\n',
  },
  { name: 'an else', languageId: ts, source: 'if (a) {▮', says: '\n  b();\n} else {\n  c();\n}⏹\nd();\n' },
  { name: 'a body without its end', languageId: ts, source: '  f() {▮', says: '\n    return 1;⏹\n  g() {\n' },
  { name: 'a brace in a string', languageId: ts, source: 'function f() {▮', says: '\n  return "}";\n}⏹\n' },
  {
    name: 'text at the left edge inside a template',
    languageId: ts,
    source: 'function f() {▮',
    says: '\n  return `\na\n`;\n}⏹\ng();\n',
  },
  { name: 'two empty lines', languageId: ts, source: 'function f() {▮', says: '\n  a();⏹\n\n\n  b();\n' },
  { name: 'arguments over lines', languageId: ts, source: 'f(\n  ▮\n);\n', says: 'a,\n  b,⏹\n);\ng();\n' },
  {
    name: 'a case',
    languageId: ts,
    source: 'switch (a) {\n  case 1:▮\n}\n',
    says: '\n    b();\n    break;⏹\n  case 2:\n',
  },
  { name: 'Python: a line', languageId: python, source: 'a = ▮', says: 'b⏹\nc = d\n' },
  {
    name: 'Python: a definition',
    languageId: python,
    source: 'a = 1\n\n\n▮',
    says: 'def f():\n    return 1⏹\n\n\ndef g():\n',
  },
  {
    name: 'Python: a decorator',
    languageId: python,
    source: 'class A:\n    a = 1\n    ▮',
    says: '@property\n    def f(self):\n        return 1⏹\n\n    @property\n',
  },
  {
    name: 'Python: a body',
    languageId: python,
    source: 'def f(a):▮',
    says: '\n    b = a\n\n    return b⏹\n\ndef g():\n',
  },
  { name: 'Python: an else', languageId: python, source: 'if a:▮', says: '\n    b()\nelse:\n    c()⏹\nd()\n' },
  { name: 'Python: a word like else', languageId: python, source: 'if a:▮', says: '\n    b()⏹\nelsewhere()\n' },
  { name: 'Python: a bracket over lines', languageId: python, source: 'a = ▮', says: 'f(\n    b,\n)⏹\nc = d\n' },
  {
    name: 'Python: a text over lines',
    languageId: python,
    source: 'def f():▮',
    says: '\n    a = """\nb\n"""\n    return a⏹\nc = d\n',
  },
  {
    name: 'Python: a body that ends with brackets over lines',
    languageId: python,
    source: 'def f():▮',
    says: '\n    return g((a,\n              b))⏹\n\ndef g():\n',
  },
  {
    name: 'Python: a sentence of a documentation string',
    languageId: python,
    source: 'def f():\n    """Returns ▮',
    says: 'a letter,⏹\n    and sends it.\n    """\n',
  },
  {
    name: 'Python: a body before an else that is there',
    languageId: python,
    source: 'if a:▮\nelse:\n    c()\n',
    says: '\n    b()⏹\nelse:\n    c()\n',
  },
  {
    name: 'YAML: values',
    languageId: 'yaml',
    source: 'jobs:\n  test:▮',
    says: '\n    runs-on: a\n    steps: []⏹\n  lint:\n',
  },
  { name: 'Ruby: a method', languageId: 'ruby', source: 'def f▮', says: '\n  1\nend⏹\n\ndef g\n' },
  {
    name: 'Go: a body',
    languageId: 'go',
    source: 'func f() error {▮',
    says: '\n\tif a {\n\t\treturn nil\n\t}\n\treturn b\n}⏹\n\nfunc g() {\n',
  },
  { name: 'nothing', languageId: ts, source: 'const to▮tal = 1;', says: '⏹al = 2;\n' },
];

function cutterFor({ languageId, source, maxLines = 40 }: Case): ShapeCutter {
  const { text, offset } = marked(source, '▮');
  const language = languageOfId(languageId) ?? otherText;
  const options = { language, prefix: text.slice(0, offset), suffix: text.slice(offset), maxLines };
  return createShapeCutter(shapeByText(text, offset, language), options);
}

function wanted({ says }: Case): string {
  return says.slice(0, says.indexOf('⏹')).trimEnd();
}

function read(cutter: ShapeCutter, chunks: readonly string[]): { text: string; done: boolean } {
  let last = { text: '', done: false };
  for (const chunk of chunks) last = cutter.push(chunk);
  return last;
}

describe('the shape cutter', () => {
  for (const each of cases) {
    it(`ends ${each.name}`, () => {
      const says = each.says.replace('⏹', '');
      const { text, done } = read(cutterFor(each), [says]);
      assert.equal(text.trimEnd(), wanted(each));
      assert.ok(done || text.trimEnd() === says.trimEnd());
    });
  }

  it('comes to the same however the text is cut into chunks, and with \\r\\n', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (each, lengths, crlf) => {
          const says = each.says.replace('⏹', '').replaceAll('\n', crlf ? '\r\n' : '\n');
          const chunks: string[] = [];
          for (let at = 0, i = 0; at < says.length; i++) {
            const length = lengths[i % lengths.length] ?? 1;
            chunks.push(says.slice(at, at + length));
            at += length;
          }
          assert.deepEqual(read(cutterFor(each), chunks), read(cutterFor(each), [says]));
        },
      ),
      { numRuns: 800, seed: 20261121 },
    );
  });

  it('gives a beginning of any text, and says nothing else once it is done', () => {
    const marks = ['a', ' ', '  ', '\n', '\n  ', '}', '{', '(', ')', '"', '`', '${', "'", '\\'];
    const words = ['else', 'el', 'end', ':', '//', '/', '*', '#', '?', '.b', '..', ';', '@a', '=', '😀', '\r'];
    const piece = fc.constantFrom(...marks, ...words);
    const says = fc.array(piece, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...cases), says, (each, chunks) => {
        const cutter = cutterFor(each);
        let done: string | null = null;
        let all = '';
        for (const chunk of chunks) {
          all += chunk;
          const cut = cutter.push(chunk);
          assert.ok(all.replace(/\r\n?/g, '\n').startsWith(cut.text));
          if (done !== null) assert.equal(cut.text, done);
          if (cut.done) done = cut.text;
        }
        assert.deepEqual(read(cutterFor(each), chunks), read(cutterFor(each), [chunks.join('')]));
      }),
      { numRuns: 2500, seed: 20261121 },
    );
  });
});
