import type { SyntaxNode } from '../../../../grammars/plainTree.js';
import {
  childOf,
  childrenOf,
  formatted,
  joined,
  namedChildren,
  scalar,
  type Build,
  type Dialect,
} from '../buildProgram.js';
import type { Argument, Entry, Expression } from '../expression.js';
import { routeResult } from '../program.js';

export const python: Dialect = {
  language: 'python',
  functions: new Set(['function_definition', 'lambda']),
  classes: new Set(['class_definition']),
  blocks: new Set(['block', 'conditional_expression']),
  calls: new Set(['call']),
  declare,
  lower,
};

function declare(node: SyntaxNode, build: Build): void {
  switch (node.type) {
    case 'assignment':
      return assign(childOf(node, 'left'), build.lower(childOf(node, 'right')), node, build);
    case 'named_expression':
      return assign(childOf(node, 'name'), build.lower(childOf(node, 'value')), node, build);
    case 'augmented_assignment': {
      const left = childOf(node, 'left');
      const name = left === null ? null : nameOf(left, build);
      const value = build.lower(childOf(node, 'right'));
      if (name !== null) build.bind(name, node.end, { kind: 'value', value, isAdded: true });
      return;
    }
    case 'for_statement':
    case 'for_in_clause':
      return items(childOf(node, 'left'), build.lower(childOf(node, 'right')), build);
    case 'as_pattern': {
      const [value, target] = [node.children[0] ?? null, childOf(node, 'alias')];
      return assign(target?.children[0] ?? null, build.lower(value), node, build);
    }
    case 'parameters':
    case 'lambda_parameters':
      for (const child of namedChildren(node)) parameter(child, node, build);
      return;
    case 'function_definition': {
      // Its name belongs to what is around it, and stands there already when the scope of the function is open.
      return;
    }
    case 'block':
    case 'module':
      for (const child of node.children) declareFunction(child, build);
      return;
    case 'call':
      return added(node, build);
    case 'keyword_argument':
    case 'pair': {
      const key = childOf(node, 'key') ?? childOf(node, 'name');
      const value = build.lower(childOf(node, 'value'));
      if (key !== null) build.set({ name: keyOf(key, build) ?? '', object: null, value, ...placeOf(node) });
      return;
    }
    case 'import_statement':
    case 'import_from_statement':
      return imports(node, build);
  }
}

