import type { SyntaxNode } from '../../../../grammars/plainTree.js';
import { childOf, childrenOf, joined, namedChildren, scalar, type Build, type Dialect } from '../buildProgram.js';
import type { Entry, Expression } from '../expression.js';

export const go: Dialect = {
  language: 'go',
  functions: new Set(['function_declaration', 'method_declaration', 'func_literal']),
  classes: new Set(),
  blocks: new Set(['block', 'if_statement', 'expression_case', 'type_case', 'communication_case', 'default_case']),
  calls: new Set(['call_expression']),
  declare,
  lower,
};

function declare(node: SyntaxNode, build: Build): void {
  switch (node.type) {
    case 'short_var_declaration':
    case 'assignment_statement': {
      const isAdded = node.children.some(child => child.type === '+=');
      return assign(childOf(node, 'left'), childOf(node, 'right'), isAdded, node, build);
    }
    case 'var_spec':
    case 'const_spec': {
      const names = childrenOf(node, 'name').filter(child => child.type === 'identifier');
      const values = childOf(node, 'value');
      const type = childOf(node, 'type');
      const given = values === null ? [] : namedChildren(values);
      names.forEach((name, at) => {
        const value = given[at] ?? null;
        if (value !== null) {
          build.bind(build.textOf(name), node.end, { kind: 'value', value: build.lower(value), isAdded: false });
        } else if (type !== null) {
          build.bind(build.textOf(name), node.end, { kind: 'opaque', type: build.textOf(type) });
        }
      });
      return;
    }
    case 'range_clause': {
      const names = namedChildren(childOf(node, 'left') ?? node);
      const of = build.lower(childOf(node, 'right'));
      names.forEach((name, at) => {
        // The first is the place in the list.
        const from = at === 0 && names.length > 1 ? scalar(name) : of;
        if (name.type === 'identifier') build.bind(build.textOf(name), name.start, { kind: 'item', of: from });
      });
      return;
    }
    case 'parameter_declaration':
    case 'variadic_parameter_declaration': {
      const type = childOf(node, 'type');
      for (const name of childrenOf(node, 'name').filter(child => child.type === 'identifier')) {
        build.bind(build.textOf(name), node.start, {
          kind: 'parameter',
          type: type === null ? '' : build.textOf(type),
          isRoute: false,
        });
      }
      return;
    }
    case 'keyed_element': {
      const [key, value] = [childOf(node, 'key'), childOf(node, 'value')];
      if (key === null || value === null) return;
      return build.set({ name: build.textOf(key), object: null, value: build.lower(value), ...placeOf(node) });
    }
    case 'import_spec': {
      const source = childOf(node, 'path');
      const alias = childOf(node, 'name');
      if (source === null) return;
      const path = build.textOf(source).slice(1, -1);
      const last =
        path
          .replace(/\/v\d+$/, '')
          .split('/')
          .at(-1) ?? path;
      return build.bind(alias === null ? last : build.textOf(alias), 0, { kind: 'import', path });
    }
  }
}

function assign(
  left: SyntaxNode | null,
  right: SyntaxNode | null,
  isAdded: boolean,
  place: SyntaxNode,
  build: Build,
): void {
  if (left === null || right === null) return;
  const targets = namedChildren(left);
  const values = namedChildren(right);
  targets.forEach((target, at) => {
    const own = values.length === targets.length ? values[at] : undefined;
    const value = build.lower(own ?? values[0] ?? null);
    if (target.type === 'identifier') {
      const meaning =
        own === undefined ? ({ kind: 'item', of: value } as const) : ({ kind: 'value', value, isAdded } as const);
      build.bind(build.textOf(target), place.end, meaning);
    }
    const lowered = build.lower(target);
    if (lowered.kind === 'member') {
      build.set({ name: lowered.property, object: lowered.object, value, ...placeOf(place) });
    }
  });
}

function lower(node: SyntaxNode, build: Build): Expression {
  const place = placeOf(node);
  const field = (name: string): Expression => build.lower(childOf(node, name));
  switch (node.type) {
    case 'identifier':
    case 'package_identifier':
    case 'field_identifier':
      return { kind: 'name', name: build.textOf(node), ...place };
    case 'interpreted_string_literal':
    case 'raw_string_literal':
      return { kind: 'text', value: build.text.slice(node.start + 1, node.end - 1), ...place };
    case 'int_literal':
    case 'float_literal':
    case 'rune_literal':
    case 'true':
    case 'false':
    case 'nil':
    case 'iota':
      return scalar(place, build.textOf(node));
    case 'binary_expression': {
      if (childOf(node, 'operator')?.type !== '+') return scalar(place);
      return joined([field('left'), field('right')], place);
    }
    case 'unary_expression':
      return node.children[0]?.type === '!' ? scalar(place) : field('operand');
    case 'parenthesized_expression':
    case 'literal_element':
    case 'expression_list':
      return build.lower(namedChildren(node)[0] ?? null);
    case 'type_assertion_expression':
      return field('operand');
    case 'selector_expression': {
      const property = childOf(node, 'field');
      return { kind: 'member', object: field('operand'), property: property ? build.textOf(property) : '', ...place };
    }
    case 'index_expression':
      return { kind: 'index', object: field('operand'), key: field('index'), ...place };
    case 'slice_expression':
      return field('operand');
    case 'type_conversion_expression':
      return field('operand');
    case 'composite_literal':
      return literal(node, build);
    case 'func_literal':
      return { kind: 'function', results: [], ...place };
    case 'call_expression': {
      const list = childOf(node, 'arguments');
      const given = list === null ? [] : namedChildren(list);
      return {
        kind: 'call',
        callee: field('function'),
        arguments: given.map(child => ({
          name: null,
          value: build.lower(child),
          isSpread: child.type === 'variadic_argument',
        })),
        isNew: false,
        isTagged: false,
        ...place,
      };
    }
    default:
      return { kind: 'other', parts: namedChildren(node).map(build.lower), ...place };
  }
}

function literal(node: SyntaxNode, build: Build): Expression {
  const [type, body] = [childOf(node, 'type'), childOf(node, 'body')];
  const children = body === null ? [] : namedChildren(body);
  if (!children.some(child => child.type === 'keyed_element')) {
    return { kind: 'list', items: children.map(build.lower), ...placeOf(node) };
  }
  const entries = children.map((child): Entry => {
    const key = childOf(child, 'key');
    const value = build.lower(childOf(child, 'value'));
    return { key: key === null ? null : build.textOf(key).replace(/^"|"$/g, ''), value, ...placeOf(child) };
  });
  return { kind: 'record', type: type === null ? null : build.textOf(type), entries, ...placeOf(node) };
}

function placeOf({ start, end }: SyntaxNode): { readonly start: number; readonly end: number } {
  return { start, end };
}
