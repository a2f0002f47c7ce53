import { maskCode } from '../../../grammars/maskCode.js';
import { columnOf } from '../../../grammars/shapeByText.js';
import { remainderOf, withRemainder, type Filter, type FilterContext } from './filter.js';

/**
 * Models that fill in put lines after the first where they are to stand; one that chats may begin its answer at the left edge,
 * wherever the cursor is. Only where no reading puts the lines right as they are, they are moved to the cursor's column.
 */
export const relativeIndentation: Filter = {
  name: 'relative-indentation',
  apply(candidate, context) {
    const remainder = remainderOf(candidate, context);
    const { prefix, language } = context.place;
    const indent = /^[ \t]*/.exec(prefix)?.[0] ?? '';
    if (indent === '' || !remainder.includes('\n') || /^\s/.test(remainder) || hereDocument.test(remainder))
      return candidate;
    const lines = linesOf(remainder, context);
    const isRelative = language.blocksByIndentation ? isLeftOfBlock : isLeftOfBrackets;
    if (!isRelative(lines, columnOf(indent), context)) return candidate;
    const moved = lines.map(({ written, isMovable }) => (isMovable ? indent + written : written));
    return withRemainder(candidate, context, moved.join('\n'));
  },
};

/** What it holds may stand at the left edge. */
const hereDocument = /<<[-~]?\s*['"]?[A-Za-z_]/;

interface Line {
  readonly written: string;
  readonly masked: string;
  readonly column: number;
  /** Brackets of the suggestion's own that are open where the line's first word stands. */
  readonly depth: number;
  /** Says something, and neither a string nor what stands before the suggestion decides where. */
  readonly isMovable: boolean;
}

function linesOf(text: string, { place: { language } }: FilterContext): readonly Line[] {
  const masked = maskCode(text, language).text.split('\n');
  let depth = 0;
  let start = 0;
  let isForeign = false;
  return text.split('\n').map((written, index) => {
    const code = masked[index] ?? '';
    const isQuoted = index > 0 && maskCode(text, language, start - 1).open === 'string';
    start += written.length + 1;
    const closers = /^[\s)\]}]*/.exec(code)?.[0].replace(/\s/g, '').length ?? 0;
    isForeign ||= closers > depth;
    const line = { written, masked: code, column: columnOf(written), depth: Math.max(0, depth - closers) };
    for (const unit of code) {
      if (/[([{]/.test(unit)) depth++;
      else if (/[)\]}]/.test(unit)) depth = Math.max(0, depth - 1);
    }
    return { ...line, isMovable: index > 0 && written.trim() !== '' && !isQuoted && !isForeign };
  });
}

/** All that is no deeper than the first line stands at the left edge; or a body is no deeper than what opens it. */
function isLeftOfBrackets(lines: readonly Line[], column: number, { place }: FilterContext): boolean {
  const isBlankBefore = place.prefix.trim() === '';
  const movable = lines.filter(line => line.isMovable && !standsAnywhere.test(line.written));
  const beside = movable.filter(({ depth, masked }) => depth === 0 && (isBlankBefore || /^\s*[)\]}]/.test(masked)));
  if (beside.length > 0) return beside.every(line => line.column === 0);
  const first = movable[0];
  return first !== undefined && first.depth > 0 && first.column <= column && /[{([]\s*$/.test(lines[0]?.masked ?? '');
}

/** Directives and labels. */
const standsAnywhere = /^(?:#|\s*\w+:\s*$)/;

/** All of it stands left of the cursor, the first line at the left edge or in a body no deeper than what opens it. */
function isLeftOfBlock(lines: readonly Line[], column: number, { place }: FilterContext): boolean {
  const next = lines[1];
  if (place.prefix.trim() !== '' || next?.isMovable !== true || endsBody.test(next.written)) return false;
  const opensBody = /:\s*$/.test(lines[0]?.masked ?? '');
  if (opensBody) return next.depth === 0 && next.column > 0 && next.column <= column;
  return next.column === 0 && lines.every(line => !line.isMovable || line.column < column);
}

/** What stands further left than the body before it. */
const endsBody = /^\s*(?:else|elif|except|finally|case|def|class|async|@|if __name__)/;
