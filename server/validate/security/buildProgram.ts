import type { SyntaxNode } from '../../../grammars/plainTree.js';
import type { Call, Expression } from './expression.js';
import type { Binding, Program, Scope, Setting } from './program.js';

/** How a language's tree becomes what the rules see. */
export interface Dialect {
  readonly language: Program['language'];
  /** Kinds of nodes that have names of their own. */
  readonly functions: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  /** Nodes whose statements may be passed over: bodies of conditions, loops, functions. */
  readonly blocks: ReadonlySet<string>;
  /** Notes what a node declares and sets; its children are visited afterwards. */
  declare(node: SyntaxNode, build: Build): void;
  /** Of an expression's node. */
  lower(node: SyntaxNode, build: Build): Expression;
  /** Kinds of nodes that are calls, each of which is noted. */
  readonly calls: ReadonlySet<string>;
}

/** What a dialect works with. */
export interface Build {
  readonly text: string;
  textOf(node: SyntaxNode): string;
  /** Each node once. */
  lower(node: SyntaxNode | null): Expression;
  /** In the scope that is open; a name that begins with a dot in that of the class around it. */
  bind(name: string, at: number, meaning: Binding['meaning']): void;
  set(setting: Setting): void;
  /** Functions that are called with each item of something, and of what. */
  readonly eachOf: Map<SyntaxNode, Expression>;
}

/** One walk over the tree. */
export function buildProgram(root: SyntaxNode, text: string, dialect: Dialect): Program {
  const calls: Call[] = [];
  const settings: Setting[] = [];
  const scopes: Scope[] = [];
  const known = new Map<SyntaxNode, Expression>();
  let scope = open(root, null, false);
  let blockEnd = root.end;

  const build: Build = {
    text,
    textOf: ({ start, end }) => text.slice(start, end),
    lower(node) {
      if (node === null) return { kind: 'other', start: 0, end: 0, parts: [] };
      const ready = known.get(node);
      if (ready !== undefined) return ready;
      const made = dialect.lower(node, build);
      known.set(node, made);
      return made;
    },
    bind(name, at, meaning) {
      let home: Scope = scope;
      if (name.startsWith('.')) while (!home.isClass && home.parent !== null) home = home.parent;
      const bindings = home.bindings.get(name) ?? [];
      bindings.push({ at, blockEnd, meaning });
      home.bindings.set(name, bindings);
    },
    set: setting => void settings.push(setting),
    eachOf: new Map(),
  };

  visit(root);
  return { language: dialect.language, text, calls, settings, scopes };

  function open(node: SyntaxNode, parent: Scope | null, isClass: boolean): Scope {
    const made: Scope = { start: node.start, end: node.end, parent, isClass, bindings: new Map() };
    scopes.push(made);
    return made;
  }

  function visit(node: SyntaxNode): void {
    const [outer, outerEnd] = [scope, blockEnd];
    const isClass = dialect.classes.has(node.type);
    if (isClass || dialect.functions.has(node.type)) scope = open(node, outer, isClass);
    if (scope !== outer || dialect.blocks.has(node.type)) blockEnd = node.end;
    if (dialect.calls.has(node.type)) {
      const call = build.lower(node);
      if (call.kind === 'call') calls.push(call);
    }
    dialect.declare(node, build);
    for (const child of node.children) if (child.children.length > 0 || child.isNamed) visit(child);
    scope = outer;
    blockEnd = outerEnd;
  }
}

export function childOf(node: SyntaxNode, field: string): SyntaxNode | null {
  return node.children.find(child => child.field === field) ?? null;
}

export function childrenOf(node: SyntaxNode, field: string): SyntaxNode[] {
  return node.children.filter(child => child.field === field);
}

export function namedChildren(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter(child => child.isNamed && child.type !== 'comment');
}

export function joined(parts: readonly Expression[], { start, end }: { start: number; end: number }): Expression {
  const flat = parts.flatMap(part => (part.kind === 'joined' ? part.parts : [part]));
  return { kind: 'joined', start, end, parts: flat };
}

export function scalar({ start, end }: { start: number; end: number }, value = ''): Expression {
  return { kind: 'scalar', start, end, value };
}

/** A format with its arguments put in, by `%s` and the like; numbers are no text of anyone's. */
export function formatted(
  format: string,
  values: readonly Expression[],
  place: { readonly start: number; readonly end: number },
): Expression {
  const pieces = format.split(/(%(?:\(\w+\))?[-+#0 ]*\d*(?:\.\d+)?[a-zA-Z%])/);
  let next = 0;
  const parts = pieces.map((piece): Expression => {
    if (!/^%.*[a-zA-Z]$/.test(piece) || piece === '') return { kind: 'text', ...place, value: piece };
    const value = values[next++];
    return value === undefined || /[dixofeEgGcp]$/.test(piece) ? scalar(place) : value;
  });
  const rest = values.slice(next);
  return { kind: 'joined', start: place.start, end: place.end, parts: [...parts, ...rest] };
}
