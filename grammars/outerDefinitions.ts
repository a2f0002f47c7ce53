import type { Node, Tree, TreeCursor } from 'web-tree-sitter';
import { declaredName } from './declaredName.js';
import type { DefinitionTable } from './definitionTable.js';
import type { RawDefinition } from './rawDefinition.js';

/** Values defined outside functions: found by walking only what may hold them, which skips nearly all of a file. */
export function outerDefinitions(tree: Tree, table: DefinitionTable, text: string): RawDefinition[] {
  const found: RawDefinition[] = [];
  const cursor = tree.walk();
  try {
    collect(cursor, -1, table, text, found);
  } finally {
    cursor.delete();
  }
  return found;
}

/** `statement` is where the statement began whose parts are walked, or -1. */
function collect(
  cursor: TreeCursor,
  statement: number,
  table: DefinitionTable,
  text: string,
  found: RawDefinition[],
): void {
  if (!cursor.gotoFirstChild()) return;
  let first = true;
  do {
    const id = cursor.nodeTypeId;
    const role = id === errorTypeId ? 1 : (table.outer[id] ?? 0);
    if (role === 2) {
      found.push(...itemsOf(cursor.currentNode, first ? statement : -1, table, text));
      first = false;
    } else if (role === 1) {
      const inside = statements.has(cursor.nodeType);
      collect(cursor, inside ? (statement < 0 ? cursor.startIndex : statement) : -1, table, text, found);
    }
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

function itemsOf(node: Node, statement: number, table: DefinitionTable, text: string): RawDefinition[] {
  const rule = table.rules.get(node.typeId);
  if (rule === undefined || rule.nameField === null) return [];
  const start = statement < 0 ? node.startIndex : statement;
  const end = node.endIndex;
  const value = node.type === 'variable_declarator' ? node.childForFieldName('value') : null;
  const isFunction = value !== null && functions.has(value.type);
  return node.childrenForFieldId(rule.nameField).flatMap((child, at) => {
    const name = child === null ? null : declaredName(child, table, text);
    // A pattern on the left side names nothing by itself.
    if (name === null || !isName.test(name.name)) return [];
    const alone = { start: name.start, end: name.end };
    return [
      {
        ...(at === 0 ? { start, end } : alone),
        rule,
        type: node.type,
        name,
        body: isFunction ? bodyOf(value, table) : -1,
        further: at > 0,
        isFunction,
      },
    ];
  });
}

function bodyOf(node: Node, table: DefinitionTable): number {
  return (table.bodyField === null ? null : node.childForFieldId(table.bodyField))?.startIndex ?? -1;
}

const functions = new Set(['arrow_function', 'function_expression', 'generator_function']);
const errorTypeId = 65535;
const isName = /^(?:~|operator\b)?[^\s()[\]{};,]*$/u;
const statements = new Set([
  'export_statement',
  'expression_statement',
  'lexical_declaration',
  'variable_declaration',
  'const_declaration',
  'var_declaration',
]);
