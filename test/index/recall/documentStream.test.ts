import assert from 'node:assert/strict';
import fc from 'fast-check';
import { languageOf } from '../../../grammars/registry.js';
import { delimitersOf } from '../../../index/recall/delimiters.js';
import { DocumentStream } from '../../../index/recall/documentStream.js';
import { Vocabulary } from '../../../index/recall/vocabulary.js';

const pieces = fc.array(
  fc.constantFrom(
    '\n',
    '\n\n',
    '\r\n',
    ' ',
    '  ',
    '\t',
    'name',
    'x',
    '1.5',
    '(',
    ')',
    '"',
    '`',
    '${',
    '}',
    '/*',
    '*/',
    '// ',
    ';',
    '\ud800',
  ),
  { maxLength: 40 },
);
const text = pieces.map(parts => parts.join(''));
const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.oneof(text, fc.constantFrom('a', 'b', '\n', ''))), {
  maxLength: 60,
});

function tokensOf(stream: DocumentStream): readonly string[] {
  const tokens: string[] = [];
  for (let at = stream.first(); at >= 0; at = stream.next(at)) {
    tokens.push(`${stream.words[at]}:${stream.gaps[at]}:${stream.offsetOf(at)}`);
  }
  return tokens;
}

describe('document stream', () => {
  it('is after any edits what a fresh reading is', () => {
    const delimiters = delimitersOf(languageOf('/a.ts', ''));
    fc.assert(
      fc.property(text, edits, (first, changes) => {
        const vocabulary = new Vocabulary();
        const stream = new DocumentStream(vocabulary, delimiters, null);
        let now = first;
        stream.reset(now);
        for (const [at, length, inserted] of changes) {
          const start = now.length === 0 ? 0 : at % (now.length + 1);
          const oldEnd = Math.min(now.length, start + length);
          now = now.slice(0, start) + inserted + now.slice(oldEnd);
          stream.edit(now, start, oldEnd, start + inserted.length);
          const fresh = new DocumentStream(vocabulary, delimiters, null);
          fresh.reset(now);
          assert.deepEqual(tokensOf(stream), tokensOf(fresh));
          const backwards: number[] = [];
          for (let one = stream.last(); one >= 0; one = stream.previous(one)) backwards.unshift(one);
          assert.equal(backwards.length, tokensOf(stream).length);
        }
      }),
      { numRuns: 200 },
    );
  });
});
