import {
  childOf,
  childOfType,
  childrenOf,
  namedChildren,
  textOf,
  type SyntaxNode,
} from '../../../grammars/plainTree.js';
import { receiverType, type GoDeclaration, type GoFile } from './goLoad.js';
import { fileScope, innerScope, lookUp } from './goScope.js';
import {
  unknownType,
  type FunctionType,
  type GoType,
  type NamedType,
  type Binding,
  type FileScope,
  type Scope,
} from './goType.js';
import { errorMethod, universe } from './goUniverse.js';
import type { GoPackage, GoWorld } from './goWorld.js';

export type Member = { readonly type: GoType } | 'missing' | 'unknown';

/** The types of one world: what is written, what is declared, what belongs to what. */
export interface GoTypes {
  /** A type as it is written. */
  written(node: SyntaxNode, scope: Scope): GoType;
  /** Of a function or method by its declaration or literal; its type parameters stand in `scope`. */
  signature(node: SyntaxNode, scope: Scope): FunctionType;
  /** What stands behind names and aliases; unknown where that is not to be had. */
  underlying(type: GoType): GoType;
  /** `name` of a value of a type, as seen from the package `from`. */
  member(type: GoType, name: string, from: string): Member;
  /** What a package declares under a name, for others to use. */
  exported(path: string, name: string): Binding | 'missing' | 'unknown';
  /** Puts the type parameters of a declaration into a scope. */
  declareParameters(list: SyntaxNode | null, scope: Scope): void;
  readonly ownScope: (file: GoFile) => FileScope;
}

/** What an expression gives that stands in a package's `var x = ...`. */
export type InferVariable = (declaration: GoDeclaration, scope: Scope) => GoType;

const maxDepth = 24;

