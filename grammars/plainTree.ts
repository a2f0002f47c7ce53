import type { Tree, TreeCursor } from 'web-tree-sitter';
import { errorsAfter } from './treeErrors.js';

/** A syntax tree as plain data: it outlives the tree it was read from, and is walked without a call into WebAssembly a node. */
export interface SyntaxNode {
  readonly type: string;
  /** What it is to its parent, such as `name`; null where the grammar does not say. */
  readonly field: string | null;
  /** False for tokens such as `(`. */
  readonly isNamed: boolean;
  /** [start, end) in utf-16 units. */
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
  readonly parent: SyntaxNode | null;
  /** The whole text that the tree was made of. */
  readonly source: string;
}

export interface PlainTree {
  readonly root: SyntaxNode;
  readonly hasErrors: boolean;
}

/** Reads a tree off. Comments are left out: no rule looks at them as syntax. */
export function plainTree(tree: Tree, source: string): PlainTree {
  const cursor = tree.walk();
  try {
    // The tree says the same of a hidden token that a grammar misses, as Go's of `const ( A = 1; B )`: that is nobody's mistake.
    return { root: read(cursor, source), hasErrors: errorsAfter(tree, 0, 1).length > 0 };
  } finally {
    cursor.delete();
  }
}

interface Growing extends SyntaxNode {
  readonly children: SyntaxNode[];
}

/** Without calling itself: what is nested deeper than any stack is still a tree. */
function read(cursor: TreeCursor, source: string): SyntaxNode {
  const root = nodeAt(cursor, source, null);
  const above: Growing[] = [root];
  let hasNext = cursor.gotoFirstChild();
  while (hasNext) {
    const parent = above.at(-1) ?? root;
    if (!cursor.nodeType.endsWith('comment')) {
      const node = nodeAt(cursor, source, parent);
      parent.children.push(node);
      if (cursor.gotoFirstChild()) {
        above.push(node);
        continue;
      }
    }
    hasNext = cursor.gotoNextSibling();
    while (!hasNext && above.length > 1) {
      above.pop();
      cursor.gotoParent();
      hasNext = cursor.gotoNextSibling();
    }
  }
  return root;
}

function nodeAt(cursor: TreeCursor, source: string, parent: SyntaxNode | null): Growing {
  return {
    type: cursor.nodeType,
    field: cursor.currentFieldName,
    isNamed: cursor.nodeIsNamed,
    start: cursor.startIndex,
    end: cursor.endIndex,
    children: [],
    parent,
    source,
  };
}

export function textOf(node: SyntaxNode): string {
  return node.source.slice(node.start, node.end);
}

export function childOf(node: SyntaxNode, field: string): SyntaxNode | null {
  return node.children.find(child => child.field === field) ?? null;
}

export function childrenOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter(child => child.field === field && child.isNamed);
}

export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter(child => child.isNamed);
}

export function childOfType(node: SyntaxNode, type: string): SyntaxNode | null {
  return node.children.find(child => child.type === type) ?? null;
}

/** The node and all below it, in the order of the text. */
export function* below(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of node.children) yield* below(child);
}
