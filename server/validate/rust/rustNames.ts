import { below, childOf, childrenOf, namedChildren, textOf, type SyntaxNode } from '../../../grammars/plainTree.js';

/** What one file declares and takes in. */
export interface RustNames {
  /** Items at any depth, imports, names in macros that may declare: what a plain name may stand for. */
  readonly names: ReadonlySet<string>;
  /** Fields, methods, variants and all the rest that stands behind a dot or `::`. */
  readonly members: ReadonlySet<string>;
  /** Whether more names come in than are named: by `use x::*`, or from a macro that makes items. */
  readonly isOpen: boolean;
}

/** Syntax that declares something outside of bodies. */
export const items: ReadonlySet<string> = new Set([
  'function_item',
  'function_signature_item',
  'struct_item',
  'enum_item',
  'union_item',
  'mod_item',
  'const_item',
  'static_item',
  'trait_item',
  'type_item',
  'macro_definition',
]);

export function rustNames(root: SyntaxNode): RustNames {
  const names = new Set<string>();
  const members = new Set<string>();
  let isOpen = false;
  for (const node of below(root)) {
    const name = childOf(node, 'name');
    if (items.has(node.type) && name !== null) {
      (isAssociated(node) ? members : names).add(plain(name));
      members.add(plain(name));
    }
    switch (node.type) {
      case 'field_declaration':
      case 'associated_type':
      case 'enum_variant':
        if (name !== null) members.add(plain(name));
        break;
      case 'use_declaration':
        for (const each of importedNames(node)) names.add(each);
        break;
      case 'use_wildcard':
        if (!isOfThisFile(node, root)) isOpen = true;
        // Variants come in by the name of their enum.
        break;
      case 'extern_crate_declaration': {
        const called = childOf(node, 'alias') ?? name;
        if (called !== null) names.add(plain(called));
        break;
      }
      case 'macro_definition':
        addWords(node, names, members);
        break;
      case 'macro_invocation':
        if (isItem(node)) isOpen = true;
        if (!readMacros.has(macroName(node)))
          for (const each of namedChildren(node)) if (each.type === 'token_tree') addWords(each, names, members);
        break;
    }
  }
  if (isOpen || textOf(root).includes('use '))
    for (const node of below(root)) if (node.type === 'enum_variant') addName(node, names);
  return { names, members, isOpen };
}

/** Macros whose arguments are expressions. */
export const readMacros: ReadonlySet<string> = new Set(
  `println print eprintln eprint format write writeln panic assert assert_eq assert_ne debug_assert debug_assert_eq
   debug_assert_ne vec todo unimplemented unreachable dbg matches format_args`.split(/\s+/),
);

export function macroName(node: SyntaxNode): string {
  const macro = childOf(node, 'macro');
  return macro === null ? '' : (textOf(macro).split('::').at(-1) ?? '');
}

/** As it is called: `r#type` is `type`. */
export function plain(node: SyntaxNode): string {
  return textOf(node).replace(/^r#/, '');
}

function addName(node: SyntaxNode, names: Set<string>): void {
  const name = childOf(node, 'name');
  if (name !== null) names.add(plain(name));
}

function addWords(node: SyntaxNode, ...sets: readonly Set<string>[]): void {
  for (const [word] of textOf(node).matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) for (const set of sets) set.add(word);
}

/** A method or constant of a type or trait. */
function isAssociated(node: SyntaxNode): boolean {
  return node.parent?.type === 'declaration_list' && /^(?:impl|trait)_item$/.test(node.parent.parent?.type ?? '');
}

function isItem(node: SyntaxNode): boolean {
  const outer = node.parent?.type === 'expression_statement' ? node.parent.parent : node.parent;
  return outer?.type === 'source_file' || outer?.type === 'declaration_list';
}

/** `use super::*` of a module inside of this file, and `use Enum::*` of one that it declares. */
function isOfThisFile(node: SyntaxNode, root: SyntaxNode): boolean {
  const path = textOf(node).replace(/\s*::\s*\*$/, '');
  let depth = 0;
  for (let at = node.parent; at !== null; at = at.parent) if (at.type === 'mod_item') depth++;
  if (/^super(?:::super)*$/.test(path)) return path.split('::').length <= depth;
  const last = path.split('::').at(-1) ?? '';
  if (last === 'Self') return true;
  for (const each of below(root)) {
    const name = each.type === 'enum_item' || each.type === 'mod_item' ? childOf(each, 'name') : null;
    if (name !== null && plain(name) === last && (each.type === 'enum_item' || childOf(each, 'body') !== null))
      return true;
  }
  return false;
}

function importedNames(node: SyntaxNode): string[] {
  switch (node.type) {
    case 'use_declaration': {
      const argument = childOf(node, 'argument');
      return argument === null ? [] : importedNames(argument);
    }
    case 'identifier':
      return [plain(node)];
    case 'scoped_identifier': {
      const name = childOf(node, 'name');
      return name === null ? [] : [plain(name)];
    }
    case 'use_as_clause': {
      const alias = childOf(node, 'alias');
      return alias === null ? [] : [plain(alias)];
    }
    case 'scoped_use_list': {
      const [path, list] = [childOf(node, 'path'), childOf(node, 'list')];
      const last = path === null ? [] : [textOf(path).split('::').at(-1) ?? ''];
      return list === null
        ? []
        : namedChildren(list).flatMap(each => (each.type === 'self' ? last : importedNames(each)));
    }
    case 'use_list':
      return namedChildren(node).flatMap(importedNames);
    default:
      return [];
  }
}

/** Names that are bound anywhere in a function: parameters, locals, of closures and patterns, and its generics. */
export function boundNames(node: SyntaxNode, into: Set<string>): void {
  for (const each of below(node)) {
    if (each.type === 'closure_parameters') for (const child of namedChildren(each)) addPattern(child, into);
    if (each.type === 'type_parameters') {
      for (const child of namedChildren(each)) {
        const name = childOf(child, 'name') ?? childOf(child, 'left') ?? (child.isNamed ? child : null);
        if (name !== null) into.add(plain(name));
      }
    }
    for (const pattern of childrenOf(each, 'pattern')) addPattern(pattern, into);
  }
}

function addPattern(node: SyntaxNode, into: Set<string>): void {
  if (node.type === 'parameter') return;
  for (const each of below(node)) {
    if (each.type === 'shorthand_field_identifier') into.add(plain(each));
    if (each.type !== 'identifier' || each.field === 'type' || each.field === 'path' || each.field === 'condition')
      continue;
    if (each.parent?.type !== 'scoped_identifier' && !isInCondition(each, node)) into.add(plain(each));
  }
}

function isInCondition(node: SyntaxNode, top: SyntaxNode): boolean {
  for (let at: SyntaxNode | null = node; at !== null && at !== top; at = at.parent)
    if (at.field === 'condition') return true;
  return false;
}
