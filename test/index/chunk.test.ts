import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Chunk } from '../../index/codeIndex.js';
import { createExtractor, type Extractor } from '../../index/extract.js';
import { grammarFolders } from '../support/grammarFolders.js';

describe('chunks', () => {
  let extractor: Extractor;
  before(async () => {
    extractor = await createExtractor(grammarFolders);
  });
  after(() => extractor.dispose());

  const chunksOf = (path: string, text: string): readonly Chunk[] => extractor.extract({ path, text }).chunks;

  it('joined are the file again, whatever it holds, and none is too long', () => {
    const words = [
      'class A {',
      '}',
      'f(',
      ')',
      'def g():',
      '\n',
      '\n\n',
      '    ',
      '# c',
      '// d',
      '"',
      'x = 1',
      '😀',
      '\r\n',
      '\r',
      'a'.repeat(700),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom('a.ts', 'a.py', 'a.cs', 'a.rb', 'a.md'),
        fc.array(fc.constantFrom(...words)),
        (path, parts) => {
          const text = parts.join(' ');
          const chunks = chunksOf(path, text);
          assert.equal(chunks.map(chunk => chunk.text).join(''), text);
          for (const chunk of chunks) assert.ok(chunk.text.length <= 1_500 && chunk.text.length > 0);
        },
      ),
      { seed: 3, numRuns: 150 },
    );
  });

  it('have spans that say where they are', () => {
    const text = 'a = 1\r\n\r\ndef f():\r\n    pass\r\n'.repeat(60);
    const lines = text.split('\r\n');
    for (const { span, text: inside } of chunksOf('a.py', text)) {
      assert.equal(span.startColumn, 0);
      assert.equal(lines.slice(span.startLine, span.endLine).join('\r\n') + '\r\n', inside);
    }
  });

  const filler = (count: number): string => '    work(alpha, beta, gamma, delta);\n'.repeat(count);

  it('keep the comment that leads a definition with it', () => {
    const text = `import a from 'b';\n\n/**\n * Adds two numbers.\n */\n@logged\nexport function add() {\n${filler(20)}}\n\n// Takes away.\nfunction take() {\n${filler(20)}}\n`;
    const chunks = chunksOf('a.ts', text);
    assert.match(chunkNamed(chunks, 'add').text, /Adds two numbers/);
    assert.match(chunkNamed(chunks, 'take').text, /Takes away/);
    assert.doesNotMatch(chunkNamed(chunks, 'add').text, /Takes away/);
  });

  it('do not take a comment that a blank line parts from the definition', () => {
    const text = `// Licence.\n${'// More licence text.\n'.repeat(20)}\nfunction f() {\n${filler(20)}}\n`;
    assert.doesNotMatch(chunkNamed(chunksOf('a.ts', text), 'f').text, /Licence/);
  });

  it('name the signatures of the scopes around them, outermost first', () => {
    const text = `namespace n {\n  export class A<T> extends B {\n    x = 1;\n    f(a: number): string {\n${filler(12)}    }\n    g() {\n${filler(12)}    }\n  }\n}\n`;
    const chunk = chunkNamed(chunksOf('a.ts', text), 'f');
    assert.equal(chunk.kind, 'method');
    assert.equal(chunk.signatures, 'namespace n\nexport class A<T> extends B');
  });

  it('split a long function at line ends, its later parts under its own signature', () => {
    const text = `def f(a, b):\n${'    work(alpha, beta, gamma)\n'.repeat(150)}`;
    const chunks = chunksOf('a.py', text);
    assert.ok(chunks.length >= 3);
    for (const chunk of chunks) {
      assert.equal(chunk.name, 'f');
      assert.ok(chunk.text.endsWith('\n'));
    }
    assert.equal(chunks[0]?.signatures, '');
    assert.equal(chunks[1]?.signatures, 'def f(a, b)');
  });

  it('join small neighbours', () => {
    const text = 'export const a = 1;\nexport const b = 2;\nfunction c() {}\nfunction d() {}\n';
    assert.equal(chunksOf('a.ts', text).length, 1);
  });

  it('cut a text without grammar at blank lines before what is not indented', () => {
    const method = `def work\n  alpha\n\n  beta\n${'  gamma delta epsilon\n'.repeat(30)}end\n`;
    const chunks = chunksOf('a.rb', `${method}\n${method}\n${method}`);
    assert.deepEqual(
      chunks.map(({ kind, name, text }) => [kind, name, text.startsWith('def work')]),
      [1, 2, 3].map(() => ['text', '', true]),
    );
  });

  it('cut what is one line, without tearing a character', () => {
    const chunks = chunksOf('a.json', `["${'😀'.repeat(5_000)}"]`);
    for (const chunk of chunks) assert.doesNotMatch(chunk.text, /\p{Surrogate}/u);
  });

  it('are none for an empty file', () => {
    assert.deepEqual(chunksOf('a.ts', ''), []);
  });
});

function chunkNamed(chunks: readonly Chunk[], name: string): Chunk {
  const found = chunks.find(chunk => chunk.name === name);
  assert.ok(found !== undefined, chunks.map(chunk => chunk.name).join());
  return found;
}
