import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineStartsOf } from '../../../server/base/position.js';
import { stepFor, windowOf, windowStep, type FileWindow } from '../../../server/context/window.js';

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

  for (const units of [400, 1_000, 3_000, 7_000, 20_000])
    it(`moves its start in steps, so that lines below find the text that was read before: ${units} units`, () => {
      const text = Array.from({ length: 2_000 }, (_, line) => `a line of some thirty units ${line}`).join('\n');
      const starts = lineStartsOf(text);
      const step = stepFor(units);
      assert.ok(step > 0 && step <= windowStep);
      const seen = new Set<number>();
      for (let line = 0; line < 2_000; line++) {
        const { startLine, prefix } = windowOf(text, starts, starts[line] ?? 0, { ...room, prefix: units });
        seen.add(startLine);
        // No more than a step and a line of it stays empty, and a step is a fifth of it at most.
        const held = Math.min(starts[line] ?? 0, units);
        assert.ok(prefix.length > held - (step + 1) * 33, `line ${line} has ${prefix.length} units of ${held}`);
        assert.ok(step * 33 <= units / 5);
      }
      assert.ok([...seen].every(start => start % step === 0));
      assert.ok(seen.size > 1 && seen.size <= 2_000 / step + 1);
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
