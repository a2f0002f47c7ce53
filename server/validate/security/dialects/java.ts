import type { SyntaxNode } from '../../../../grammars/plainTree.js';
import { childOf, childrenOf, joined, namedChildren, scalar, type Build, type Dialect } from '../buildProgram.js';
import type { Argument, Expression } from '../expression.js';

export const java: Dialect = {
  language: 'java',
  functions: new Set([
    'method_declaration',
    'constructor_declaration',
    'lambda_expression',
    'compact_constructor_declaration',
  ]),
  // Fields are known by their bare names, as if they stood in the file.
  classes: new Set(),
  blocks: new Set(['block', 'if_statement', 'switch_block_statement_group', 'switch_rule']),
  calls: new Set(['method_invocation', 'object_creation_expression']),
  declare,
  lower,
};

function declare(node: SyntaxNode, build: Build): void {
  switch (node.type) {
    case 'local_variable_declaration':
    case 'field_declaration': {
      const type = typeOf(node, build);
      for (const declarator of childrenOf(node, 'declarator')) variable(declarator, type, build);
      return;
    }
    case 'resource':
      return variable(node, typeOf(node, build), build);
    case 'assignment_expression': {
      const left = childOf(node, 'left');
      const target = build.lower(left);
      const value = build.lower(childOf(node, 'right'));
      const isAdded = childOf(node, 'operator')?.type === '+=';
      if (target.kind === 'name') build.bind(target.name, node.end, { kind: 'value', value, isAdded });
      if (target.kind === 'member') {
        build.set({ name: target.property, object: target.object, value, ...placeOf(node) });
      }
      return;
    }
    case 'enhanced_for_statement': {
      const name = childOf(node, 'name');
      const of = build.lower(childOf(node, 'value'));
      if (name !== null) build.bind(build.textOf(name), name.start, { kind: 'item', of });
      return;
    }
    case 'formal_parameter':
    case 'spread_parameter':
    case 'catch_formal_parameter': {
      const name = childOf(node, 'name');
      const modifiers = node.children.find(child => child.type === 'modifiers');
      const isRoute = modifiers !== undefined && fromRequest.test(build.textOf(modifiers));
      if (name !== null) {
        build.bind(build.textOf(name), node.start, { kind: 'parameter', type: typeOf(node, build), isRoute });
      }
      return;
    }
    case 'inferred_parameters':
      for (const name of namedChildren(node)) {
        build.bind(build.textOf(name), name.start, { kind: 'parameter', type: '', isRoute: false });
      }
      return;
    case 'method_invocation':
      return added(node, build);
    case 'import_declaration': {
      const [source] = namedChildren(node);
      if (source === undefined || node.children.some(child => child.type === 'asterisk')) return;
      const path = build.textOf(source);
      return build.bind(path.slice(path.lastIndexOf('.') + 1), 0, { kind: 'import', path });
    }
  }
}

/** Spring and JAX-RS put parts of the request into such parameters. */
const fromRequest =
  /@(?:RequestParam|PathVariable|RequestBody|RequestHeader|CookieValue|QueryParam|PathParam|FormParam|HeaderParam|CookieParam|ModelAttribute|MatrixVariable)\b/;

function variable(node: SyntaxNode, type: string, build: Build): void {
  const name = childOf(node, 'name');
  const value = childOf(node, 'value');
  if (name === null) return;
  if (value === null) return build.bind(build.textOf(name), node.end, { kind: 'opaque', type });
  build.bind(build.textOf(name), node.end, { kind: 'value', value: build.lower(value), isAdded: false });
}

/** A builder, or a list, that is added to. */
function added(node: SyntaxNode, build: Build): void {
  const name = childOf(node, 'name');
  const object = rootOf(childOf(node, 'object'));
  if (name === null || object === null || !/^(?:append|add|insert|concat)$/.test(build.textOf(name))) return;
  const list = childOf(node, 'arguments');
  for (const child of list === null ? [] : namedChildren(list)) {
    build.bind(build.textOf(object), node.end, { kind: 'value', value: build.lower(child), isAdded: true });
  }
}

