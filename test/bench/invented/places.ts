import type { Node } from 'web-tree-sitter';

/** The node and all below it. */
export function* nodesBelow(node: Node): Generator<Node> {
  yield node;
  for (const child of node.namedChildren) if (child !== null) yield* nodesBelow(child);
}

/** Whether a node is one of the children that its parent calls `field`. */
export function isField(node: Node, field: string): boolean {
  return node.parent?.childrenForFieldName(field).some(child => child?.id === node.id) === true;
}

/** Whether a name is used below a node as something of one of these types. */
export function usesName(node: Node | null, name: string, types: readonly string[]): boolean {
  if (node === null) return false;
  for (const each of nodesBelow(node)) if (types.includes(each.type) && each.text === name) return true;
  return false;
}
