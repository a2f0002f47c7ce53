import assert from 'node:assert/strict';
import { createPaint } from '../../../server/cli/paint.js';
import { createProgressBar } from '../../../server/cli/progressBar.js';
import { alignColumns } from '../../../server/cli/table.js';
import { guardTerminal, showControls } from '../../../server/cli/terminal.js';

describe('what reaches a terminal', () => {
  let written: string;
  const terminal = (): ReturnType<typeof guardTerminal> =>
    guardTerminal({ write: text => (written += text), isTTY: true, columns: 80 });
  beforeEach(() => (written = ''));

  for (const [foreign, shown] of [
    ['\x1b[31mred', String.raw`\u001b[31mred`],
    ['\x1b]0;title\x07', String.raw`\u001b]0;title\u0007`],
    ['\x9b2J', String.raw`\u009b2J`],
    ['one\rtwo', String.raw`one\u000dtwo`],
    ['\b\x7f\0', String.raw`\u0008\u007f\u0000`],
    ['user\u202eexe.\u2066', String.raw`user\u202eexe.\u2066`],
    ['\x1b[31;1000;1000;1000;1000m', String.raw`\u001b[31;1000;1000;1000;1000m`],
    // What is no trick stays as it is.
    ['a\tb\r\nc\n', 'a\tb\r\nc\n'],
    ['naïve – 日本語 👩‍💻 שלום', 'naïve – 日本語 👩‍💻 שלום'],
  ] as const) {
    it(JSON.stringify(foreign), () => {
      terminal().write(foreign);
      assert.equal(written, shown);
    });
  }

  it('has our own colours, one in the other, around foreign text that has some too', () => {
    const output = terminal();
    const paint = createPaint(output, {});
    output.write(paint.bold(`a${paint.red('b\x1b[32mc')}`));
    assert.equal(written, String.raw`${'\x1b[1m'}a${'\x1b[31m'}b\u001b[32mc${'\x1b[39m\x1b[22m'}`);
  });

  it('takes no colour of one run for that of another', () => {
    const other = createPaint(terminal(), {}).red('x');
    terminal().write(other);
    assert.doesNotMatch(written, /\x1b/);
  });

  it('stays JSON of the same value', () => {
    const value = { path: 'a\x1b\x9b\x7f\u202e\n' };
    terminal().write(JSON.stringify(value));
    assert.doesNotMatch(written, /[\p{Cc}\u202e]/u);
    assert.deepEqual(JSON.parse(written), value);
  });

  it('has a progress bar, whatever is being fetched', () => {
    const bar = createProgressBar(terminal(), {});
    bar.show(1, 'pulling\x1b[2J\n');
    bar.clear();
    assert.match(written, /^\x1b\[1G\x1b\[K\x1b\[36m.*pulling\\u001b\[2J\\u000a\x1b\[1G\x1b\[K$/);
  });

  it('is aligned by what is seen, a line a row', () => {
    const paint = createPaint(terminal(), {});
    const lines = alignColumns([
      [paint.red('ab'), 'x'],
      ['a\nb', 'y'],
    ]);
    terminal().write('');
    assert.deepEqual(lines[1], String.raw`a\u000ab  y`);
    assert.equal(lines[0], `${paint.red('ab')}        x`);
  });

  it('shows the breaks of a name', () => assert.equal(showControls('a\n\tb'), String.raw`a\u000a\u0009b`));
});
