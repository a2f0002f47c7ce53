import type { Node, Tree } from 'web-tree-sitter';
import { declaredName, receiverType, type DeclaredName } from './declaredName.js';
import type { DefinitionRule, DefinitionTable } from './definitionTable.js';
import type { RawDefinition } from './rawDefinition.js';

/** Definitions wherever they stand. */
export function deepDefinitions(tree: Tree, table: DefinitionTable, text: string): RawDefinition[] {
  const found: RawDefinition[] = [];
  let wrapper = { start: -1, end: -1 };
  for (const node of tree.rootNode.descendantsOfType([...table.types])) {
    const rule = table.rules.get(node.typeId);
    if (rule === undefined) continue;
    const start = node.startIndex;
    const end = node.endIndex;
    const wrapped = start >= wrapper.start && end <= wrapper.end && end >= wrapper.end - 2;
    if (rule.role === 'wrapper') {
      // The outermost counts: what is exported with decorators, a template in a template.
      if (!wrapped) wrapper = { start, end };
      continue;
    }
    if (rule.role === 'unnamed') {
      const named = namedFunction(node, start, end, rule, table, text);
      if (named !== null) found.push(named);
      continue;
    }
    found.push(...definitionsOf(node, wrapped ? wrapper.start : start, end, rule, table, text));
    if (wrapped) wrapper = { start: -1, end: -1 };
  }
  return found;
}

function definitionsOf(
  node: Node,
  start: number,
  end: number,
  rule: DefinitionRule,
  table: DefinitionTable,
  text: string,
): RawDefinition[] {
  const body = table.bodyField === null ? null : node.childForFieldId(table.bodyField);
  const type = node.type;
  // `struct stat s;` mentions a struct, it does not define one.
  if (body === null && type.endsWith('_specifier')) return [];
  const found: RawDefinition[] = [];
  for (const child of nameNodes(node, end, rule, text)) {
    const name = declaredName(child, table, text);
    if (name === null) continue;
    const first = found.length === 0;
    found.push({
      rule,
      type,
      name: withReceiver(name, node, table, text),
      start: first ? start : name.start,
      end: first ? end : name.end,
      body: first ? (body?.startIndex ?? -1) : -1,
      further: !first,
    });
  }
  return found;
}

/** Several where one definition names several, as in `int a, b;`. */
function nameNodes(node: Node, end: number, rule: DefinitionRule, text: string): Node[] {
  if (rule.nameField === null) return looseNames(node);
  if (rule.kind === 'field' && text.slice(node.startIndex, end).includes(',')) {
    return node.childrenForFieldId(rule.nameField).filter(child => child !== null);
  }
  const only = node.childForFieldId(rule.nameField);
  return only === null ? [] : [only];
}

/** C# keeps the names of fields in a declaration that has no field of its own. */
function looseNames(node: Node): Node[] {
  const declaration = node.namedChildren.find(child => child.type === 'variable_declaration');
  return (declaration?.namedChildren ?? []).flatMap(child => {
    const name = child.type === 'variable_declarator' ? child.childForFieldName('name') : null;
    return name === null ? [] : [name];
  });
}

function withReceiver(name: DeclaredName, node: Node, table: DefinitionTable, text: string): DeclaredName {
  const receiver = table.receiverField === null ? null : node.childForFieldId(table.receiverField);
  return receiver === null
    ? name
    : { ...name, owner: receiverType(text.slice(receiver.startIndex, receiver.endIndex)) };
}

/** A function without a name of its own, where what stands before it on its line gives it one. */
function namedFunction(
  node: Node,
  start: number,
  end: number,
  rule: DefinitionRule,
  table: DefinitionTable,
  text: string,
): RawDefinition | null {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - 300);
  const before = text.slice(lineStart, start);
  if (!/[=:]\s*$/.test(before)) return null;
  const match = declares.exec(before) ?? assigns.exec(before);
  const [, lead = '', name = ''] = match ?? [];
  if (match === null || name === '') return null;
  const nameStart = lineStart + match.index + lead.length;
  const body = table.bodyField === null ? null : node.childForFieldId(table.bodyField);
  return {
    rule: match[0].trimEnd().endsWith(':') ? { ...rule, kind: 'method' } : rule,
    type: node.type,
    name: { name, start: nameStart, end: nameStart + name.length, owner: '', callable: true },
    start: lineStart + match.index + (/^\s*/.exec(lead)?.[0].length ?? 0),
    end,
    body: body?.startIndex ?? -1,
    further: false,
  };
}

/** `const name: Type = ` and the like. */
const declares = /^(\s*(?:export\s+)?(?:const|let|var)\s+)([\w$]+)\b[^;]*=\s*$/;
/** `module.name = `, `name: `. */
const assigns = /^(\s*(?:[\w$]+\.)*)([\w$]+)\s*[=:]\s*$/;
