import type { Tree } from 'web-tree-sitter';
import { editTree } from './editTree.js';
import type { Language } from './language.js';
import type { Grammars, LoadedGrammar } from './parse.js';

/** A document and its tree, which fits the text. */
export interface ParsedDocument {
  readonly language: Language;
  readonly grammar: LoadedGrammar;
  readonly text: string;
  readonly tree: Tree;
}

/** `text` is to replace [start, end). */
export interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Parses the document as it would be, from the tree that it has; null when the time is over. */
export function withInserted<Result>(
  grammars: Grammars,
  doc: ParsedDocument,
  { start, end, text }: Insertion,
  deadlineMs: number,
  use: (tree: Tree) => Result,
): Result | null {
  const old = doc.tree.copy();
  try {
    editTree(old, doc.text, start, end, text);
    const content = doc.text.slice(0, start) + text + doc.text.slice(end);
    const tree = grammars.parse(doc.grammar, content, old, { deadlineMs });
    if (tree === null) return null;
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  } finally {
    old.delete();
  }
}
