import { isAlike } from './distance.js';
import { cutBeforeLine, remainderOf, withRemainder, type Filter } from './filter.js';

/** A model that has begun to turn in circles: within a line, line by line, or block by block. Its first round is kept. */
export const repetition: Filter = {
  name: 'repetition',
  apply(candidate, context) {
    const lines = remainderOf(candidate, context).split('\n');
    for (const [index, line] of lines.entries()) {
      const end = repeatedEnd(line);
      if (end !== null)
        return withRemainder(candidate, context, [...lines.slice(0, index), line.slice(0, end)].join('\n'));
    }
    const again = repeatedBlock([context.place.prefix + (lines[0] ?? ''), ...lines.slice(1)]);
    return again === null ? candidate : cutBeforeLine(candidate, context, again);
  },
};

const longestLine = 2000;

/** Three units five times, or ten three times, at the end of a line: where the second round begins. Rulers are none. */
function repeatedEnd(line: string): number | null {
  const text = line.slice(0, longestLine).trimEnd();
  for (const [units, rounds] of [
    [3, 5],
    [10, 3],
  ] as const) {
    for (let length = units; length * rounds <= text.length; length++) {
      const unit = text.slice(-length);
      if (!/[\p{L}\p{N}]/u.test(unit)) continue;
      let count = 1;
      while (text.endsWith(unit, text.length - count * length)) count++;
      if (count >= rounds) return text.length - (count - 1) * length;
    }
  }
  return null;
}

const mostBlockLines = 12;

/**
 * The line that begins a second round: of several lines that are the same but for numbers, or of a fifth such line; of
 * several that are nearly the same, a third round shows that it was meant to be no list.
 */
function repeatedBlock(lines: readonly string[]): number | null {
  const code = lines.flatMap((line, index) => (line.trim() === '' ? [] : [{ text: line.trimEnd(), index }]));
  const textOf = (from: number, count: number): string =>
    code
      .slice(from, from + count)
      .map(({ text }) => text)
      .join('\n');
  for (let from = 0; from < code.length; from++) {
    for (let count = 1; count <= mostBlockLines && from + 2 * count <= code.length; count++) {
      const block = textOf(from, count);
      if (block.length < (count === 1 ? 8 : 20) || !/[\p{L}\p{N}]{3}/u.test(block)) continue;
      const same = roundsOf(text => bare(text) === bare(block), from, count);
      const alike = count === 1 ? 0 : roundsOf(text => isAlike(block, text, 0.1), from, count);
      if (same >= (count === 1 ? 5 : 2) || alike >= 3) return code[from + count]?.index ?? null;
    }
  }
  return null;

  function roundsOf(isSame: (text: string) => boolean, from: number, count: number): number {
    let rounds = 1;
    while (from + (rounds + 1) * count <= code.length && isSame(textOf(from + rounds * count, count))) rounds++;
    return rounds;
  }
}

function bare(text: string): string {
  return text.replace(/\d+/g, '0');
}