function declareFunction(node: SyntaxNode, build: Build): void {
  const definition = node.type === 'decorated_definition' ? childOf(node, 'definition') : node;
  if (definition?.type !== 'function_definition') return;
  const name = childOf(definition, 'name');
  const results: Expression[] = [];
  collectReturns(childOf(definition, 'body'), results, build);
  if (name !== null) build.bind(build.textOf(name), node.start, { kind: 'function', results });
  if (node === definition || !/@[\w.]+\.(?:route|get|post|put)\(/.test(build.text.slice(node.start, definition.start)))
    return;
  for (const value of results) {
    build.set({ name: routeResult, object: null, value, start: value.start, end: value.end });
  }
}

function collectReturns(node: SyntaxNode | null, results: Expression[], build: Build): void {
  if (node === null || node.type === 'function_definition' || node.type === 'lambda') return;
  if (node.type === 'return_statement') results.push(build.lower(namedChildren(node)[0] ?? null));
  else for (const child of node.children) if (child.children.length > 0) collectReturns(child, results, build);
}

function assign(left: SyntaxNode | null, value: Expression, place: SyntaxNode, build: Build): void {
  if (left === null) return;
  if (left.type === 'pattern_list' || left.type === 'tuple_pattern' || left.type === 'list_pattern') {
    const targets = namedChildren(left);
    const parts = value.kind === 'list' && value.items.length === targets.length ? value.items : null;
    targets.forEach((target, at) => {
      const part = parts?.[at];
      if (part !== undefined) assign(target, part, place, build);
      else items(target, value, build);
    });
    return;
  }
  const name = nameOf(left, build);
  if (name !== null) build.bind(name, place.end, { kind: 'value', value, isAdded: false });
  if (left.type === 'attribute') {
    const property = childOf(left, 'attribute');
    const object = build.lower(childOf(left, 'object'));
    if (property !== null) build.set({ name: build.textOf(property), object, value, ...placeOf(place) });
  }
  if (left.type === 'subscript') {
    const [key] = childrenOf(left, 'subscript');
    const object = build.lower(childOf(left, 'value'));
    const text = key === undefined ? null : keyOf(key, build);
    if (text !== null) build.set({ name: text, object, value, ...placeOf(place) });
  }
}

function items(left: SyntaxNode | null, of: Expression, build: Build): void {
  if (left === null) return;
  if (left.type === 'identifier') build.bind(build.textOf(left), left.start, { kind: 'item', of });
  else for (const child of namedChildren(left)) items(child, of, build);
}

function parameter(node: SyntaxNode, list: SyntaxNode, build: Build): void {
  const named = childOf(node, 'name') ?? (node.type === 'identifier' ? node : (namedChildren(node)[0] ?? null));
  const name = named?.type === 'identifier' ? named : named === null ? null : (namedChildren(named)[0] ?? null);
  if (name?.type !== 'identifier') return;
  const type = childOf(node, 'type');
  const isRoute = routes.test(build.text.slice(Math.max(0, list.start - 400), list.start));
  build.bind(build.textOf(name), node.start, {
    kind: 'parameter',
    type: type === null ? '' : build.textOf(type),
    isRoute,
  });
}

/** A decorator of a web framework, right above the function. */
const routes =
  /@[\w.]+\.(?:route|get|post|put|delete|patch)\([^\n]*\)\s*\n(?:[ \t]*@[^\n]*\n)*[ \t]*(?:async\s+)?def\s+\w+$/;

/** `x.append(…)` and the like add to what a name stands for. */
function added(node: SyntaxNode, build: Build): void {
  const call = build.lower(node);
  if (call.kind !== 'call' || call.callee.kind !== 'member' || call.callee.object.kind !== 'name') return;
  if (!/^(?:append|extend|insert|add|write)$/.test(call.callee.property)) return;
  for (const { value } of call.arguments) {
    build.bind(call.callee.object.name, node.end, { kind: 'value', value, isAdded: true });
  }
}

function imports(node: SyntaxNode, build: Build): void {
  const module = childOf(node, 'module_name');
  const prefix = module === null ? '' : `${build.textOf(module)}.`;
  for (const child of childrenOf(node, 'name')) {
    const isAliased = child.type === 'aliased_import';
    const source = isAliased ? childOf(child, 'name') : child;
    const alias = isAliased ? childOf(child, 'alias') : null;
    if (source === null) continue;
    const path = build.textOf(source);
    // `import a.b` makes `a` known, under which `b` is found.
    const first = module === null && alias === null ? (path.split('.')[0] ?? path) : path;
    build.bind(alias === null ? first : build.textOf(alias), 0, { kind: 'import', path: prefix + first });
  }
}

function lower(node: SyntaxNode, build: Build): Expression {
  const place = placeOf(node);
  const field = (name: string): Expression => build.lower(childOf(node, name));
  switch (node.type) {
    case 'identifier':
      return { kind: 'name', name: build.textOf(node), ...place };
    case 'string':
      return text(node, build);
    case 'concatenated_string':
      return joined(namedChildren(node).map(build.lower), place);
    case 'integer':
    case 'float':
    case 'true':
    case 'false':
    case 'none':
      return scalar(place, build.textOf(node));
    case 'comparison_operator':
    case 'not_operator':
    case 'unary_operator':
      return scalar(place);
    case 'binary_operator':
      return binary(node, build);
    case 'boolean_operator':
      return { kind: 'choice', options: [field('left'), field('right')], ...place };
    case 'conditional_expression': {
      const [yes, , no] = namedChildren(node);
      return { kind: 'choice', options: [build.lower(yes ?? null), build.lower(no ?? null)], ...place };
    }
    case 'parenthesized_expression':
    case 'await':
    case 'expression_statement':
    case 'type':
      return build.lower(namedChildren(node)[0] ?? null);
    case 'named_expression':
      return field('value');
    case 'attribute': {
      const property = childOf(node, 'attribute');
      return { kind: 'member', object: field('object'), property: property ? build.textOf(property) : '', ...place };
    }
    case 'subscript': {
      const [key] = childrenOf(node, 'subscript');
      return { kind: 'index', object: field('value'), key: key === undefined ? null : build.lower(key), ...place };
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
      return { kind: 'list', items: namedChildren(node).map(build.lower), ...place };
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
      return { kind: 'list', items: [field('body')], ...place };
    case 'list_splat':
    case 'dictionary_splat':
      return build.lower(namedChildren(node)[0] ?? null);
    case 'dictionary':
      return { kind: 'record', type: null, entries: namedChildren(node).map(child => entry(child, build)), ...place };
    case 'lambda':
      return { kind: 'function', results: [field('body')], ...place };
    case 'call':
      return call(node, build);
    default:
      return { kind: 'other', parts: namedChildren(node).map(build.lower), ...place };
  }
}

function text(node: SyntaxNode, build: Build): Expression {
  const place = placeOf(node);
  const first = node.children[0];
  const last = node.children.at(-1);
  if (first === undefined || last === undefined) return { kind: 'text', value: '', ...place };
  const holes = node.children.filter(child => child.type === 'interpolation');
  if (holes.length === 0) return { kind: 'text', value: build.text.slice(first.end, last.start), ...place };
  const parts: Expression[] = [];
  let at = first.end;
  for (const hole of holes) {
    parts.push({ kind: 'text', value: build.text.slice(at, hole.start), start: at, end: hole.start });
    const format = hole.children.find(child => child.type === 'format_specifier');
    const isNumber = format !== undefined && /[dixofeEgG%]$/.test(build.textOf(format));
    parts.push(isNumber ? scalar(hole) : build.lower(childOf(hole, 'expression')));
    at = hole.end;
  }
  parts.push({ kind: 'text', value: build.text.slice(at, last.start), start: at, end: last.start });
  return joined(parts, place);
}

function binary(node: SyntaxNode, build: Build): Expression {
  const place = placeOf(node);
  const operator = childOf(node, 'operator')?.type ?? '';
  const left = build.lower(childOf(node, 'left'));
  const right = build.lower(childOf(node, 'right'));
  if (operator === '+' || operator === '/') return joined([left, right], place);
  if (operator === '%' && left.kind === 'text') {
    return formatted(left.value, right.kind === 'list' ? right.items : [right], place);
  }
  if (operator === '%' && left.kind === 'joined') return joined([left, right], place);
  if (operator === '*') {
    const repeated = [left, right].find(({ kind }) => kind === 'text' || kind === 'list' || kind === 'joined');
    if (repeated !== undefined) return repeated;
  }
  if (operator === '|' || operator === '%') return { kind: 'choice', options: [left, right], ...place };
  return scalar(place);
}

function call(node: SyntaxNode, build: Build): Expression {
  const list = childOf(node, 'arguments');
  const children = list === null ? [] : list.type === 'generator_expression' ? [list] : namedChildren(list);
  const given = children.map((child): Argument => {
    const name = child.type === 'keyword_argument' ? childOf(child, 'name') : null;
    return {
      name: name === null ? null : build.textOf(name),
      value: build.lower(name === null ? child : childOf(child, 'value')),
      isSpread: child.type === 'list_splat' || child.type === 'dictionary_splat',
    };
  });
  const callee = build.lower(childOf(node, 'function'));
  return { kind: 'call', callee, arguments: given, isNew: false, isTagged: false, ...placeOf(node) };
}

function entry(node: SyntaxNode, build: Build): Entry {
  const key = childOf(node, 'key');
  if (node.type !== 'pair' || key === null) return { key: null, value: build.lower(node), ...placeOf(node) };
  return { key: keyOf(key, build), value: build.lower(childOf(node, 'value')), ...placeOf(node) };
}

function keyOf(node: SyntaxNode, build: Build): string | null {
  const key = node.type === 'identifier' && node.field === 'name' ? null : build.lower(node);
  if (key === null) return build.textOf(node);
  return key.kind === 'text' ? key.value : null;
}

/** Of a plain name, or of a member of `self`. */
function nameOf(node: SyntaxNode, build: Build): string | null {
  if (node.type === 'identifier') return build.textOf(node);
  const member = /^(?:self|cls)(\.\w+)$/.exec(build.textOf(node));
  return node.type === 'attribute' ? (member?.[1] ?? null) : null;
}

function placeOf({ start, end }: SyntaxNode): { readonly start: number; readonly end: number } {
  return { start, end };
}
