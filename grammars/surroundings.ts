import type { Node, Tree } from 'web-tree-sitter';
import { declaredName } from './declaredName.js';
import { definitionTableOf } from './definitionTable.js';
import type { LoadedGrammar } from './parse.js';
import type { Surroundings } from './trees.js';

/** What encloses an offset: what stands strictly around it, and what ends there but is still open. */
export function surroundingsAt(tree: Tree, grammar: LoadedGrammar, text: string, offset: number): Surroundings {
  const table = definitionTableOf(grammar);
  const nodes = enclosing(tree, offset);
  const scopes: string[] = [];
  for (const node of nodes) {
    const rule = table.rules.get(node.typeId);
    if (rule === undefined || rule.nameField === null || node.startIndex >= offset || node.endIndex < offset) continue;
    // A value encloses nothing, unless it is a function.
    if (rule.role === 'outer' && !functions.has(node.childForFieldName('value')?.type ?? '')) continue;
    const named = node.childForFieldId(rule.nameField);
    const name = named === null || named.endIndex > offset ? null : declaredName(named, table, text);
    if (name !== null) scopes.push(name.name);
  }
  const quoting = quotingAmong(nodes, grammar, text, offset);
  return { inComment: quoting?.kind === 'comment', inString: quoting?.kind === 'string', scopes };
}

const functions = new Set(['arrow_function', 'function_expression']);

/** The comment or string that an offset is inside of. */
export interface Quoting {
  readonly kind: 'comment' | 'string';
  readonly start: number;
}

export function quotingAt(tree: Tree, grammar: LoadedGrammar, text: string, offset: number): Quoting | null {
  return quotingAmong(enclosing(tree, offset), grammar, text, offset);
}

function quotingAmong(nodes: readonly Node[], grammar: LoadedGrammar, text: string, offset: number): Quoting | null {
  const comments = captureTypes(grammar, 'comments');
  const strings = captureTypes(grammar, 'strings');
  let quoting: Quoting | null = null;
  for (const node of nodes) {
    const capture = strings.get(node.type);
    if (capture === 'code') quoting = null;
    else if (capture === 'string' && isInsideString(node, offset)) quoting = { kind: 'string', start: node.startIndex };
    else if (comments.has(node.type) && isInsideComment(node, text, offset)) {
      return { kind: 'comment', start: node.startIndex };
    }
  }
  return quoting;
}

/** The nodes around an offset, outermost first; where one ends at it and another begins, the one that ends. */
function enclosing(tree: Tree, offset: number): Node[] {
  const found: Node[] = [];
  let node: Node | null = tree.rootNode.descendantForIndex(Math.max(0, offset - 1), Math.max(0, offset - 1));
  for (; node !== null; node = node.parent) found.push(node);
  return found.reverse();
}

function isInsideComment(node: Node, text: string, offset: number): boolean {
  const { startIndex, endIndex } = node;
  if (offset <= startIndex || offset > endIndex) return false;
  if (offset < endIndex) return true;
  // At its end: a line comment goes on being typed, a closed block comment does not.
  const start = text.slice(startIndex, startIndex + 4);
  return !(start.startsWith('/*') && text.slice(0, offset).endsWith('*/')) && !start.startsWith('<!--');
}

function isInsideString(node: Node, offset: number): boolean {
  const { startIndex, endIndex } = node;
  if (offset <= startIndex || offset > endIndex) return false;
  if (offset < endIndex) return true;
  // At its end: inside only where the closing quote is missing.
  return node.lastChild?.isMissing === true;
}

const cache = new WeakMap<LoadedGrammar, Map<'comments' | 'strings', ReadonlyMap<string, string>>>();

/** Node types of a query whose patterns are single nodes, with the names of their captures. */
function captureTypes(grammar: LoadedGrammar, query: 'comments' | 'strings'): ReadonlyMap<string, string> {
  const queries = cache.get(grammar) ?? new Map<'comments' | 'strings', ReadonlyMap<string, string>>();
  cache.set(grammar, queries);
  const known = queries.get(query);
  if (known !== undefined) return known;
  const found = new Map<string, string>();
  for (const [, type = '', capture = ''] of grammar.querySource(query).matchAll(/^\((\w+)\) @(\w+)$/gm)) {
    found.set(type, capture);
  }
  queries.set(query, found);
  return found;
}
