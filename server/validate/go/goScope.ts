import type { Binding, FileScope, Scope } from './goType.js';

export function innerScope(outer: Scope): Scope {
  return { names: new Map(), outer, file: outer.file };
}

export function fileScope(file: FileScope): Scope {
  return { names: new Map(), outer: null, file };
}

export function lookUp(scope: Scope, name: string): Binding | null {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return scope.file.find(name);
}
