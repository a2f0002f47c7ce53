import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createDocumentTrees, type DocumentTrees } from '../../grammars/documentTrees.js';
import { createGrammars, type Grammars } from '../../grammars/parse.js';
import type { TextEdit } from '../../server/base/snapshot.js';
import { grammarFolders } from '../support/grammarFolders.js';

const uri = 'file:///a';

describe('trees of documents', () => {
  let grammars: Grammars;
  let trees: DocumentTrees;
  beforeEach(async () => {
    grammars = await createGrammars(grammarFolders);
    trees = createDocumentTrees(grammars);
  });
  afterEach(() => trees.close(uri));

  const openAs = (languageId: string, text: string): void =>
    trees.open({ uri, path: null, languageId, version: 1, text });

  const pieces = [
    '(',
    ')',
    '{',
    '}',
    'a',
    ' ',
    '\n',
    '\r\n',
    '"',
    '`',
    '${',
    '/*',
    '*/',
    '//',
    '😀',
    '\ud800',
    '\ufeff',
    ';',
    'if',
  ];
  const sources: Readonly<Record<string, string>> = {
    typescript: 'const é = 1;\r\nfunction f(a: number) {\r\n  return `😀 ${a}`;\r\n}\r\nclass A<T> { b = "x"; }\r\n',
    python: '\ufeffdef f(a):\n    """😀"""\n    if a:\n        return [1,\n                2]\n    return f"{a}"\n',
    cpp: '#include <a>\nnamespace n { template <class T> struct s { int f() { return R"(😀)"[0]; } }; }\n',
    rust: 'fn main() { let s = r#"a "b" c"#; match s { _ => println!("{}", s) } }\n',
  };
  for (const [languageId, source] of Object.entries(sources)) {
    it(`in ${languageId}, edited by several changes at a time, equal those of a full parse`, () => {
      const edit = fc.tuple(fc.nat(), fc.nat(12), fc.array(fc.constantFrom(...pieces), { maxLength: 3 }));
      fc.assert(
        fc.property(
          fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
          changes => {
            openAs(languageId, source);
            trees.refresh(uri);
            let text = source;
            changes.forEach((change, at) => {
              const edits = change.map(([place, length, inserted]): TextEdit => {
                const start = place % (text.length + 1);
                const end = Math.min(text.length, start + length);
                text = text.slice(0, start) + inserted.join('') + text.slice(end);
                return { start, end, text: inserted.join('') };
              });
              assert.equal(trees.change(uri, at + 2, edits, text.length), 'changed');
              const incremental = trees.inspect(uri);
              assert.equal(incremental.trees, 1);
              trees.open({ uri: 'file:///fresh', path: null, languageId, version: 1, text });
              const fresh = trees.inspect('file:///fresh').syntax;
              trees.close('file:///fresh');
              // Repairs of broken code may differ with the path to it; sound code may not.
              if (fresh?.includes('ERROR') === false && !fresh.includes('MISSING')) {
                assert.equal(incremental.syntax, fresh);
              }
            });
          },
        ),
        { seed: 7, numRuns: 60 },
      );
      assert.equal(trees.inspect(uri).trees, 1);
      trees.close(uri);
      assert.equal(trees.inspect(uri).trees, 0);
    });
  }

  const around = (languageId: string, marked: string): unknown => {
    const offset = marked.indexOf('|');
    openAs(languageId, marked.replace('|', ''));
    return trees.surroundings(uri, 1, offset);
  };
  const place = (languageId: string, marked: string, expected: string): void => {
    it(`${languageId}: ${marked.replace(/\s+/g, ' ')} is ${expected}`, () => {
      const found = around(languageId, marked) as { inComment: boolean; inString: boolean; scopes: string[] };
      const kind = found.inComment ? 'comment' : found.inString ? 'string' : 'code';
      assert.equal([kind, ...found.scopes].join(' '), expected);
    });
  };
  place('typescript', 'class A { f() { | } }', 'code A f');
  place('typescript', 'const 😀a = "b|c";', 'string');
  place('typescript', '\ufeffconst a = "b|c";', 'string');
  place('typescript', 'const a = "bc"|;', 'code');
  place('typescript', 'const a = `b ${c|} d`;', 'code');
  place('typescript', 'const a = `b ${c} |d`;', 'string');
  place('typescript', '// a |b\nc();', 'comment');
  place('typescript', '// a b|\nc();', 'comment');
  place('typescript', '/* a */| c();', 'code');
  place('typescript', '/* a |*/ c();', 'comment');
  place('python', 'class A:\n    def f(self):\n        x = 1|\n', 'code A f');
  place('python', 'x = f"a {b|} c"\n', 'code');
  place('python', 'x = """a\n|b"""\n', 'string');
  place('python', 'x = 1  # a|\n', 'comment');
  place('rust', 'mod m { impl A { fn f() { r#"|"# } } }', 'string m A f');
  place('go', 'package a\n\nfunc (s *S) f() { x := `a|b` }\n', 'string f');
  place('java', 'class A { /** | */ void f() {} }', 'comment A');
  place('c', "int f(void) { return '|a'; }\n", 'string f');
  place('cpp', 'namespace n { struct s { int f() { | } }; }', 'code n s f');
  place('csharp', 'class A { string F() => $"a {b|} c"; }', 'code A F');
  place('javascript', 'const a = { b() { | } };', 'code b');
  place('javascript', 'export const a = async () => { | };', 'code a');

  it('that are too large or without grammar are not held', () => {
    openAs('typescript', 'a;\n'.repeat(400_000));
    assert.equal(trees.inspect(uri).syntax, null);
    openAs('ruby', 'a');
    assert.equal(trees.inspect(uri).syntax, null);
  });

  it('take lone surrogates, zero units and a line of a million units', () => {
    for (const text of ['\ud800', 'a\u0000b', '\udc00"', `x = "${'a'.repeat(900_000)}"`]) {
      openAs('javascript', text);
      assert.notEqual(trees.inspect(uri).syntax, null);
      trees.check({ uri, version: 1, start: 0, end: 0, text: '\ud800(' }, 10_000);
    }
  });
});
