import type { Tree } from 'web-tree-sitter';

/** An ERROR or MISSING node. */
export interface TreeError {
  readonly start: number;
  readonly end: number;
}

/** Errors that end after `from`, in the order of the text; only what holds an error is walked. Stops after `limit`. */
export function errorsAfter(tree: Tree, from: number, limit = 50): TreeError[] {
  const found: TreeError[] = [];
  if (!tree.rootNode.hasError) return found;
  const cursor = tree.walk();
  try {
    // Children of an ERROR are looked into too: several faults may stand in one.
    const visit = (): void => {
      if (!cursor.gotoFirstChild()) return;
      do {
        if (cursor.endIndex < from || found.length >= limit) continue;
        const isError = cursor.nodeTypeId === errorTypeId;
        if (isError || cursor.nodeIsMissing) found.push({ start: cursor.startIndex, end: cursor.endIndex });
        if (isError || cursor.currentNode.hasError) visit();
      } while (cursor.gotoNextSibling());
      cursor.gotoParent();
    };
    if (cursor.nodeTypeId === errorTypeId) found.push({ start: cursor.startIndex, end: cursor.endIndex });
    visit();
  } finally {
    cursor.delete();
  }
  return found;
}

const errorTypeId = 65535;