export function createGoTypes(world: GoWorld, inferVariable: InferVariable): GoTypes {
  const scopes = new WeakMap<GoFile, FileScope>();
  const fullySeen = new WeakMap<GoPackage, Map<string, boolean>>();
  const variables = new Map<SyntaxNode, Map<number, GoType>>();
  let depth = 0;

  const types: GoTypes = {
    written,
    signature,
    underlying,
    member: (type, name, from) => guarded(() => findMember(type, name, from, new Set()), 'unknown'),
    exported(path, name) {
      const pack = world.package(path);
      if (pack === null) return 'unknown';
      const isPublic = /^\p{Lu}/u.test(name);
      const declared = isPublic ? pack.names.get(name) : undefined;
      if (declared !== undefined) return bindingOf(declared, pack);
      const elsewhere = isPublic && pack.wider !== null ? pack.wider() : null;
      const declaredElsewhere = elsewhere?.names.get(name);
      if (elsewhere !== null && declaredElsewhere !== undefined) return bindingOf(declaredElsewhere, elsewhere);
      return (elsewhere ?? pack).isWhole && !usesC(pack) ? 'missing' : 'unknown';
    },
    declareParameters,
    ownScope: file => scopeOf(file, world.own),
  };
  return types;

  function guarded<Result>(act: () => Result, otherwise: Result): Result {
    if (depth > maxDepth) return otherwise;
    depth++;
    try {
      return act();
    } finally {
      depth--;
    }
  }

  function scopeOf(file: GoFile, pack: GoPackage): FileScope {
    const known = scopes.get(file);
    if (known !== undefined) return known;
    const scope: FileScope = { path: pack.path, find: name => findInFile(name, file, pack) };
    scopes.set(file, scope);
    return scope;
  }

  function findInFile(name: string, file: GoFile, pack: GoPackage): Binding | null {
    for (const { alias, path } of file.imports) if (alias === name) return { kind: 'package', path };
    const declared = pack.names.get(name);
    if (declared !== undefined) return bindingOf(declared, pack);
    for (const { alias, path } of file.imports) {
      if (alias === null && world.packageName(path) === name) return { kind: 'package', path };
    }
    for (const { alias, path } of file.imports) {
      const found = alias === '.' ? types.exported(path, name) : 'missing';
      if (typeof found !== 'string') return found;
    }
    return universe.get(name) ?? null;
  }

  function bindingOf(declarations: readonly GoDeclaration[], pack: GoPackage): Binding {
    const [declaration] = declarations;
    if (declaration === undefined) return { kind: 'value', type: () => unknownType };
    const { kind, name, node, file } = declaration;
    const scope = (): Scope => fileScope(scopeOf(file, pack));
    if (kind === 'type') return { kind: 'type', type: () => named(pack.path, name) };
    if (declarations.some(other => headOf(other) !== headOf(declaration)))
      return { kind: 'value', type: () => unknownType };
    if (kind === 'function') return { kind: 'value', type: () => signature(node, scope()) };
    return { kind: 'value', type: () => guarded(() => variableType(declaration, scope()), unknownType) };
  }

  function variableType(declaration: GoDeclaration, scope: Scope): GoType {
    const written0 = childOf(declaration.node, 'type');
    if (written0 !== null) return written(written0, scope);
    const known = variables.get(declaration.node) ?? new Map<number, GoType>();
    variables.set(declaration.node, known);
    const done = known.get(declaration.at);
    if (done !== undefined) return done;
    // One that refers to itself by way of a function literal ends here.
    known.set(declaration.at, unknownType);
    const type = inferVariable(declaration, scope);
    known.set(declaration.at, type);
    return type;
  }

  function named(path: string, name: string, args: readonly GoType[] = []): NamedType {
    return { kind: 'named', path, name, args, local: null };
  }

  function written(node: SyntaxNode, scope: Scope): GoType {
    const inside = namedChildren(node);
    const first = (): GoType => (inside[0] === undefined ? unknownType : written(inside[0], scope));
    const of = (field: string): GoType => {
      const child = childOf(node, field);
      return child === null ? unknownType : written(child, scope);
    };
    switch (node.type) {
      case 'type_identifier':
      case 'identifier': {
        const found = lookUp(scope, textOf(node));
        return found?.kind === 'type' ? found.type() : unknownType;
      }
      case 'qualified_type':
      case 'selector_expression': {
        const [owner, name] = [
          childOf(node, 'package') ?? childOf(node, 'operand'),
          childOf(node, 'name') ?? childOf(node, 'field'),
        ];
        if (owner === null || name === null) return unknownType;
        const found = lookUp(scope, textOf(owner));
        // Which kind of thing it is matters only where somebody asks.
        return found?.kind === 'package' ? named(found.path, textOf(name)) : unknownType;
      }
      case 'generic_type': {
        const base = of('type');
        const list = childOf(node, 'type_arguments');
        const args = list === null ? [] : namedChildren(list).map(each => written(each, scope));
        return base.kind === 'named' ? { ...base, args } : unknownType;
      }
      case 'pointer_type':
        return { kind: 'pointer', of: first() };
      case 'slice_type':
        return { kind: 'slice', of: of('element') };
      case 'array_type':
      case 'implicit_length_array_type':
        return { kind: 'array', of: of('element') };
      case 'map_type':
        return { kind: 'map', key: of('key'), of: of('value') };
      case 'channel_type':
        return { kind: 'channel', of: of('value') };
      case 'function_type':
        return signature(node, scope);
      case 'struct_type':
        return { kind: 'struct', node, scope };
      case 'interface_type':
        return { kind: 'interface', node, scope };
      case 'type_elem':
      case 'type_constraint':
      case 'parenthesized_type':
        return inside.length === 1 ? first() : unknownType;
      default:
        return unknownType;
    }
  }

  function signature(node: SyntaxNode, outer: Scope): FunctionType {
    const list = childOf(node, 'type_parameters');
    const scope = list === null ? outer : innerScope(outer);
    if (list !== null) declareParameters(list, scope);
    const parameters = childOf(node, 'parameters');
    const result = childOf(node, 'result');
    return {
      kind: 'function',
      parameters: parameters === null ? [] : listed(parameters, scope),
      isVariadic:
        parameters !== null && parameters.children.some(each => each.type === 'variadic_parameter_declaration'),
      results:
        result === null ? [] : result.type === 'parameter_list' ? listed(result, scope) : [written(result, scope)],
      typeParameters: list === null ? [] : parameterNames(list),
    };
  }

  function listed(list: SyntaxNode, scope: Scope): GoType[] {
    return namedChildren(list).flatMap(each => {
      const node = childOf(each, 'type');
      const type = node === null ? unknownType : written(node, scope);
      return Array.from({ length: Math.max(1, childrenOf(each, 'name').length) }, () => type);
    });
  }

  function declareParameters(list: SyntaxNode | null, scope: Scope): void {
    if (list === null) return;
    for (const each of namedChildren(list)) {
      const constraint = childOf(each, 'type');
      for (const name of childrenOf(each, 'name')) {
        const type: GoType = { kind: 'parameter', name: textOf(name), constraint, scope };
        scope.names.set(textOf(name), { kind: 'type', type: () => type });
      }
    }
  }

  /** The declarations behind a name, each with the scope that its type is written in. */
  function declarationsOf(type: NamedType): { readonly node: SyntaxNode; readonly scope: Scope }[] | null {
    if (type.local !== null) return [bound(type.local.node, type.local.scope, type.args)];
    const narrow = packageOf(type.path);
    if (narrow === null) return null;
    const pack = narrow.names.has(type.name) || narrow.wider === null ? narrow : narrow.wider();
    const found = pack.names.get(type.name)?.filter(({ kind }) => kind === 'type') ?? [];
    if (found.length === 0) return null;
    return found.map(({ node, file }) => bound(node, fileScope(scopeOf(file, pack)), type.args));
  }

  function packageOf(path: string): GoPackage | null {
    return path === world.own.path ? world.own : world.package(path);
  }

  function bound(node: SyntaxNode, outer: Scope, args: readonly GoType[]): { node: SyntaxNode; scope: Scope } {
    const list = childOf(node, 'type_parameters');
    if (list === null) return { node, scope: outer };
    const scope = innerScope(outer);
    declareParameters(list, scope);
    bind(scope, parameterNames(list), args);
    return { node, scope };
  }

  function bind(scope: Scope, names: readonly string[], args: readonly GoType[]): void {
    names.forEach((name, at) => {
      const arg = args[at];
      if (arg !== undefined) scope.names.set(name, { kind: 'type', type: () => arg });
    });
  }

  function underlying(type: GoType): GoType {
    return guarded(() => {
      if (type.kind !== 'named') return type;
      const found = declarationsOf(type) ?? [];
      // It is something else on each system.
      const first = found.length === 1 ? found[0] : undefined;
      const node = first === undefined ? null : childOf(first.node, 'type');
      return first === undefined || node === null ? unknownType : underlying(written(node, first.scope));
    }, unknownType);
  }

  function findMember(type: GoType, name: string, from: string, seen: Set<string>): Member {
    switch (type.kind) {
      case 'pointer':
        return type.of.kind === 'pointer' ? 'unknown' : findMember(type.of, name, from, seen);
      case 'named':
        return ofNamed(type, name, from, seen);
      case 'struct':
        return ofStruct(type.node, type.scope, name, from, seen);
      case 'interface':
        return ofInterface(type.node, type.scope, name, seen);
      case 'parameter': {
        const { constraint, scope } = type;
        if (constraint === null) return 'unknown';
        const bound0 = written(constraint, scope);
        const found = bound0.kind === 'unknown' ? 'unknown' : findMember(bound0, name, from, seen);
        // Its values may be structs, whose fields may not be used, or be known by a core type.
        return found === 'missing' ? 'unknown' : found;
      }
      case 'basic': {
        if (type.name === 'error') {
          const method = errorMethod(name);
          return method === null ? 'missing' : { type: method };
        }
        return type.name === 'comparable' ? 'unknown' : 'missing';
      }
      case 'slice':
      case 'map':
      case 'channel':
      case 'array':
      case 'function':
        return 'missing';
      default:
        return 'unknown';
    }
  }

  function ofNamed(type: NamedType, name: string, from: string, seen: Set<string>): Member {
    const key = `${type.path}\0${type.name}\0${type.local?.node.start ?? ''}`;
    if (seen.has(key)) return 'missing';
    seen.add(key);
    const found = declarationsOf(type);
    if (found === null) return 'unknown';
    const pack = packageOf(type.path);
    if (type.local === null && pack !== null) {
      const method = pack.methods.get(type.name)?.get(name);
      if (method !== undefined && mayUse(name, type.path, from)) {
        const scope = innerScope(fileScope(scopeOf(method.file, pack)));
        const list = receiverType(method.node);
        const args = list === null ? null : childOf(list, 'type_arguments');
        bind(scope, args === null ? [] : namedChildren(args).map(textOf), type.args);
        return { type: signature(method.node, scope) };
      }
    }
    // Another system's files may declare more methods, or another type of that name.
    let unsure =
      type.local === null && (pack?.isWhole !== true || (pack.wider !== null && !isFullySeen(pack, type.name)));
    for (const { node, scope } of found) {
      const inner = childOf(node, 'type');
      if (inner === null) return 'unknown';
      const behind = written(inner, scope);
      // Methods stay with the name they are declared for; an alias is another name of the same type.
      const member = findMember(node.type === 'type_alias' ? behind : withoutMethods(behind), name, from, seen);
      // On each system it may be something else.
      if (typeof member !== 'string') return found.length > 1 ? { type: unknownType } : member;
      if (member === 'unknown') unsure = true;
    }
    return unsure ? 'unknown' : 'missing';
  }

  function isFullySeen(pack: GoPackage, name: string): boolean {
    const known = fullySeen.get(pack) ?? new Map<string, boolean>();
    fullySeen.set(pack, known);
    const done = known.get(name);
    if (done !== undefined) return done;
    const wide = pack.wider === null ? pack : pack.wider();
    const isSame =
      wide.names.get(name)?.length === pack.names.get(name)?.length &&
      (wide.methods.get(name)?.size ?? 0) === (pack.methods.get(name)?.size ?? 0);
    known.set(name, isSame);
    return isSame;
  }

  function withoutMethods(type: GoType): GoType {
    if (type.kind === 'pointer') return { kind: 'pointer', of: underlying(type.of) };
    return type.kind === 'named' ? underlying(type) : type;
  }

  function ofStruct(node: SyntaxNode, scope: Scope, name: string, from: string, seen: Set<string>): Member {
    const list = childOfType(node, 'field_declaration_list');
    const embedded: GoType[] = [];
    for (const field of list === null ? [] : namedChildren(list)) {
      const type = childOf(field, 'type');
      if (type === null) continue;
      const names = childrenOf(field, 'name').map(textOf);
      const isEmbedded = names.length === 0;
      if (
        (names.includes(name) || (isEmbedded && embeddedName(type) === name)) &&
        mayUse(name, scope.file.path, from)
      ) {
        const own = written(type, scope);
        return {
          type: isEmbedded && field.children.some(each => each.type === '*') ? { kind: 'pointer', of: own } : own,
        };
      }
      if (isEmbedded) embedded.push(written(type, scope));
    }
    return ofEmbedded(embedded, name, from, seen);
  }

  function ofInterface(node: SyntaxNode, scope: Scope, name: string, seen: Set<string>): Member {
    const embedded: GoType[] = [];
    for (const each of namedChildren(node)) {
      if (each.type === 'method_elem') {
        const own = childOf(each, 'name');
        if (own !== null && textOf(own) === name) return { type: signature(each, scope) };
      } else embedded.push(written(each, scope));
    }
    return ofEmbedded(embedded, name, scope.file.path, seen);
  }

  function ofEmbedded(embedded: readonly GoType[], name: string, from: string, seen: Set<string>): Member {
    let unsure = false;
    for (const type of embedded) {
      const found = type.kind === 'unknown' ? 'unknown' : findMember(type, name, from, seen);
      if (typeof found !== 'string') return found;
      if (found === 'unknown') unsure = true;
    }
    return unsure ? 'unknown' : 'missing';
  }

  function usesC(pack: GoPackage): boolean {
    return pack.files.some(({ imports }) => imports.some(({ path }) => path === 'C'));
  }
}

/** A declaration up to its body: the files of two systems often declare the same. */
function headOf({ node }: GoDeclaration): string {
  const body = childOf(node, 'body');
  return node.source.slice(node.start, body === null ? node.end : body.start).replace(/\s+/g, ' ');
}

/** What is written small belongs to its package. */
function mayUse(name: string, declaredIn: string, from: string): boolean {
  return declaredIn === from || /^\p{Lu}/u.test(name);
}

function embeddedName(type: SyntaxNode): string {
  if (type.type === 'qualified_type') return textOf(childOf(type, 'name') ?? type);
  if (type.type === 'generic_type') return embeddedName(childOf(type, 'type') ?? type);
  return textOf(type);
}

function parameterNames(list: SyntaxNode): string[] {
  return namedChildren(list).flatMap(each => childrenOf(each, 'name').map(textOf));
}
