import ts from 'typescript';

/** The innermost node whose own text holds an offset; null where only a comment does. */
export function nodeAt(source: ts.SourceFile, offset: number): ts.Node | null {
  let innermost: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (offset < node.getStart(source) || offset >= node.end) return;
    innermost = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  const found = innermost as ts.Node | null;
  if (found === null) return null;
  const comments = [...(ts.getLeadingCommentRanges(source.text, found.pos) ?? [])];
  return comments.some(({ pos, end }) => offset >= pos && offset < end)
    ? null
    : isInComment(source.text, offset, found)
      ? null
      : found;
}

/** Between the tokens of a node there are comments too. */
function isInComment(text: string, offset: number, node: ts.Node): boolean {
  if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isPrivateIdentifier(node)) return false;
  const open = text.lastIndexOf('/*', offset);
  return open >= node.pos && text.indexOf('*/', open) >= offset;
}
