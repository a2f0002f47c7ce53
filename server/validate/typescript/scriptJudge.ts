import ts from 'typescript';
import type { Finding } from '../validator.js';
import type { FileState } from './fileState.js';
import { nodeAt } from './nodeAt.js';

/**
 * JavaScript that nobody asked the compiler to check: types are guessed there, and much of what it says is noise. What is kept
 * says that a name means nothing to anybody.
 */
export interface ScriptJudge {
  /** Whether what the compiler says holds here. */
  bears(diagnostic: ts.Diagnostic): boolean;
  /** Members of values of unknown type by names that nothing in the project, or in what it uses, has. */
  inventedMembers(): readonly Finding[];
}

const nameCodes = [2304, 2552, 2662, 2663, 18004];
const memberCodes = [2339, 2551, 2576, 2568];
const exportCodes = [2305, 2614, 2724, 2613];

export function createScriptJudge(source: ts.SourceFile, state: FileState): ScriptJudge {
  const { program, configuration, words } = state;
  const checker = program.getTypeChecker();

  const bears = ({ code, start = 0, length = 0 }: ts.Diagnostic): boolean => {
    const name = source.text.slice(start, start + length);
    const node = nodeAt(source, start);
    // Null where it stands in a comment: types in those are written for people.
    if (node === null) return false;
    if (nameCodes.includes(code)) return !isTakenForGranted(name);
    if (memberCodes.includes(code)) {
      if (words.gives(name, configuration)) return false;
      return isSure(node) || !isKnownToTypes(name);
    }
    return exportCodes.includes(code) && !words.gives(name, configuration);
  };

  /** Asked for before it is used, made by assignment, or put into the global object by someone. */
  const isTakenForGranted = (name: string): boolean => {
    const word = name.replaceAll('$', '\\$');
    if (new RegExp(`\\btypeof\\s*\\(?\\s*${word}(?![\\w$])`).test(source.text)) return true;
    if (new RegExp(`(?<![\\w$.])${word}\\s*=(?![=>])`).test(source.text)) return true;
    if (/(?<![\w$.])with\s*\(/.test(source.text)) return true;
    return isGlobalByAssignment(name);
  };
  const isGlobalByAssignment = (name: string): boolean =>
    words.gives(`window.${name}`, configuration) ||
    words.gives(`global.${name}`, configuration) ||
    words.gives(`globalThis.${name}`, configuration) ||
    words.gives(`self.${name}`, configuration);

  const isKnownToTypes = (name: string): boolean =>
    program.getSourceFiles().some(file => file !== source && identifiersOf(file).has(name));

  /** Receivers whose members are all declared: modules with types, and what the language itself brings and nobody adds to. */
  const isSure = (node: ts.Node): boolean => {
    const receiver = receiverOf(node);
    if (receiver === null) return false;
    const type = checker.getTypeAtLocation(receiver);
    const symbol = type.getSymbol();
    if (symbol === undefined)
      return (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike)) !== 0;
    const declarations = symbol.declarations ?? [];
    if (declarations.length === 0 || !declarations.every(isDeclared)) return false;
    if ((symbol.flags & ts.SymbolFlags.Module) !== 0) return true;
    return sureTypes.has(symbol.name);
  };

  return {
    bears,
    inventedMembers: () => [],
  };
}

const sureTypes: ReadonlySet<string> = new Set([
  ...['Math', 'JSON', 'Console', 'ObjectConstructor', 'ArrayConstructor', 'PromiseConstructor', 'NumberConstructor'],
  ...['StringConstructor', 'DateConstructor', 'Reflect', 'Atomics', 'Array', 'ReadonlyArray', 'Promise', 'Map', 'Set'],
  ...['WeakMap', 'WeakSet', 'RegExp', 'Date', 'String', 'Number', 'Boolean', 'Uint8Array', 'ArrayBuffer', 'DataView'],
]);

function isDeclared(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().isDeclarationFile;
}

function receiverOf(node: ts.Node): ts.Node | null {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression;
  if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) return parent.parent;
  return null;
}

/** Every name that stands in a file, which the parser collects anyway. Not declared by the compiler. */
export function identifiersOf(file: ts.SourceFile): ReadonlyMap<string, string> {
  return (file as unknown as { readonly identifiers?: ReadonlyMap<string, string> }).identifiers ?? new Map();
}