/** Of `b.append(x).append(y)` the `b`. */
function rootOf(node: SyntaxNode | null): SyntaxNode | null {
  if (node?.type === 'method_invocation') return rootOf(childOf(node, 'object'));
  return node?.type === 'identifier' ? node : null;
}

function typeOf(node: SyntaxNode, build: Build): string {
  const type = childOf(node, 'type');
  return type === null ? '' : build.textOf(type);
}

function lower(node: SyntaxNode, build: Build): Expression {
  const place = placeOf(node);
  const field = (name: string): Expression => build.lower(childOf(node, name));
  switch (node.type) {
    case 'identifier':
    case 'type_identifier':
    case 'scoped_type_identifier':
    case 'this':
      return { kind: 'name', name: build.textOf(node), ...place };
    case 'generic_type':
      return build.lower(namedChildren(node)[0] ?? null);
    case 'string_literal': {
      const width = build.text.startsWith('"""', node.start) ? 3 : 1;
      return { kind: 'text', value: build.text.slice(node.start + width, node.end - width), ...place };
    }
    case 'decimal_integer_literal':
    case 'hex_integer_literal':
    case 'decimal_floating_point_literal':
    case 'character_literal':
    case 'true':
    case 'false':
    case 'null_literal':
      return scalar(place, build.textOf(node));
    case 'binary_expression':
      if (childOf(node, 'operator')?.type !== '+') return scalar(place);
      return joined([field('left'), field('right')], place);
    case 'unary_expression':
    case 'update_expression':
    case 'instanceof_expression':
      return scalar(place);
    case 'ternary_expression':
      return { kind: 'choice', options: [field('consequence'), field('alternative')], ...place };
    case 'parenthesized_expression':
      return build.lower(namedChildren(node)[0] ?? null);
    case 'cast_expression':
      return numeric.test(build.text.slice(node.start, node.end)) ? scalar(place) : field('value');
    case 'assignment_expression':
      return field('right');
    case 'field_access': {
      const property = childOf(node, 'field');
      const name = property === null ? '' : build.textOf(property);
      const isOwn = childOf(node, 'object')?.type === 'this';
      return isOwn
        ? { kind: 'name', name, ...place }
        : { kind: 'member', object: field('object'), property: name, ...place };
    }
    case 'array_access':
      return { kind: 'index', object: field('array'), key: field('index'), ...place };
    case 'array_creation_expression':
      return field('value');
    case 'array_initializer':
      return { kind: 'list', items: namedChildren(node).map(build.lower), ...place };
    case 'class_literal':
      return scalar(place, build.textOf(node));
    case 'lambda_expression': {
      const body = childOf(node, 'body');
      return { kind: 'function', results: body === null || body.type === 'block' ? [] : [build.lower(body)], ...place };
    }
    case 'method_invocation':
    case 'object_creation_expression':
      return call(node, build);
    default:
      return { kind: 'other', parts: namedChildren(node).map(build.lower), ...place };
  }
}

const numeric = /^\(\s*(?:int|long|short|byte|float|double|char|boolean|Integer|Long)\s*\)/;

function call(node: SyntaxNode, build: Build): Expression {
  const place = placeOf(node);
  const list = childOf(node, 'arguments');
  const isNew = node.type === 'object_creation_expression';
  const object = childOf(node, 'object');
  const name = childOf(node, 'name');
  const property = name === null ? '' : build.textOf(name);
  const isOwn = object === null || object.type === 'this';
  const callee: Expression = isNew
    ? build.lower(childOf(node, 'type'))
    : isOwn
      ? { kind: 'name', name: property, start: name?.start ?? place.start, end: name?.end ?? place.end }
      : { kind: 'member', object: build.lower(object), property, ...place };
  const given = list === null ? [] : namedChildren(list);
  return {
    kind: 'call',
    callee,
    arguments: given.map((child): Argument => ({ name: null, value: build.lower(child), isSpread: false })),
    isNew,
    isTagged: false,
    ...place,
  };
}

function placeOf({ start, end }: SyntaxNode): { readonly start: number; readonly end: number } {
  return { start, end };
}
