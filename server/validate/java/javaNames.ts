import { below, childOf, childrenOf, namedChildren, textOf, type SyntaxNode } from '../../../grammars/plainTree.js';

export const typeDeclarations = new Set([
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
  'annotation_type_declaration',
]);

export interface JavaImport {
  readonly node: SyntaxNode;
  /** Without the asterisk. */
  readonly path: string;
  readonly isStatic: boolean;
  readonly isWild: boolean;
}

/** A type that a file declares, or an anonymous one. */
export interface DeclaredType {
  /** The empty string for an anonymous one. */
  readonly name: string;
  readonly body: SyntaxNode | null;
  readonly parents: readonly string[];
  readonly members: ReadonlySet<string>;
}

export interface JavaFile {
  readonly packageName: string;
  readonly imports: readonly JavaImport[];
  /** By the node that declares them. */
  readonly types: ReadonlyMap<SyntaxNode, DeclaredType>;
  /** Of all of them. */
  readonly members: ReadonlySet<string>;
}

export function readJavaFile(root: SyntaxNode): JavaFile {
  const imports: JavaImport[] = [];
  const types = new Map<SyntaxNode, DeclaredType>();
  const members = new Set<string>();
  let packageName = '';
  for (const node of below(root)) {
    if (node.type === 'package_declaration') packageName = textOf(namedChildren(node).at(-1) ?? node);
    else if (node.type === 'import_declaration') imports.push(importOf(node));
    else if (typeDeclarations.has(node.type) || isAnonymous(node)) {
      const type = declaredType(node);
      types.set(node, type);
      for (const name of [type.name, ...type.members]) members.add(name);
    }
  }
  return { packageName, imports, types, members };
}

function importOf(node: SyntaxNode): JavaImport {
  const path = namedChildren(node).find(({ type }) => type === 'scoped_identifier' || type === 'identifier');
  return {
    node: path ?? node,
    path: path === undefined ? '' : textOf(path).replace(/\s+/g, ''),
    isStatic: node.children.some(({ type }) => type === 'static'),
    isWild: node.children.some(({ type }) => type === 'asterisk'),
  };
}

function isAnonymous(node: SyntaxNode): boolean {
  return (
    (node.type === 'object_creation_expression' || node.type === 'enum_constant') &&
    node.children.some(({ type }) => type === 'class_body')
  );
}

function declaredType(node: SyntaxNode): DeclaredType {
  const name = typeDeclarations.has(node.type) ? childOf(node, 'name') : null;
  const body = childOf(node, 'body') ?? node.children.find(({ type }) => type === 'class_body') ?? null;
  const members = new Set<string>();
  const parents: string[] = [];
  if (node.type === 'object_creation_expression') parents.push(...typeNames(childOf(node, 'type')));
  for (const child of node.children) {
    if (
      /^(?:superclass|super_interfaces|extends_interfaces|interfaces)$/.test(child.type) ||
      child.field === 'superclass' ||
      child.field === 'interfaces'
    )
      for (const each of namedChildren(child))
        parents.push(...(each.type === 'type_list' ? namedChildren(each).flatMap(typeNames) : typeNames(each)));
  }
  if (node.type === 'enum_declaration')
    for (const each of ['values', 'valueOf', 'ordinal', 'name', 'compareTo', 'getDeclaringClass']) members.add(each);
  if (node.type === 'record_declaration') {
    const parameters = childOf(node, 'parameters');
    for (const each of parameters === null ? [] : namedChildren(parameters)) addName(each, members);
  }
  if (body !== null) addMembers(body, members);
  return { name: name === null ? '' : textOf(name), body, parents, members };
}

function addMembers(body: SyntaxNode, into: Set<string>): void {
  for (const each of namedChildren(body)) {
    if (each.type === 'enum_body_declarations') addMembers(each, into);
    else if (/^(?:field|constant)_declaration$/.test(each.type))
      for (const one of childrenOf(each, 'declarator')) addName(one, into);
    else addName(each, into);
  }
}

function addName(node: SyntaxNode, into: Set<string>): void {
  const name = childOf(node, 'name') ?? node.children.find(({ type }) => type === 'variable_declarator') ?? null;
  const inner = name?.type === 'variable_declarator' ? childOf(name, 'name') : name;
  if (inner !== null) into.add(textOf(inner));
}

/** `Map.Entry` of `Map.Entry<K, V>`. */
function typeNames(node: SyntaxNode | null): string[] {
  if (node === null) return [];
  if (node.type === 'generic_type') return typeNames(namedChildren(node)[0] ?? null);
  return /^(?:scoped_)?type_identifier$/.test(node.type) ? [textOf(node).replace(/<[^>]*>|\s+/g, '')] : [];
}

/** Names that are bound anywhere in a member of a type: parameters, locals, of lambdas and patterns, and generics. */
export function boundNames(node: SyntaxNode, into: Set<string>): void {
  for (const each of below(node)) {
    switch (each.type) {
      case 'formal_parameter':
      case 'catch_formal_parameter':
      case 'resource':
      case 'variable_declarator':
      case 'enhanced_for_statement':
      case 'instanceof_expression':
        for (const name of childrenOf(each, 'name')) into.add(textOf(name));
        break;
      case 'spread_parameter':
        addName(each, into);
        break;
      case 'lambda_expression': {
        const parameters = childOf(each, 'parameters');
        if (parameters?.type === 'identifier') into.add(textOf(parameters));
        break;
      }
      case 'inferred_parameters':
      case 'type_pattern':
      case 'record_pattern_component':
        for (const name of namedChildren(each)) if (name.type === 'identifier') into.add(textOf(name));
        break;
      case 'type_parameter': {
        const name = namedChildren(each).find(({ type }) => type === 'type_identifier' || type === 'identifier');
        if (name !== undefined) into.add(textOf(name));
        break;
      }
    }
  }
}
