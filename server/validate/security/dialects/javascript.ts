import type { SyntaxNode } from '../../../../grammars/plainTree.js';
import { childOf, joined, namedChildren, scalar, type Build, type Dialect } from '../buildProgram.js';
import type { Argument, Entry, Expression } from '../expression.js';

const functionTypes = [
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
];

/** JavaScript and TypeScript, with and without markup. */
export const javascript: Dialect = {
  language: 'javascript',
  functions: new Set(functionTypes),
  classes: new Set(['class_declaration', 'class', 'abstract_class_declaration']),
  blocks: new Set(['statement_block', 'ternary_expression', 'switch_case', 'switch_default', 'if_statement']),
  calls: new Set(['call_expression', 'new_expression']),
  declare,
  lower,
};

function declare(node: SyntaxNode, build: Build): void {
  switch (node.type) {
    case 'variable_declarator': {
      const value = childOf(node, 'value');
      const name = childOf(node, 'name');
      const type = childOf(node, 'type');
      if (name === null) return;
      if (value !== null) return pattern(name, build.lower(value), node, build);
      if (name.type === 'identifier' && type !== null) {
        build.bind(build.textOf(name), node.start, { kind: 'opaque', type: build.textOf(type) });
      }
      return;
    }
    case 'assignment_expression': {
      const left = childOf(node, 'left');
      const value = build.lower(childOf(node, 'right'));
      if (left === null) return;
      pattern(left, value, node, build);
      return setMember(left, value, node, build);
    }
    case 'augmented_assignment_expression': {
      const left = childOf(node, 'left');
      const value = build.lower(childOf(node, 'right'));
      const name = left === null ? null : nameOf(left, build);
      if (name !== null) build.bind(name, node.end, { kind: 'value', value, isAdded: true });
      return left === null ? undefined : setMember(left, value, node, build);
    }
    case 'for_in_statement': {
      const left = childOf(node, 'left');
      const of = build.lower(childOf(node, 'right'));
      return left === null ? undefined : items(left, of, build);
    }
    case 'public_field_definition':
    case 'field_definition': {
      const name = childOf(node, 'name') ?? childOf(node, 'property');
      const value = childOf(node, 'value');
      if (name !== null && value !== null) {
        build.bind(`.${build.textOf(name)}`, node.start, { kind: 'value', value: build.lower(value), isAdded: false });
      }
      return;
    }
    case 'call_expression':
      return called(node, build);
    case 'pair': {
      const key = childOf(node, 'key');
      const name = key === null ? null : keyOf(key, build);
      const value = build.lower(childOf(node, 'value'));
      if (name !== null) build.set({ name, object: null, value, ...placeOf(node) });
      return;
    }
    case 'jsx_attribute': {
      const [name, value] = namedChildren(node);
      if (name === undefined || value === undefined) return;
      const inner = value.type === 'jsx_expression' ? (namedChildren(value)[0] ?? null) : value;
      return build.set({ name: build.textOf(name), object: null, value: build.lower(inner), ...placeOf(node) });
    }
    case 'import_statement':
      return imports(node, build);
    case 'program':
    case 'statement_block':
      for (const child of node.children) declareFunction(child, build);
      return;
  }
  if (functionTypes.includes(node.type)) parameters(node, build);
}

function declareFunction(node: SyntaxNode, build: Build): void {
  const definition = node.type === 'export_statement' ? childOf(node, 'declaration') : node;
  if (definition?.type !== 'function_declaration') return;
  const name = childOf(definition, 'name');
  if (name === null) return;
  build.bind(build.textOf(name), 0, { kind: 'function', results: resultsOf(definition, build) });
}

function resultsOf(node: SyntaxNode, build: Build): Expression[] {
  const body = childOf(node, 'body');
  if (body === null) return [];
  if (body.type !== 'statement_block') return [build.lower(body)];
  const results: Expression[] = [];
  const collect = (inner: SyntaxNode): void => {
    if (functionTypes.includes(inner.type)) return;
    if (inner.type === 'return_statement') results.push(build.lower(namedChildren(inner)[0] ?? null));
    else for (const child of inner.children) if (child.children.length > 0) collect(child);
  };
  collect(body);
  return results;
}

/** What a name, or each name of a pattern, gets. */
function pattern(left: SyntaxNode, value: Expression, place: SyntaxNode, build: Build): void {
  const name = nameOf(left, build);
  if (name !== null) return build.bind(name, place.end, { kind: 'value', value, isAdded: false });
  if (left.type === 'assignment_pattern' || left.type === 'object_assignment_pattern') {
    const target = childOf(left, 'left');
    return target === null ? undefined : pattern(target, value, place, build);
  }
  if (left.type === 'shorthand_property_identifier_pattern') {
    const property = build.textOf(left);
    const member: Expression = { kind: 'member', object: value, property, ...placeOf(left) };
    return build.bind(property, place.end, { kind: 'value', value: member, isAdded: false });
  }
  if (left.type === 'object_pattern') return namedChildren(left).forEach(child => pattern(child, value, place, build));
  if (left.type === 'pair_pattern') {
    const [key, target] = [childOf(left, 'key'), childOf(left, 'value')];
    if (key === null || target === null) return;
    return pattern(
      target,
      { kind: 'member', object: value, property: build.textOf(key), ...placeOf(left) },
      place,
      build,
    );
  }
  if (left.type === 'array_pattern' || left.type === 'rest_pattern') {
    for (const child of namedChildren(left)) items(child, value, build);
  }
}

