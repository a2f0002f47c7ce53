import { childOf, namedChildren, textOf, type SyntaxNode } from '../../../grammars/plainTree.js';
import type { GoDeclaration } from './goLoad.js';
import { lookUp } from './goScope.js';
import {
  basic,
  single,
  substitute,
  typed,
  unify,
  unknownType,
  type FunctionType,
  type GoType,
  type Scope,
} from './goType.js';
import type { GoTypes } from './goTypes.js';

/** What an expression gives; unknown wherever it cannot be followed. */
export interface GoExpressions {
  typeOf(node: SyntaxNode, scope: Scope): GoType;
  /** The type that an expression names, as in a conversion; null where it names none. */
  named(node: SyntaxNode, scope: Scope): GoType | null;
  /** One type for each of `count` names that an expression list is assigned to. */
  assigned(list: SyntaxNode, count: number, scope: Scope): readonly GoType[];
  /** Key and value of a range. */
  ranged(node: SyntaxNode, scope: Scope): readonly [GoType, GoType];
  /** Elements of a literal of a type that may be left out there. */
  element(type: GoType): { readonly key: GoType; readonly value: GoType };
  variable(declaration: Pick<GoDeclaration, 'kind' | 'node' | 'at'>, scope: Scope): GoType;
}

export function createGoExpressions(types: GoTypes): GoExpressions {
  const known = new WeakMap<SyntaxNode, GoType>();
  const expressions: GoExpressions = { typeOf, named, assigned, ranged, element, variable };
  return expressions;

  function typeOf(node: SyntaxNode, scope: Scope): GoType {
    const done = known.get(node);
    if (done !== undefined) return done;
    const type = infer(node, scope);
    known.set(node, type);
    return type;
  }

  function child(node: SyntaxNode, field: string, scope: Scope): GoType {
    const found = childOf(node, field);
    return found === null ? unknownType : single(typeOf(found, scope));
  }

  function infer(node: SyntaxNode, scope: Scope): GoType {
    switch (node.type) {
      case 'identifier': {
        const found = lookUp(scope, textOf(node));
        return found?.kind === 'value' ? found.type() : unknownType;
      }
      case 'int_literal':
        return basic('int', true);
      case 'float_literal':
        return basic('float64', true);
      case 'imaginary_literal':
        return basic('complex128', true);
      case 'rune_literal':
        return basic('int32', true);
      case 'interpreted_string_literal':
      case 'raw_string_literal':
        return basic('string', true);
      case 'true':
      case 'false':
        return basic('bool', true);
      case 'iota':
        return basic('int', true);
      case 'parenthesized_expression': {
        const [inner] = namedChildren(node);
        return inner === undefined ? unknownType : typeOf(inner, scope);
      }
      case 'func_literal':
        return types.signature(node, scope);
      case 'composite_literal':
      case 'type_conversion_expression':
      case 'type_assertion_expression': {
        const type = childOf(node, 'type');
        // `F[int](x)` looks like a conversion where F is a function.
        if (node.type === 'type_conversion_expression' && type?.type === 'generic_type')
          return genericCall(node, type, scope);
        return type === null ? unknownType : types.written(type, scope);
      }
      case 'selector_expression':
        return ofSelector(node, scope);
      case 'call_expression':
        return ofCall(node, scope);
      case 'index_expression':
        return ofIndex(node, scope);
      case 'slice_expression': {
        const type = child(node, 'operand', scope);
        const behind = types.underlying(type.kind === 'pointer' ? type.of : type);
        return behind.kind === 'array' ? { kind: 'slice', of: behind.of } : typed(type);
      }
      case 'unary_expression':
        return ofUnary(node, scope);
      case 'binary_expression': {
        const operator = node.children.find(({ field }) => field === 'operator')?.type ?? '';
        if (/^(?:[<>]=?|[=!]=|&&|\|\|)$/.test(operator)) return basic('bool', true);
        const left = child(node, 'left', scope);
        const isPlain = left.kind === 'basic' && left.isUntyped === true;
        if (operator === '<<' || operator === '>>' || !isPlain) return left;
        return child(node, 'right', scope);
      }
      default:
        return unknownType;
    }
  }

  function named(node: SyntaxNode, scope: Scope): GoType | null {
    switch (node.type) {
      case 'identifier': {
        const found = lookUp(scope, textOf(node));
        return found?.kind === 'type' ? found.type() : null;
      }
      case 'selector_expression': {
        const [operand, field] = [childOf(node, 'operand'), childOf(node, 'field')];
        if (operand?.type !== 'identifier' || field === null) return null;
        const found = lookUp(scope, textOf(operand));
        if (found?.kind !== 'package') return null;
        const member = types.exported(found.path, textOf(field));
        return typeof member !== 'string' && member.kind === 'type' ? member.type() : null;
      }
      case 'parenthesized_expression': {
        const [inner] = namedChildren(node);
        return inner === undefined ? null : named(inner, scope);
      }
      case 'unary_expression': {
        const operand = childOf(node, 'operand');
        const of = node.children[0]?.type === '*' && operand !== null ? named(operand, scope) : null;
        return of === null ? null : { kind: 'pointer', of };
      }
      case 'index_expression': {
        const [operand, index] = [childOf(node, 'operand'), childOf(node, 'index')];
        const base = operand === null ? null : named(operand, scope);
        if (base?.kind !== 'named' || index === null) return null;
        const arg = named(index, scope);
        return { ...base, args: arg === null ? [] : [arg] };
      }
      default:
        return node.type.endsWith('_type') || node.type === 'type_identifier' ? types.written(node, scope) : null;
    }
  }

  function ofSelector(node: SyntaxNode, scope: Scope): GoType {
    const [operand, field] = [childOf(node, 'operand'), childOf(node, 'field')];
    if (operand === null || field === null) return unknownType;
    const found = operand.type === 'identifier' ? lookUp(scope, textOf(operand)) : null;
    if (found?.kind === 'package') {
      const member = types.exported(found.path, textOf(field));
      return typeof member !== 'string' && member.kind === 'value' ? member.type() : unknownType;
    }
    if (named(operand, scope) !== null) return unknownType;
    const member = types.member(single(typeOf(operand, scope)), textOf(field), scope.file.path);
    return typeof member === 'string' ? unknownType : member.type;
  }

  function ofCall(node: SyntaxNode, scope: Scope): GoType {
    const [callee, list] = [childOf(node, 'function'), childOf(node, 'arguments')];
    if (callee === null) return unknownType;
    const args = list === null ? [] : namedChildren(list);
    const found = callee.type === 'identifier' ? lookUp(scope, textOf(callee)) : null;
    if (found?.kind === 'builtin') return ofBuiltin(found.name, args, scope);
    const type = named(callee, scope);
    if (type !== null) return type;
    const written = childOf(node, 'type_arguments');
    const given = written === null ? [] : namedChildren(written).map(each => types.written(each, scope));
    return called(types.underlying(single(typeOf(callee, scope))), args, given, scope);
  }

  function called(callee: GoType, args: readonly SyntaxNode[], given: readonly GoType[], scope: Scope): GoType {
    if (callee.kind !== 'function') return unknownType;
    const { results } = callee.typeParameters.length === 0 ? callee : instantiated(callee, args, given, scope);
    return results.length === 1 ? (results[0] ?? unknownType) : { kind: 'tuple', types: results };
  }

  function instantiated(
    callee: FunctionType,
    args: readonly SyntaxNode[],
    given: readonly GoType[],
    scope: Scope,
  ): FunctionType {
    const found = new Map<string, GoType>();
    callee.typeParameters.forEach((name, at) => {
      const type = given[at];
      if (type !== undefined) found.set(name, type);
    });
    args.forEach((arg, at) => {
      const wanted = callee.parameters[Math.min(at, callee.parameters.length - 1)];
      if (wanted === undefined || arg.type === 'variadic_argument') return;
      const type = single(typeOf(arg, scope));
      unify(wanted, wanted.kind === 'named' || wanted.kind === 'parameter' ? type : types.underlying(type), found);
    });
    for (const name of callee.typeParameters) if (!found.has(name)) found.set(name, unknownType);
    const done = substitute(callee, found);
    return done.kind === 'function' ? done : callee;
  }

  function genericCall(node: SyntaxNode, type: SyntaxNode, scope: Scope): GoType {
    const [name, list, operand] = [childOf(type, 'type'), childOf(type, 'type_arguments'), childOf(node, 'operand')];
    const found = name?.type === 'type_identifier' ? lookUp(scope, textOf(name)) : null;
    if (found?.kind !== 'value') return types.written(type, scope);
    const given = list === null ? [] : namedChildren(list).map(each => types.written(each, scope));
    return called(types.underlying(found.type()), operand === null ? [] : [operand], given, scope);
  }

  function ofBuiltin(name: string, args: readonly SyntaxNode[], scope: Scope): GoType {
    const [first] = args;
    switch (name) {
      case 'make':
        return (first === undefined ? null : named(first, scope)) ?? unknownType;
      case 'new': {
        const type = first === undefined ? null : named(first, scope);
        if (type !== null) return { kind: 'pointer', of: type };
        return first === undefined ? unknownType : { kind: 'pointer', of: typed(single(typeOf(first, scope))) };
      }
      case 'append':
      case 'min':
      case 'max':
        return first === undefined ? unknownType : single(typeOf(first, scope));
      case 'len':
      case 'cap':
      case 'copy':
        return basic('int');
      default:
        return unknownType;
    }
  }

  function ofIndex(node: SyntaxNode, scope: Scope): GoType {
    const [operand, index] = [childOf(node, 'operand'), childOf(node, 'index')];
    if (operand === null) return unknownType;
    const type = single(typeOf(operand, scope));
    if (type.kind === 'function') {
      const given = index === null ? null : named(index, scope);
      const [name] = type.typeParameters;
      return given === null || name === undefined ? unknownType : substituteOne(type, name, given);
    }
    const behind = types.underlying(type.kind === 'pointer' ? type.of : type);
    if (behind.kind === 'basic' && behind.name === 'string') return basic('uint8');
    return behind.kind === 'slice' || behind.kind === 'array' || behind.kind === 'map' ? behind.of : unknownType;
  }

  function substituteOne(type: FunctionType, name: string, by: GoType): GoType {
    const done = substitute(type, new Map([[name, by]]));
    return done.kind === 'function'
      ? { ...done, typeParameters: done.typeParameters.filter(each => each !== name) }
      : done;
  }

  function ofUnary(node: SyntaxNode, scope: Scope): GoType {
    const operator = node.children[0]?.type;
    const type = child(node, 'operand', scope);
    if (operator === '&') return { kind: 'pointer', of: typed(type) };
    if (operator === '!') return basic('bool', true);
    if (operator !== '*' && operator !== '<-') return type;
    const behind = types.underlying(type);
    return behind.kind === (operator === '*' ? 'pointer' : 'channel') && 'of' in behind ? behind.of : unknownType;
  }

  function assigned(list: SyntaxNode, count: number, scope: Scope): readonly GoType[] {
    const values = list.type === 'expression_list' ? namedChildren(list) : [list];
    const [first] = values;
    if (values.length === count || first === undefined) return values.map(each => typed(single(typeOf(each, scope))));
    const type = typeOf(first, scope);
    if (type.kind === 'tuple') return type.types;
    // Map, channel and assertion say also whether there was anything.
    return count === 2 && saysWhetherThere(first) ? [typed(type), basic('bool')] : [];
  }

  function ranged(node: SyntaxNode, scope: Scope): readonly [GoType, GoType] {
    const type = single(typeOf(node, scope));
    const behind = types.underlying(type.kind === 'pointer' ? type.of : type);
    switch (behind.kind) {
      case 'slice':
      case 'array':
        return [basic('int'), behind.of];
      case 'map':
        return [behind.key, behind.of];
      case 'channel':
        return [behind.of, unknownType];
      case 'basic':
        return behind.name === 'string' ? [basic('int'), basic('int32')] : [typed(type), unknownType];
      case 'function': {
        const [yields] = behind.parameters.map(each => types.underlying(each));
        if (yields?.kind !== 'function') return [unknownType, unknownType];
        return [yields.parameters[0] ?? unknownType, yields.parameters[1] ?? unknownType];
      }
      default:
        return [unknownType, unknownType];
    }
  }

  function element(type: GoType): { key: GoType; value: GoType } {
    const behind = types.underlying(type.kind === 'pointer' ? type.of : type);
    if (behind.kind === 'map') return { key: behind.key, value: behind.of };
    if (behind.kind === 'slice' || behind.kind === 'array') return { key: basic('int'), value: behind.of };
    return { key: unknownType, value: unknownType };
  }

  function variable({ kind, node, at }: Pick<GoDeclaration, 'kind' | 'node' | 'at'>, scope: Scope): GoType {
    const written = childOf(node, 'type');
    if (written !== null) return types.written(written, scope);
    const values = childOf(node, 'value');
    if (values !== null) {
      const count = node.children.filter(({ field, isNamed }) => field === 'name' && isNamed).length;
      const found = assigned(values, count, scope)[at] ?? unknownType;
      return kind === 'constant' ? found : typed(found);
    }
    // A constant without a value repeats the line above.
    const specs = node.parent === null ? [] : namedChildren(node.parent);
    const above = specs[specs.indexOf(node) - 1];
    return kind === 'constant' && above !== undefined ? variable({ kind, node: above, at }, scope) : unknownType;
  }
}

function saysWhetherThere(node: SyntaxNode): boolean {
  const [inner] = namedChildren(node);
  if (node.type === 'parenthesized_expression') return inner !== undefined && saysWhetherThere(inner);
  return /^(?:index|type_assertion|unary)_expression$/.test(node.type);
}
