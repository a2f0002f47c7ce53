import type { Node } from 'web-tree-sitter';
import type { DefinitionTable } from './definitionTable.js';

export interface DeclaredName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The type that the name is written on, as `Foo` in `Foo::bar`; else empty. */
  readonly owner: string;
  /** Whether a C declarator declares a function. */
  readonly callable: boolean;
}

/** The name that a name or declarator node declares; null where it declares none. */
export function declaredName(node: Node, table: DefinitionTable, text: string): DeclaredName | null {
  let inner = node;
  let owner = '';
  let callable = false;
  // A declarator wraps its name: *(*name[3])(int). Each step goes one wrapper inwards.
  for (let depth = 0; depth < 12; depth++) {
    const type = inner.type;
    if (type === 'qualified_identifier') {
      const scope = fieldOf(inner, table.scopeField);
      if (scope !== null) owner = joinOwner(owner, text.slice(scope.startIndex, scope.endIndex));
    } else if (!type.endsWith('declarator') && type !== 'pointer_type_declarator') break;
    callable ||= type === 'function_declarator';
    const next =
      fieldOf(inner, type === 'qualified_identifier' ? table.nameField : table.declaratorField) ??
      fieldOf(inner, table.nameField) ??
      inner.lastNamedChild;
    if (next === null) return null;
    inner = next;
  }
  const start = inner.startIndex;
  const written = text.slice(start, inner.endIndex);
  const name = plainName(written);
  if (name === '' || name.length > 200) return null;
  return {
    name,
    start,
    end: start + (written.startsWith(name) ? name.length : written.length),
    owner: plainName(owner),
    callable,
  };
}

/** Without quotes, type parameters and what a conversion operator is declared with. */
function plainName(written: string): string {
  const quoted = /^(['"])(.*)\1$/s.exec(written);
  if (quoted !== null) return quoted[2] ?? '';
  if (written.startsWith('operator')) return written.replace(/^(operator\s+\w[\w:]*)\s*\(.*$/s, '$1');
  return written.replace(/^([\p{ID_Continue}$:]+)\s*[<[].*$/su, '$1');
}

/** `*Server[T]` of `(s *Server[T])`. */
export function receiverType(receiver: string): string {
  return /(\w+)\s*(?:\[[^\]]*\])?\s*\)$/.exec(receiver)?.[1] ?? '';
}

function fieldOf(node: Node, field: number | null): Node | null {
  return field === null ? null : node.childForFieldId(field);
}

function joinOwner(outer: string, inner: string): string {
  return outer === '' ? inner : `${outer}::${inner}`;
}
