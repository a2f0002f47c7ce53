import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { editLineStarts, lineStartsOf, offsetAt, positionAt } from '../../../server/base/position.js';

const texts = fc.string({
  unit: fc.constantFrom('a', 'b', '\n', '\r', '\r\n', '\uD83D\uDE00', '\uD800', '\uFEFF', 'é'),
});

describe('positions', () => {
  it('are those of the reference implementation, outside the text too', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), (text, line, character) => {
        const reference = TextDocument.create('file:///a', 'text', 1, text);
        assert.equal(offsetAt(text, lineStartsOf(text), { line, character }), reference.offsetAt({ line, character }));
      }),
    );
  });

  it('come back from their offsets', () => {
    fc.assert(
      fc.property(texts, fc.nat(40), (text, anywhere) => {
        const starts = lineStartsOf(text);
        const offset = Math.min(anywhere, text.length);
        // Between \r and \n there is no place of its own.
        if (text[offset - 1] === '\r' && text[offset] === '\n') return;
        assert.equal(offsetAt(text, starts, positionAt(starts, offset)), offset);
      }),
    );
  });

  it('follow edits as if the lines were counted anew', () => {
    fc.assert(
      fc.property(texts, texts, fc.nat(40), fc.nat(40), (text, inserted, one, other) => {
        const [start, end] = [one, other].map(at => Math.min(at, text.length)).sort((a, b) => a - b) as [
          number,
          number,
        ];
        const after = text.slice(0, start) + inserted + text.slice(end);
        assert.deepEqual(
          editLineStarts(lineStartsOf(text), { start, end, text: inserted }, after),
          lineStartsOf(after),
        );
      }),
      { numRuns: 2000 },
    );
  });

  for (const [line, character] of [
    [-1, 0],
    [NaN, NaN],
    [0, -5],
    [0.5, 1.5],
    [Infinity, Infinity],
    [1e308, 0],
  ] as const)
    it(`take ${line}:${character} for a place in the text`, () => {
      const offset = offsetAt('ab\ncd', lineStartsOf('ab\ncd'), { line, character });
      assert.ok(offset >= 0 && offset <= 5 && Number.isInteger(offset));
    });
});
