import type { Node } from 'web-tree-sitter';
import type { MutantKind, Place } from './row.js';

/** Where TypeScript and JavaScript name something that must be there already. */
export function scriptPlaces(root: Node): readonly Place[] {
  const places: Place[] = [];
  const visit = (node: Node): void => {
    const kind = kindOf(node);
    if (kind !== null) places.push({ kind, start: node.startIndex, end: node.endIndex });
    for (const child of node.namedChildren) if (child !== null) visit(child);
  };
  visit(root);
  return places;
}

function kindOf(node: Node): MutantKind | null {
  const { parent } = node;
  if (parent === null) return null;
  switch (node.type) {
    case 'property_identifier':
      return parent.type === 'member_expression' && !isTarget(parent) ? 'member' : null;
    case 'shorthand_property_identifier':
      return 'name';
    case 'shorthand_property_identifier_pattern':
      return isTakenFromModule(node) ? 'import' : null;
    case 'type_identifier':
      return isField(parent, 'name', node) ? null : 'type';
    case 'string_fragment':
      return isModuleName(parent) ? 'module' : null;
    case 'identifier':
      return kindOfIdentifier(node, parent);
    default:
      return null;
  }
}

const declaring =
  /declaration|declarator|pattern|function|class|clause|namespace|enum|label|catch|specifier|method|index_signature/;

function kindOfIdentifier(node: Node, parent: Node): MutantKind | null {
  if (parent.type === 'import_specifier') return isField(parent, 'name', node) ? 'import' : null;
  if (
    parent.type === 'formal_parameters' ||
    (/^(?:required|optional)_parameter$/.test(parent.type) && isField(parent, 'pattern', node))
  ) {
    return isUsed(node) ? 'parameter' : null;
  }
  if (isField(parent, 'value', node) || isField(parent, 'function', node) || isField(parent, 'right', node))
    return 'name';
  if (declaring.test(parent.type) || isTarget(node) || isField(parent, 'parameter', node)) return null;
  // What is asked for need not be there, and what is made by a pattern is not.
  if (parent.type === 'unary_expression' && parent.child(0)?.type === 'typeof') return null;
  if (parent.type === 'for_in_statement' && isField(parent, 'left', node)) return null;
  return /jsx|export/.test(parent.type) ? null : 'name';
}

/** Assigned to, or deleted: that makes a member, or needs none. */
function isTarget(node: Node): boolean {
  const { parent } = node;
  if (parent === null) return false;
  if (/^(?:augmented_)?assignment_expression$/.test(parent.type)) return isField(parent, 'left', node);
  return (
    parent.type === 'update_expression' || (parent.type === 'unary_expression' && parent.child(0)?.type === 'delete')
  );
}

function isField(parent: Node, field: string, node: Node): boolean {
  return parent.childForFieldName(field)?.id === node.id;
}

function isModuleName(text: Node): boolean {
  const { parent } = text;
  if (parent === null) return false;
  if (/^(?:import|export)_statement$/.test(parent.type)) return isField(parent, 'source', text);
  const call = parent.type === 'arguments' ? parent.parent : null;
  return call?.type === 'call_expression' && call.childForFieldName('function')?.text === 'require';
}

function isTakenFromModule(node: Node): boolean {
  const declarator = node.parent?.parent;
  const value = declarator?.type === 'variable_declarator' ? declarator.childForFieldName('value') : null;
  return value?.type === 'call_expression' && value.childForFieldName('function')?.text === 'require';
}

/** Whether the function says the name of its parameter once more. */
function isUsed(node: Node): boolean {
  let holder: Node | null = node.parent;
  while (holder !== null && holder.childForFieldName('parameters') === null) holder = holder.parent;
  const body = holder?.childForFieldName('body') ?? null;
  if (body === null) return false;
  return body.descendantsOfType(['identifier', 'shorthand_property_identifier']).some(use => use?.text === node.text);
}
