import type { Call, Expression } from './expression.js';

/** One way in which a name got a value. */
export interface Binding {
  /** Offset from which on it holds. */
  readonly at: number;
  /** The block in which it stands; a use in it, further down, sees this value and none from before. */
  readonly blockEnd: number;
  readonly meaning:
    | { readonly kind: 'value'; readonly value: Expression; readonly isAdded: boolean }
    /** One of the items of something. */
    | { readonly kind: 'item'; readonly of: Expression }
    | { readonly kind: 'parameter'; readonly type: string; readonly isRoute: boolean }
    | { readonly kind: 'import'; readonly path: string }
    | { readonly kind: 'function'; readonly results: readonly Expression[] }
    | { readonly kind: 'opaque'; readonly type: string };
}

/** Where names live: a file, a function, a class. */
export interface Scope {
  readonly start: number;
  readonly end: number;
  readonly parent: Scope | null;
  readonly isClass: boolean;
  /** Members of `this` or `self` are kept in the scope of their class, with a dot in front. */
  readonly bindings: Map<string, Binding[]>;
}

/** The name of a setting that stands for what a handler of requests gives back. */
export const routeResult = '(result of a route)';

/** A property, a key or an attribute that is given a value. */
export interface Setting {
  readonly name: string;
  /** What it is a property of; null for keys of literals, keywords and attributes of markup. */
  readonly object: Expression | null;
  readonly value: Expression;
  readonly start: number;
  readonly end: number;
}

/** A file as the rules see it. */
export interface Program {
  readonly language: 'python' | 'javascript' | 'go' | 'java';
  readonly text: string;
  readonly calls: readonly Call[];
  readonly settings: readonly Setting[];
  readonly scopes: readonly Scope[];
}

/** The innermost scope at an offset. */
export function scopeAt(program: Program, offset: number): Scope | null {
  let best: Scope | null = null;
  for (const scope of program.scopes) {
    if (scope.start > offset || scope.end < offset) continue;
    if (best === null || scope.start >= best.start) best = scope;
  }
  return best;
}

/** The innermost function around an offset, or the file. */
export function functionAt(program: Program, offset: number): Scope | null {
  let scope = scopeAt(program, offset);
  while (scope?.isClass === true) scope = scope.parent;
  return scope;
}

/** Those of a name that may hold at an offset; empty where nothing here gives it a value. */
export function bindingsOf(program: Program, name: string, offset: number): readonly Binding[] {
  const isMember = name.startsWith('.');
  const from = scopeAt(program, offset);
  for (let scope = from; scope !== null; scope = scope.parent) {
    if (scope.isClass !== isMember && (isMember || scope !== from)) continue;
    const bindings = scope.bindings.get(name);
    if (bindings === undefined) continue;
    return isMember || scope !== functionAt(program, offset) ? bindings : inForce(bindings, offset);
  }
  return [];
}

/** Without those that a later one, which is always passed on the way, has replaced. */
function inForce(bindings: readonly Binding[], offset: number): readonly Binding[] {
  let from = 0;
  bindings.forEach((binding, index) => {
    const isReplacing = binding.meaning.kind !== 'value' || !binding.meaning.isAdded;
    if (isReplacing && binding.at <= offset && offset <= binding.blockEnd) from = index;
  });
  return bindings.slice(from);
}
