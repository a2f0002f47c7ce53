import type { SyntaxNode } from '../../../grammars/plainTree.js';

/** A type of Go as far as it can be followed; `unknown` wherever it cannot, and nothing is then said of its members. */
export type GoType =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'basic'; readonly name: string; readonly isUntyped?: boolean }
  | NamedType
  | { readonly kind: 'pointer' | 'slice' | 'channel'; readonly of: GoType }
  | { readonly kind: 'array'; readonly of: GoType }
  | { readonly kind: 'map'; readonly key: GoType; readonly of: GoType }
  | FunctionType
  | { readonly kind: 'tuple'; readonly types: readonly GoType[] }
  /** A struct or an interface: read when it is asked for a member. */
  | { readonly kind: 'struct' | 'interface'; readonly node: SyntaxNode; readonly scope: Scope }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly constraint: SyntaxNode | null;
      readonly scope: Scope;
    };

/** A declared type, by where it is declared; `scope` is that of its declaration inside a function, and null outside. */
export interface NamedType {
  readonly kind: 'named';
  /** Import path. */
  readonly path: string;
  readonly name: string;
  readonly args: readonly GoType[];
  readonly local: LocalType | null;
}

export interface LocalType {
  readonly node: SyntaxNode;
  readonly scope: Scope;
}

export interface FunctionType {
  readonly kind: 'function';
  readonly parameters: readonly GoType[];
  readonly isVariadic: boolean;
  readonly results: readonly GoType[];
  /** Names of its own type parameters, which a call decides. */
  readonly typeParameters: readonly string[];
}

/** What a name stands for. */
export type Binding =
  | { readonly kind: 'value'; readonly type: () => GoType }
  | { readonly kind: 'type'; readonly type: () => GoType }
  | { readonly kind: 'package'; readonly path: string }
  | { readonly kind: 'builtin'; readonly name: string };

/** Names of a block, then of those around it, then of the file and its package. */
export interface Scope {
  readonly names: Map<string, Binding>;
  readonly outer: Scope | null;
  /** Of the file, at the end of the chain: imports, the package, the language. Null where nobody knows the name. */
  readonly file: FileScope;
}

export interface FileScope {
  /** Import path of the package that the file belongs to. */
  readonly path: string;
  find(name: string): Binding | null;
}

export const unknownType: GoType = { kind: 'unknown' };

export function basic(name: string, isUntyped = false): GoType {
  return { kind: 'basic', name, isUntyped };
}

/** What a call or an expression gives as one value. */
export function single(type: GoType): GoType {
  return type.kind === 'tuple' ? (type.types.length === 1 ? (type.types[0] ?? unknownType) : unknownType) : type;
}

/** Puts types in the place of type parameters. */
export function substitute(type: GoType, by: ReadonlyMap<string, GoType>): GoType {
  if (by.size === 0) return type;
  const put = (each: GoType): GoType => substitute(each, by);
  switch (type.kind) {
    case 'parameter':
      return by.get(type.name) ?? type;
    case 'named':
      return type.args.length === 0 ? type : { ...type, args: type.args.map(put) };
    case 'pointer':
    case 'slice':
    case 'channel':
    case 'array':
      return { kind: type.kind, of: put(type.of) };
    case 'map':
      return { kind: 'map', key: put(type.key), of: put(type.of) };
    case 'function':
      return { ...type, parameters: type.parameters.map(put), results: type.results.map(put) };
    case 'tuple':
      return { kind: 'tuple', types: type.types.map(put) };
    default:
      return type;
  }
}

/** What the type parameters of `wanted` must be for `given` to fit; the first that is found counts. */
export function unify(wanted: GoType, given: GoType, found: Map<string, GoType>): void {
  if (wanted.kind === 'parameter') {
    if (!found.has(wanted.name) && given.kind !== 'unknown') found.set(wanted.name, typed(given));
    return;
  }
  if (wanted.kind === 'named' && given.kind === 'named') {
    if (wanted.name === given.name && wanted.path === given.path)
      wanted.args.forEach((arg, at) => unify(arg, given.args[at] ?? unknownType, found));
    return;
  }
  if (wanted.kind === 'function' && given.kind === 'function') {
    wanted.parameters.forEach((each, at) => unify(each, given.parameters[at] ?? unknownType, found));
    wanted.results.forEach((each, at) => unify(each, given.results[at] ?? unknownType, found));
    return;
  }
  if (wanted.kind === 'map' && given.kind === 'map') unify(wanted.key, given.key, found);
  if ('of' in wanted && 'of' in given && wanted.kind === given.kind) unify(wanted.of, given.of, found);
}

/** The type that a constant without one takes. */
export function typed(type: GoType): GoType {
  return type.kind === 'basic' && type.isUntyped === true ? basic(type.name) : type;
}