function items(left: SyntaxNode, of: Expression, build: Build): void {
  if (left.type === 'identifier' || left.type === 'shorthand_property_identifier_pattern') {
    build.bind(build.textOf(left), left.start, { kind: 'item', of });
  } else for (const child of namedChildren(left)) items(child, of, build);
}

function setMember(left: SyntaxNode, value: Expression, place: SyntaxNode, build: Build): void {
  const target = build.lower(left);
  if (target.kind === 'member') {
    build.set({ name: target.property, object: target.object, value, ...placeOf(place) });
  }
  if (target.kind === 'index' && target.key?.kind === 'text') {
    build.set({ name: target.key.value, object: target.object, value, ...placeOf(place) });
  }
}

function parameters(node: SyntaxNode, build: Build): void {
  const single = childOf(node, 'parameter');
  const list = childOf(node, 'parameters');
  const each = build.eachOf.get(node);
  const given = single === null ? (list === null ? [] : namedChildren(list)) : [single];
  given.forEach((parameter, at) => {
    const type = childOf(parameter, 'type');
    const target = childOf(parameter, 'pattern') ?? parameter;
    const meaning = {
      kind: 'parameter',
      type: type === null ? '' : build.textOf(type).slice(1).trim(),
      isRoute: false,
    } as const;
    if (each !== undefined && target.type === 'identifier') {
      // The second is the place in the list.
      const value: Expression = at === 0 ? each : scalar(parameter);
      return build.bind(build.textOf(target), parameter.start, { kind: 'item', of: value });
    }
    for (const name of namesIn(target)) build.bind(build.textOf(name), parameter.start, meaning);
  });
}

function namesIn(node: SyntaxNode): SyntaxNode[] {
  if (node.type === 'identifier' || node.type === 'shorthand_property_identifier_pattern') return [node];
  if (node.type === 'pair_pattern' || node.type === 'assignment_pattern' || node.type === 'object_assignment_pattern') {
    const target = childOf(node, 'value') ?? childOf(node, 'left');
    const inner = node.type === 'pair_pattern' ? target : childOf(node, 'left');
    return inner === null ? [] : namesIn(inner);
  }
  return namedChildren(node).flatMap(namesIn);
}

const perItem = /^(?:map|forEach|filter|flatMap|some|every|find|findIndex|sort)$/;

function called(node: SyntaxNode, build: Build): void {
  const call = build.lower(node);
  if (call.kind !== 'call' || call.callee.kind !== 'member') return;
  const { object, property } = call.callee;
  const list = childOf(node, 'arguments');
  const callback = list === null ? undefined : namedChildren(list)[0];
  if (perItem.test(property) && callback !== undefined && functionTypes.includes(callback.type)) {
    build.eachOf.set(callback, object);
  }
  if (object.kind !== 'name' || !/^(?:push|unshift|append|add|set)$/.test(property)) return;
  for (const { value } of call.arguments) build.bind(object.name, node.end, { kind: 'value', value, isAdded: true });
}

function imports(node: SyntaxNode, build: Build): void {
  const required = node.children.find(child => child.type === 'import_require_clause');
  const source = childOf(required ?? node, 'source');
  const module = source === null ? '' : moduleName(build.textOf(source).slice(1, -1));
  const bind = (name: SyntaxNode | null | undefined, path: string): void => {
    if (name !== null && name !== undefined) build.bind(build.textOf(name), 0, { kind: 'import', path });
  };
  if (required !== undefined) return bind(namedChildren(required)[0], module);
  const clause = node.children.find(child => child.type === 'import_clause');
  for (const child of clause === undefined ? [] : namedChildren(clause)) {
    if (child.type === 'identifier') bind(child, module);
    else if (child.type === 'namespace_import') bind(namedChildren(child)[0], module);
    else {
      for (const specifier of namedChildren(child)) {
        const name = childOf(specifier, 'name');
        if (name !== null) bind(childOf(specifier, 'alias') ?? name, `${module}.${build.textOf(name)}`);
      }
    }
  }
}

/** `node:fs/promises` and `fs/promises` are one. */
export function moduleName(specifier: string): string {
  return specifier.replace(/^node:/, '');
}

