/** The only types of web-tree-sitter that other folders see: what rules over syntax trees walk. */
export type { Node, Tree, TreeCursor } from 'web-tree-sitter';
