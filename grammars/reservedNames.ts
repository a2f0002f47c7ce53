import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { LoadedGrammar } from './parse.js';

/**
 * The end of the last token before a reserved word that stands as a name; `end` where there is none. A lexer of
 * tree-sitter takes a keyword for an identifier where that keyword cannot stand, so `const a = return` parses.
 */
export function beforeReservedName(
  tree: Tree,
  grammar: LoadedGrammar,
  start: number,
  end: number,
  text: string,
): number {
  const reserved = reservedOf(grammar);
  const cursor = tree.walk();
  try {
    const found = firstReserved(cursor, start, end, text, reserved);
    return found === null ? end : start + text.slice(start, found).trimEnd().length;
  } finally {
    cursor.delete();
  }
}

function firstReserved(
  cursor: TreeCursor,
  start: number,
  end: number,
  text: string,
  reserved: ReadonlySet<string>,
): number | null {
  if (cursor.nodeType === 'identifier') {
    const from = cursor.startIndex;
    return from >= start && reserved.has(text.slice(from, cursor.endIndex)) ? from : null;
  }
  if (!cursor.gotoFirstChild()) return null;
  let found: number | null = null;
  do {
    if (cursor.endIndex <= start) continue;
    if (cursor.startIndex >= end) break;
    found = firstReserved(cursor, start, end, text, reserved);
  } while (found === null && cursor.gotoNextSibling());
  cursor.gotoParent();
  return found;
}

const cache = new WeakMap<LoadedGrammar, ReadonlySet<string>>();

/** Those of the words below that are keywords of the grammar. */
function reservedOf(grammar: LoadedGrammar): ReadonlySet<string> {
  const known = cache.get(grammar);
  if (known !== undefined) return known;
  const words = new Set(neverNames.filter(word => grammar.grammar.types.includes(word)));
  cache.set(grammar, words);
  return words;
}

/** Keywords that no language has as names too; `type`, `default` or `case` are names somewhere. */
const neverNames = [
  ...['break', 'catch', 'class', 'const', 'continue', 'def', 'do', 'elif', 'else', 'except', 'finally', 'fn', 'for'],
  ...['func', 'function', 'if', 'return', 'struct', 'switch', 'throw', 'try', 'while'],
];