function lower(node: SyntaxNode, build: Build): Expression {
  const place = placeOf(node);
  const field = (name: string): Expression => build.lower(childOf(node, name));
  switch (node.type) {
    case 'identifier':
    case 'shorthand_property_identifier':
    case 'this':
    case 'super':
      return { kind: 'name', name: build.textOf(node), ...place };
    case 'string':
      return { kind: 'text', value: build.text.slice(node.start + 1, node.end - 1), ...place };
    case 'template_string':
      return template(node, build);
    case 'number':
    case 'true':
    case 'false':
    case 'null':
    case 'undefined':
    case 'regex':
      return scalar(place, build.textOf(node));
    case 'unary_expression':
    case 'update_expression':
      return scalar(place, node.type === 'unary_expression' ? build.textOf(node) : '');
    case 'binary_expression':
      return binary(node, build);
    case 'ternary_expression':
      return { kind: 'choice', options: [field('consequence'), field('alternative')], ...place };
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'await_expression':
    case 'spread_element':
    case 'template_substitution':
    case 'jsx_expression':
      return build.lower(namedChildren(node)[0] ?? null);
    case 'type_assertion':
    case 'sequence_expression':
      return build.lower(namedChildren(node).at(-1) ?? null);
    case 'assignment_expression':
      return field('right');
    case 'member_expression': {
      const property = childOf(node, 'property');
      return { kind: 'member', object: field('object'), property: property ? build.textOf(property) : '', ...place };
    }
    case 'subscript_expression':
      return { kind: 'index', object: field('object'), key: field('index'), ...place };
    case 'array':
      return { kind: 'list', items: namedChildren(node).map(build.lower), ...place };
    case 'object':
      return { kind: 'record', type: null, entries: namedChildren(node).map(child => entry(child, build)), ...place };
    case 'call_expression':
    case 'new_expression':
      return call(node, build);
  }
  if (functionTypes.includes(node.type)) return { kind: 'function', results: resultsOf(node, build), ...place };
  return { kind: 'other', parts: namedChildren(node).map(build.lower), ...place };
}

function template(node: SyntaxNode, build: Build): Expression {
  const holes = node.children.filter(child => child.type === 'template_substitution');
  const [from, to] = [node.start + 1, node.end - 1];
  if (holes.length === 0) return { kind: 'text', value: build.text.slice(from, to), ...placeOf(node) };
  const parts: Expression[] = [];
  let at = from;
  for (const hole of holes) {
    parts.push(
      { kind: 'text', value: build.text.slice(at, hole.start), start: at, end: hole.start },
      build.lower(hole),
    );
    at = hole.end;
  }
  parts.push({ kind: 'text', value: build.text.slice(at, to), start: at, end: to });
  return joined(parts, placeOf(node));
}

function binary(node: SyntaxNode, build: Build): Expression {
  const operator = childOf(node, 'operator')?.type ?? '';
  if (operator !== '+' && !/^(?:&&|\|\||\?\?)$/.test(operator)) return scalar(node);
  const [left, right] = [build.lower(childOf(node, 'left')), build.lower(childOf(node, 'right'))];
  if (operator === '+') return joined([left, right], placeOf(node));
  // What stands left of `&&` is only a condition.
  return { kind: 'choice', options: operator === '&&' ? [right] : [left, right], ...placeOf(node) };
}

function call(node: SyntaxNode, build: Build): Expression {
  const list = childOf(node, 'arguments');
  const isTagged = list?.type === 'template_string';
  const given = list === null ? [] : isTagged ? [list] : namedChildren(list);
  return {
    kind: 'call',
    callee: build.lower(childOf(node, 'function') ?? childOf(node, 'constructor')),
    arguments: given.map((child): Argument => ({
      name: null,
      value: build.lower(child),
      isSpread: child.type === 'spread_element',
    })),
    isNew: node.type === 'new_expression',
    isTagged,
    ...placeOf(node),
  };
}

function entry(node: SyntaxNode, build: Build): Entry {
  if (node.type === 'pair') {
    const key = childOf(node, 'key');
    return {
      key: key === null ? null : keyOf(key, build),
      value: build.lower(childOf(node, 'value')),
      ...placeOf(node),
    };
  }
  const isShorthand = node.type === 'shorthand_property_identifier';
  return { key: isShorthand ? build.textOf(node) : null, value: build.lower(node), ...placeOf(node) };
}

function keyOf(key: SyntaxNode, build: Build): string | null {
  if (key.type === 'string') return build.text.slice(key.start + 1, key.end - 1);
  return key.type === 'computed_property_name' ? null : build.textOf(key);
}

/** Of a plain name, or of a member of `this`. */
function nameOf(node: SyntaxNode, build: Build): string | null {
  if (node.type === 'identifier') return build.textOf(node);
  return node.type === 'member_expression' ? (/^this(\.[\w#]+)$/.exec(build.textOf(node))?.[1] ?? null) : null;
}

function placeOf({ start, end }: SyntaxNode): { readonly start: number; readonly end: number } {
  return { start, end };
}
