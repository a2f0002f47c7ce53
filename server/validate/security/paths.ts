import type { Call, Expression } from './expression.js';
import { bindingsOf, type Binding, type Program } from './program.js';

/**
 * By what way something is reached, with the names that imports gave it undone: `subprocess.run`, `child_process.exec`,
 * `sqlite3.connect().cursor().execute`. A name that only a function knows begins with `@`; `?` is what has no name.
 */
export function pathOf(expression: Expression, program: Program, depth = 0): string {
  if (depth > 30) return '?';
  switch (expression.kind) {
    case 'name':
      return pathOfName(expression.name, expression.start, program, depth);
    case 'member':
      return `${pathOf(expression.object, program, depth + 1)}.${expression.property}`.replace(/\.default(?=\.|$)/, '');
    case 'index':
      return `${pathOf(expression.object, program, depth + 1)}[]`;
    case 'call':
      return pathOfCall(expression, program, depth);
    default:
      return '?';
  }
}

function pathOfName(name: string, at: number, program: Program, depth: number): string {
  const bindings = bindingsOf(program, name, at);
  const [only] = bindings;
  if (only === undefined) return name;
  const { meaning } = only;
  if (meaning.kind === 'import') return meaning.path;
  const ways = bindings.map(binding => wayOf(binding, program, depth));
  const [path] = ways;
  // Declared anew with the same: scripts do it.
  if (typeof path === 'string' && ways.every(way => way === path)) return path.startsWith('?') ? `@${name}` : path;
  if (bindings.length !== 1) return `@${name}`;
  // The type that it is declared with stands for it where types have methods of their own.
  const isTyped = program.language === 'java' || program.language === 'go';
  if (isTyped && (meaning.kind === 'parameter' || meaning.kind === 'opaque') && meaning.type !== '') {
    return `${meaning.type.replace(/<.*$|^\*/g, '')}()`;
  }
  return `@${name}`;
}

function wayOf({ meaning }: Binding, program: Program, depth: number): string | null {
  if (meaning.kind !== 'value' || meaning.isAdded || !isWay(meaning.value) || depth > 8) return null;
  return pathOf(meaning.value, program, depth + 1);
}

function isWay({ kind }: Expression): boolean {
  return kind === 'name' || kind === 'member' || kind === 'call' || kind === 'index';
}

function pathOfCall(call: Call, program: Program, depth: number): string {
  const callee = pathOf(call.callee, program, depth + 1);
  const [first] = call.arguments;
  if (callee === 'require' || callee === '__import__' || callee === 'importlib.import_module' || callee === 'import') {
    return first?.value.kind === 'text' ? first.value.value.replace(/^node:/, '') : '?';
  }
  if (callee === 'util.promisify' && first !== undefined) return pathOf(first.value, program, depth + 1);
  return `${callee}()`;
}

/** The last word of a path. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
