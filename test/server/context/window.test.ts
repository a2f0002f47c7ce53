import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineStartsOf } from '../../../server/base/position.js';
import { windowOf, windowStep, type FileWindow } from '../../../server/context/window.js';

const room = { prefix: 400, typed: 60, suffix: 200 };
const at = (text: string, offset: number): FileWindow => windowOf(text, lineStartsOf(text), offset, room);

const lines = fc.array(fc.string({ maxLength: 30, unit: fc.constantFrom('a', ' ', '(', 'é', '😀', '\t') }), {
  maxLength: 120,
});
const texts = fc.tuple(lines, fc.constantFrom('\n', '\r\n')).map(([all, end]) => all.join(end));
const places = texts.chain(text => fc.tuple(fc.constant(text), fc.nat(text.length)));

describe('the window of the file', () => {
  it('holds the text around the cursor, within its room', () => {
    fc.assert(
      fc.property(places, ([text, offset]) => {
        const { prefix, typed, suffix, start, end } = at(text, offset);
        assert.equal(prefix + typed + suffix, text.slice(start, end));
        assert.equal(start + prefix.length + typed.length, offset);
        assert.ok(prefix.length <= room.prefix && typed.length <= room.typed && suffix.length <= room.suffix);
      }),
    );
  });

  it('is cut at line ends, and names the line that it begins with', () => {
    fc.assert(
      fc.property(places, ([text, offset]) => {
        const { prefix, startLine, start, end, line } = at(text, offset);
        const starts = lineStartsOf(text);
        assert.ok(prefix === '' || starts[startLine] === start);
        assert.ok(prefix === '' || /[\r\n]$/.test(prefix), 'the cursor line is apart');
        assert.ok(line >= startLine);
        if (end < text.length && text.slice(offset, offset + room.suffix).includes('\n'))
          assert.ok(starts.includes(end));
      }),
    );
  });

  it('moves its start in steps, so that lines below find the text that was read before', () => {
    const text = Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n');
    const starts = lineStartsOf(text);
    const seen = new Set<number>();
    for (let line = 0; line < 400; line++) seen.add(at(text, starts[line] ?? 0).startLine);
    assert.ok(
      [...seen].every(start => start % windowStep === 0),
      [...seen].join(),
    );
    assert.ok(seen.size > 5 && seen.size <= 400 / windowStep + 1);
  });

  it('leaves what stands before the line as it is when a character is typed', () => {
    fc.assert(
      fc.property(places, fc.constantFrom('x', ')', '  '), ([text, offset], typed) => {
        const after = at(text.slice(0, offset) + typed + text.slice(offset), offset + typed.length);
        const before = at(text, offset);
        // A line that outgrows its room is another matter.
        fc.pre(after.typed.length === before.typed.length + typed.length);
        assert.deepEqual([after.prefix, after.startLine], [before.prefix, before.startLine]);
        assert.equal(after.suffix, before.suffix);
      }),
    );
  });

  it('keeps the end of a very long line, without halves of a pair', () => {
    const long = '😀'.repeat(400);
    const { typed, prefix } = at(`first\n${long}`, 6 + long.length);
    assert.equal(prefix, '');
    assert.ok(typed.length > 0 && typed.length <= room.typed && !/^[\udc00-\udfff]/.test(typed));
  });

  it('shows a whole short file', () => {
    const { prefix, typed, suffix, startLine } = at('one\ntwo\nthree', 6);
    assert.deepEqual([prefix, typed, suffix, startLine], ['one\n', 'tw', 'o\nthree', 0]);
  });
});
