import { isAlike } from './distance.js';
import { balanceOf, isClosersOnly } from './brackets.js';
import { cutBeforeLine, remainderOf, withRemainder, type Filter } from './filter.js';

/**
 * Lines that follow in the document, said again with small differences, or half. What is the same to the letter is
 * found for the engine too; a model changes a mark, or stops in the middle.
 */
export const suffixEcho: Filter = {
  name: 'suffix-echo',
  apply(candidate, context) {
    const { place } = context;
    const below = place.below.map(fold);
    const next = below[0];
    if (next === undefined) return candidate;
    const remainder = remainderOf(candidate, context);
    const lines = remainder.split('\n');
    const whole = lines.map((line, index) => fold(index === 0 ? place.prefix + line : line));
    let before = '';
    for (const [index, line] of lines.entries()) {
      const isOwn = index === 0 && (place.prefix.trim() !== '' || place.suffix.trim() !== '');
      if (!isOwn && (whole[index] ?? '') !== '') {
        const isInside = balanceOf(before).waiting.length > 0;
        const isCloser = isClosersOnly(line);
        if (
          isCloser ? isSameCloser(before + line, line, place.below[0] ?? '') : !isInside && isAgain(whole, index, below)
        ) {
          return cutBeforeLine(candidate, context, index);
        }
        if (!isCloser && !isInside && index === lines.length - 1 && isHalf(whole[index] ?? '', next)) {
          return withRemainder(candidate, context, lines.slice(0, index).join('\n').trimEnd());
        }
      }
      before += line + '\n';
    }
    return candidate;
  },
};

function fold(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}

/** One line but for marks and blanks; or up to three, of which one in twenty units differs. */
function isAgain(lines: readonly string[], from: number, below: readonly string[]): boolean {
  const one = bare(lines[from] ?? '');
  if (one.length >= 4 && one === bare(below[0] ?? '')) return true;
  const said = lines.slice(from).filter(line => line !== '');
  const count = Math.min(3, said.length, below.length);
  if (count < 2) return false;
  const text = said.slice(0, count).join('\n');
  return text.length >= 20 && isAlike(text, below.slice(0, count).join('\n'), 0.05);
}

function bare(line: string): string {
  return /[\p{L}\p{N}]{3}/u.test(line) ? line.replace(/[\s;,'"`]/g, '') : '';
}

/** Stopped in the middle of the line that follows. */
function isHalf(line: string, next: string): boolean {
  return line.length >= 6 && line.length < next.length && next.startsWith(line) && /[^\p{L}\p{N}_]/u.test(line);
}

/** `};` where `}` follows at the same column. */
function isSameCloser(text: string, line: string, below: string): boolean {
  if (line.trim() === '' || !/^\s*[)\]}]/.test(below)) return false;
  const blanks = line.length - line.trimStart().length;
  const isBeside = blanks === below.length - below.trimStart().length;
  return isBeside && line.trim()[0] === below.trim()[0] && balanceOf(text).foreign.length > 0;
}
