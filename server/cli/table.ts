import { stripVTControlCharacters } from 'node:util';
import { showBreaks } from './terminal.js';

/** Rows as lines: each column as wide as its widest cell, and each cell one line. Columns named in `right` are flush right. */
export function alignColumns(table: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const rows = table.map(row => row.map(showBreaks));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  return rows.map(row =>
    row
      .map((cell, column) => {
        const blanks = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return right.includes(column) ? blanks + cell : cell + blanks;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** At most `width` characters, with a sign where something was left out. */
export function cutTo(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

function widthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}
