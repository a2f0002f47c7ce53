import type { Tree, TreeCursor } from 'web-tree-sitter';

export interface BracketToken {
  readonly type: string;
  readonly offset: number;
}

export interface Balance {
  /** Offsets of closers whose openers stand before the tokens. */
  readonly unmatched: readonly number[];
  /** What would close, innermost first, what the tokens leave open. */
  readonly closers: string;
}

/** The brackets of a range, taken from the tree's tokens: what stands in strings and comments is none. */
export function bracketTokens(tree: Tree, start: number, end: number): BracketToken[] {
  const found: BracketToken[] = [];
  const cursor = tree.walk();
  try {
    visit(cursor, start, end, found);
  } finally {
    cursor.delete();
  }
  return found;
}

/** `until` is an offset; later tokens do not count. */
export function balanceOf(tokens: readonly BracketToken[], until: number): Balance {
  const unmatched: number[] = [];
  const open: string[] = [];
  for (const { type, offset } of tokens) {
    if (offset >= until) break;
    const closer = closerOf.get(type);
    if (closer !== undefined) open.push(closer);
    else {
      const at = open.lastIndexOf(type);
      if (at < 0) unmatched.push(offset);
      else open.length = at;
    }
  }
  return { unmatched, closers: open.reverse().join('') };
}

/** The brackets that are open at `until`, outermost first. */
export function openersOf(tokens: readonly BracketToken[], until: number): readonly BracketToken[] {
  const open: BracketToken[] = [];
  for (const token of tokens) {
    if (token.offset >= until) break;
    if (closerOf.has(token.type)) open.push(token);
    else {
      const at = open.findLastIndex(({ type }) => closerOf.get(type) === token.type);
      if (at >= 0) open.length = at;
    }
  }
  return open;
}

/** What closes an opener; empty where the type is of none. */
export function closerFor(type: string): string {
  return closerOf.get(type) ?? '';
}

function visit(cursor: TreeCursor, start: number, end: number, found: BracketToken[]): void {
  // gotoFirstChildForIndex of web-tree-sitter 0.27.1 always goes to the first child and says that it failed.
  if (!cursor.gotoFirstChild()) return;
  do {
    if (cursor.endIndex <= start) continue;
    if (cursor.startIndex >= end) break;
    if (cursor.nodeIsNamed) visit(cursor, start, end, found);
    else if (cursor.startIndex >= start && brackets.has(cursor.nodeType) && !cursor.nodeIsMissing) {
      found.push({ type: cursor.nodeType, offset: cursor.startIndex });
    }
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

const closerOf = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['${', '}'],
  ['#[', ']'],
  ['{|', '|}'],
]);
const brackets = new Set([...closerOf.keys(), ...closerOf.values()]);
