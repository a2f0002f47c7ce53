import { Edit, type Tree } from 'web-tree-sitter';

/** Tells a tree that `text` replaced [start, end) of `before`; it then fits the text after, and can be parsed anew. */
export function editTree(tree: Tree, before: string, start: number, end: number, text: string): void {
  const startPosition = pointAt(before, start);
  tree.edit(
    new Edit({
      startIndex: start,
      oldEndIndex: end,
      newEndIndex: start + text.length,
      startPosition,
      oldEndPosition: advance(startPosition, before, start, end),
      newEndPosition: advance(startPosition, text, 0, text.length),
    }),
  );
}

interface Point {
  readonly row: number;
  readonly column: number;
}

/** Rows are counted by \n alone, as the parser does. */
export function pointAt(text: string, offset: number): Point {
  return advance({ row: 0, column: 0 }, text, 0, offset);
}

function advance(from: Point, text: string, start: number, end: number): Point {
  let { row } = from;
  let lineStart = -1;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: lineStart < 0 ? from.column + end - start : end - lineStart };
}
