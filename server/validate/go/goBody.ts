import {
  childOf,
  childOfType,
  childrenOf,
  namedChildren,
  textOf,
  type SyntaxNode,
} from '../../../grammars/plainTree.js';
import type { GoExpressions } from './goExpressions.js';
import { declaredBy, receiverType } from './goLoad.js';
import { innerScope, lookUp } from './goScope.js';
import { single, unknownType, type GoType, type Scope } from './goType.js';
import type { GoTypes } from './goTypes.js';

/** Hears of each use of a name, in the order of the text. */
export interface GoUses {
  name(node: SyntaxNode, scope: Scope): void;
  /** `owner.field` of a value, or a key of a literal. */
  member(node: SyntaxNode, owner: GoType, scope: Scope): void;
  exported(node: SyntaxNode, path: string): void;
}

const blocks = new Set([
  'block',
  'if_statement',
  'for_statement',
  'expression_switch_statement',
  'select_statement',
  'expression_case',
  'default_case',
  'communication_case',
]);

/** Walks through all that a file declares, with the names that are known at each place. */
export function walkGo(root: SyntaxNode, scope: Scope, types: GoTypes, expressions: GoExpressions, uses: GoUses): void {
  for (const node of namedChildren(root)) {
    if (node.type !== 'package_clause' && node.type !== 'import_declaration') visit(node, scope);
  }

  function all(nodes: readonly SyntaxNode[], at: Scope): void {
    for (const node of nodes) visit(node, at);
  }

  function visit(node: SyntaxNode, at: Scope): void {
    if (blocks.has(node.type)) return all(namedChildren(node), innerScope(at));
    switch (node.type) {
      case 'identifier':
      case 'type_identifier':
        return uses.name(node, at);
      case 'function_declaration':
      case 'method_declaration':
      case 'func_literal':
        return visitFunction(node, innerScope(at));
      case 'function_type':
      case 'method_elem':
        return visitSignature(node, innerScope(at));
      case 'type_spec':
      case 'type_alias':
        return visitType(node, at);
      case 'var_spec':
      case 'const_spec':
        all(
          node.children.filter(({ field, isNamed }) => isNamed && field !== 'name'),
          at,
        );
        return declareVariables(node, at);
      case 'short_var_declaration':
        return visitShort(node, at);
      case 'range_clause':
        return visitRange(node, at);
      case 'receive_statement':
        return visitReceive(node, at);
      case 'type_switch_statement':
        return visitTypeSwitch(node, innerScope(at));
      case 'selector_expression':
        return visitSelector(node, at);
      case 'qualified_type':
        return visitQualified(node, at);
      case 'composite_literal':
        return visitLiteral(node, at);
      case 'field_declaration':
      case 'parameter_declaration':
      case 'variadic_parameter_declaration':
      case 'type_parameter_declaration':
        return all(childrenOf(node, 'type'), at);
      case 'label_name':
      case 'field_identifier':
        return;
      default:
        return all(namedChildren(node), at);
    }
  }

  function visitFunction(node: SyntaxNode, at: Scope): void {
    const receiver = childOf(node, 'receiver');
    if (receiver !== null) {
      const type = receiverType(node);
      const args = type === null ? null : childOf(type, 'type_arguments');
      for (const each of args === null ? [] : namedChildren(args)) {
        const parameter: GoType = { kind: 'parameter', name: textOf(each), constraint: null, scope: at };
        at.names.set(textOf(each), { kind: 'type', type: () => parameter });
      }
      all(namedChildren(receiver), at);
    }
    visitSignature(node, at);
    for (const list of [receiver, childOf(node, 'parameters'), childOf(node, 'result')])
      if (list?.type === 'parameter_list') declareParameters(list, at);
    const body = childOf(node, 'body');
    if (body !== null) visit(body, at);
  }

  function visitSignature(node: SyntaxNode, at: Scope): void {
    const list = childOf(node, 'type_parameters');
    types.declareParameters(list, at);
    if (list !== null) visit(list, at);
    for (const field of ['parameters', 'result']) all(childrenOf(node, field), at);
  }

  function declareParameters(list: SyntaxNode, at: Scope): void {
    for (const each of namedChildren(list)) {
      const node = childOf(each, 'type');
      const written = node === null ? unknownType : types.written(node, at);
      const type: GoType = each.type === 'variadic_parameter_declaration' ? { kind: 'slice', of: written } : written;
      for (const name of childrenOf(each, 'name')) declare(name, type, at);
    }
  }

  function declare(name: SyntaxNode, type: GoType, at: Scope): void {
    at.names.set(textOf(name), { kind: 'value', type: () => type });
  }

  function visitType(node: SyntaxNode, at: Scope): void {
    const name = childOf(node, 'name');
    const isInside = at.outer !== null;
    if (name !== null && isInside) {
      const text = textOf(name);
      const type: GoType = { kind: 'named', path: at.file.path, name: text, args: [], local: { node, scope: at } };
      at.names.set(text, { kind: 'type', type: () => type });
    }
    const inner = innerScope(at);
    const list = childOf(node, 'type_parameters');
    types.declareParameters(list, inner);
    if (list !== null) visit(list, inner);
    all(childrenOf(node, 'type'), inner);
  }

  function declareVariables(spec: SyntaxNode, at: Scope): void {
    if (at.outer === null || spec.parent === null) return;
    const parent = spec.parent.type === 'var_spec_list' ? spec.parent.parent : spec.parent;
    for (const each of parent === null ? [] : declaredBy(parent)) {
      if (each.node !== spec) continue;
      const type = expressions.variable(each, at);
      at.names.set(each.name, { kind: 'value', type: () => type });
    }
  }

  function visitShort(node: SyntaxNode, at: Scope): void {
    const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
    if (left === null || right === null) return;
    visit(right, at);
    const names = namedChildren(left);
    const found = expressions.assigned(right, names.length, at);
    names.forEach((name, index) => {
      if (name.type === 'identifier' && !at.names.has(textOf(name))) declare(name, found[index] ?? unknownType, at);
    });
  }

  function visitRange(node: SyntaxNode, at: Scope): void {
    const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
    if (right === null) return;
    visit(right, at);
    if (left === null) return;
    if (!node.children.some(({ type }) => type === ':=')) return visit(left, at);
    const found = expressions.ranged(right, at);
    namedChildren(left).forEach((name, index) => declare(name, found[index] ?? unknownType, at));
  }

  function visitReceive(node: SyntaxNode, at: Scope): void {
    const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
    if (right !== null) visit(right, at);
    if (left === null || right === null) return;
    if (!node.children.some(({ type }) => type === ':=')) return visit(left, at);
    const names = namedChildren(left);
    const found = expressions.assigned(right, names.length, at);
    names.forEach((name, index) => declare(name, found[index] ?? unknownType, at));
  }

  function visitTypeSwitch(node: SyntaxNode, at: Scope): void {
    const alias = childOf(node, 'alias');
    const value = childOf(node, 'value');
    all(childrenOf(node, 'initializer'), at);
    if (value !== null) visit(value, at);
    const name = alias === null ? null : (namedChildren(alias)[0] ?? null);
    for (const each of namedChildren(node)) {
      if (each.type !== 'type_case' && each.type !== 'default_case') continue;
      const inner = innerScope(at);
      const wanted = childrenOf(each, 'type');
      all(wanted, inner);
      const [only] = wanted;
      if (name !== null) {
        const isOne = wanted.length === 1 && only !== undefined && textOf(only) !== 'nil';
        const type = isOne
          ? types.written(only, at)
          : value === null
            ? unknownType
            : single(expressions.typeOf(value, at));
        declare(name, type, inner);
      }
      all(
        namedChildren(each).filter(({ field }) => field !== 'type'),
        inner,
      );
    }
  }

  function visitSelector(node: SyntaxNode, at: Scope): void {
    const [operand, field] = [childOf(node, 'operand'), childOf(node, 'field')];
    if (operand === null || field === null) return;
    const found = operand.type === 'identifier' ? lookUp(at, textOf(operand)) : null;
    if (found?.kind === 'package') return uses.exported(field, found.path);
    visit(operand, at);
    if (operand.type === 'identifier' && found === null) return;
    const type = expressions.named(operand, at) ?? single(expressions.typeOf(operand, at));
    uses.member(field, type, at);
  }

  function visitQualified(node: SyntaxNode, at: Scope): void {
    const [owner, name] = [childOf(node, 'package'), childOf(node, 'name')];
    if (owner === null || name === null) return;
    const found = lookUp(at, textOf(owner));
    if (found?.kind === 'package') uses.exported(name, found.path);
    else uses.name(owner, at);
  }

  function visitLiteral(node: SyntaxNode, at: Scope): void {
    const [type, body] = [childOf(node, 'type'), childOf(node, 'body')];
    if (type !== null) visit(type, at);
    if (body !== null) visitElements(body, type === null ? unknownType : types.written(type, at), at);
  }

  function visitElements(body: SyntaxNode, type: GoType, at: Scope): void {
    const behind = types.underlying(type.kind === 'pointer' ? type.of : type);
    const { key: keyType, value: valueType } = expressions.element(type);
    for (const each of namedChildren(body)) {
      const key = childOf(each, 'key');
      const value = each.type === 'keyed_element' ? childOf(each, 'value') : each;
      const name = key === null ? null : (namedChildren(key)[0] ?? null);
      let fieldType = valueType;
      if (name !== null && name.type === 'identifier' && behind.kind === 'struct') {
        uses.member(name, type, at);
        const member = types.member(type, textOf(name), at.file.path);
        fieldType = typeof member === 'string' ? unknownType : member.type;
      } else if (name !== null && !(name.type === 'identifier' && behind.kind === 'unknown'))
        visitElement(name, keyType, at);
      const inner =
        value?.type === 'literal_element' ? (childOfType(value, 'literal_value') ?? namedChildren(value)[0]) : value;
      if (inner !== null && inner !== undefined) visitElement(inner, fieldType, at);
    }
  }

  function visitElement(node: SyntaxNode, type: GoType, at: Scope): void {
    if (node.type === 'literal_value') visitElements(node, type, at);
    else visit(node, at);
  }
}
