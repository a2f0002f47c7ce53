import type { Tree } from 'web-tree-sitter';
import { deepDefinitions } from './deepDefinitions.js';
import { definitionTableOf } from './definitionTable.js';
import { outerDefinitions } from './outerDefinitions.js';
import type { LoadedGrammar } from './parse.js';
import type { RawDefinition } from './rawDefinition.js';

export type DefinitionKind =
  | 'class'
  | 'interface'
  | 'enum'
  | 'struct'
  | 'trait'
  | 'type'
  | 'module'
  | 'namespace'
  | 'function'
  | 'method'
  | 'constructor'
  | 'field'
  | 'constant'
  | 'variable'
  | 'macro'
  | 'property';

/** One definition of a file, in utf-16 offsets. */
export interface Definition {
  /** Null for what only encloses, such as a Rust impl. */
  readonly kind: DefinitionKind | null;
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** With modifiers, decorators and `export`, without the comment before it. */
  readonly start: number;
  readonly end: number;
  /** Where its body begins, or -1. */
  readonly body: number;
  /** The enclosing definition's place in the outline, or -1. */
  readonly parent: number;
  /** A type that owns it without enclosing it: `Foo` of `Foo::bar`, or a Go receiver; else empty. */
  readonly owner: string;
}

/** The definitions of a tree in the order of their starts, each after those that enclose it. */
export function outlineOf(tree: Tree, grammar: LoadedGrammar, text: string): Definition[] {
  const table = definitionTableOf(grammar);
  const raw = [...deepDefinitions(tree, table, text), ...outerDefinitions(tree, table, text)].map(item => ({
    ...item,
    start: startWithModifiers(text, item.start),
  }));
  raw.sort((a, b) => a.start - b.start || b.end - a.end || a.name.start - b.name.start);
  return nest(withoutDoubles(raw), grammar.name, text);
}

/** `export default `, `type ` or `pub ` before a node belongs to it; they stand on its line. */
function startWithModifiers(text: string, start: number): number {
  let at = start;
  while (at > 0 && isModifierUnit(text.charCodeAt(at - 1))) at--;
  if (at > 0 && text.charCodeAt(at - 1) !== 10 && text.charCodeAt(at - 1) !== 13) return start;
  while (at < start && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9 || text.charCodeAt(at) === 0xfeff))
    at++;
  return at;
}

function isModifierUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || unit === 32 || unit === 9 || unit === 0xfeff;
}

/** `const f = () => …` is met as a variable and as a function: the variable's extent, the function's kind. */
function withoutDoubles(sorted: readonly RawDefinition[]): RawDefinition[] {
  const byName = new Map<number, number>();
  const kept: RawDefinition[] = [];
  for (const item of sorted) {
    const earlier = byName.get(item.name.start);
    const other = earlier === undefined ? undefined : kept[earlier];
    if (earlier === undefined || other === undefined) {
      byName.set(item.name.start, kept.length);
      kept.push(item);
    } else if (item.rule.role === 'unnamed') {
      kept[earlier] = { ...other, rule: item.rule, type: item.type, body: item.body };
    }
  }
  return kept;
}

function nest(sorted: readonly RawDefinition[], grammar: string, text: string): Definition[] {
  const outline: Definition[] = [];
  const types: string[] = [];
  const open: number[] = [];
  for (const item of sorted) {
    while (open.length > 0 && (outline[open.at(-1) ?? 0]?.end ?? 0) <= item.start) open.pop();
    const around = open.at(-1) ?? -1;
    const beside = item.further || (types[around] === 'type_definition' && item.type.endsWith('_specifier'));
    const parent = beside ? (outline[around]?.parent ?? -1) : around;
    const enclosing = outline[parent];
    const kind = item.rule.role === 'scope' ? null : kindOf(item, enclosing, grammar, text);
    if ((kind === 'field' || kind === 'property') && !isTypeLike(enclosing)) continue;
    open.push(outline.length);
    types.push(item.type);
    outline.push({
      kind,
      name: item.name.name,
      nameStart: item.name.start,
      nameEnd: item.name.end,
      start: item.start,
      // Broken code may let a definition run past the one around it.
      end: enclosing === undefined ? item.end : Math.min(item.end, enclosing.end),
      body: item.body,
      parent,
      owner: item.name.owner,
    });
  }
  return outline;
}

function kindOf(item: RawDefinition, enclosing: Definition | undefined, grammar: string, text: string): DefinitionKind {
  const { rule, name, start } = item;
  const inType = isTypeLike(enclosing);
  const before = (): string => text.slice(start, name.start);
  switch (rule.kind) {
    case 'variable':
      if (item.isFunction === true) return 'function';
      if (name.callable) return inType ? methodOrConstructor(name.name, enclosing) : 'function';
      if (inType) return 'field';
      return isConstant.test(before()) || (grammar === 'python' && isUpperCase.test(name.name))
        ? 'constant'
        : 'variable';
    case 'field':
      return name.callable ? methodOrConstructor(name.name, enclosing) : 'field';
    case 'function':
    case 'method':
      if (name.owner !== '') return sameAsOwner(name.name, name.owner) ? 'constructor' : 'method';
      if (rule.kind === 'method') return name.name === 'constructor' ? 'constructor' : 'method';
      return inType ? methodOrConstructor(name.name, enclosing) : 'function';
    case 'type': {
      const shape = grammar === 'go' ? goShape.exec(text.slice(name.end, name.end + 300))?.[1] : undefined;
      return shape === 'struct' || shape === 'interface' ? shape : 'type';
    }
    default:
      return rule.kind as DefinitionKind;
  }
}

function methodOrConstructor(name: string, enclosing: Definition | undefined): DefinitionKind {
  return name === '__init__' || name === enclosing?.name ? 'constructor' : 'method';
}

function sameAsOwner(name: string, owner: string): boolean {
  return name === owner.slice(owner.lastIndexOf(':') + 1);
}

function isTypeLike(definition: Definition | undefined): boolean {
  return definition !== undefined && (definition.kind === null || typeLike.has(definition.kind));
}

const typeLike = new Set<DefinitionKind>(['class', 'interface', 'enum', 'struct', 'trait', 'type']);
const isConstant = /\bconst(?:expr|init)?\b/;
const isUpperCase = /^[A-Z][A-Z0-9_]*$/;
const goShape = /^\s*(?:\[[^\]]*\]\s*)?(struct|interface)\b/;
