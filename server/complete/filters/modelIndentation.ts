import { columnOf } from '../../../grammars/shapeByText.js';
import { remainderOf, withRemainder, type Filter, type FilterContext } from './filter.js';

/**
 * What models get wrong about columns: a first line that is indented though the cursor is already, a blank too many behind
 * one that was typed, and levels of another width than the file's.
 */
export const modelIndentation: Filter = {
  name: 'model-indentation',
  apply(candidate, context) {
    const lines = remainderOf(candidate, context).split('\n');
    lines[0] = firstLine(lines[0] ?? '', context);
    return withRemainder(candidate, context, rescaled(lines, context).join('\n'));
  },
};

function firstLine(line: string, { place: { prefix }, indentation }: FilterContext): string {
  if (line.trim() === '') return line;
  const blanks = line.slice(0, line.length - line.trimStart().length);
  if (blanks === '' || prefix === '') return line;
  if (prefix.trim() !== '') return /\s$/.test(prefix) ? line.trimStart() : line;
  const [own, cursor] = [columnOf(blanks), columnOf(prefix)];
  // Indented from the left edge, as if the cursor stood there.
  if (own >= cursor) return blanks.startsWith(prefix) ? line.slice(prefix.length) : line.trimStart();
  const { kind, width } = indentation();
  return kind === 'spaces' && width > 0 && own % width === 0 ? line : line.trimStart();
}

/** Only where the first deeper line stands right behind what opens a body: other steps may be an alignment. */
function rescaled(lines: readonly string[], context: FilterContext): readonly string[] {
  const { kind, width } = context.indentation();
  if (kind !== 'spaces' || width === 0 || lines.some(line => line.includes('\t'))) return lines;
  const base = columnOf(context.place.prefix);
  const levels: number[] = [base];
  let before = context.place.prefix + (lines[0] ?? '');
  let unit = 0;
  for (const line of lines.slice(1)) {
    if (line.trim() === '') continue;
    const column = columnOf(line);
    if (unit === 0 && column > base && /[{([:]\s*$|=>\s*$/.test(before)) unit = column - (levels.at(-1) ?? base);
    levels.push(column);
    before = line;
  }
  if (unit <= 0 || unit === width || unit > 8 || !isSureOf(width, unit, context)) return lines;
  if (!levels.every(column => column <= base || (column - base) % unit === 0)) return lines;
  return lines.map((line, index) => {
    const column = columnOf(line);
    if (index === 0 || line.trim() === '' || column <= base) return line;
    return ' '.repeat(base + ((column - base) / unit) * width) + line.trimStart();
  });
}

/** The lines around agree with the one width and not with the other. */
function isSureOf(width: number, unit: number, { place }: FilterContext): boolean {
  const columns = [place.prefix, ...place.above, ...place.below].map(columnOf).filter(column => column > 0);
  if (width !== 2 && width !== 4 && width !== 8) return false;
  return (
    columns.every(column => column % width === 0) && (unit % width !== 0 || columns.some(column => column % unit !== 0))
  );
}
