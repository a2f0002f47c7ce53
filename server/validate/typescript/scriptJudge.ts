import ts from 'typescript';
import type { Finding } from '../validator.js';
import type { FileState } from './fileState.js';
import { inventedMembers } from './inventedMembers.js';
import { looseNames, namespacesOfNobody, type LooseNames } from './looseNames.js';
import { nodeAt } from './nodeAt.js';
import { isInTypes } from './typeWords.js';

/**
 * JavaScript that nobody asked the compiler to check: types are guessed there, and much of what it says is noise. What is kept
 * says that a name means nothing to anybody.
 */
export interface ScriptJudge {
  /** Whether what the compiler says holds here. */
  bears(diagnostic: ts.Diagnostic): boolean;
  /** What the compiler takes as it comes: members of values of unknown type, and names that are only given members. */
  inventedNames(): readonly Finding[];
}

const nameCodes = [2304, 2552, 2662, 2663, 18004];
const memberCodes = [2339, 2551, 2576, 2568];
const exportCodes = [2305, 2614, 2724, 2613];
/** It is there, and not exported. */
const localCodes = [2459, 2460];

export function createScriptJudge(source: ts.SourceFile, state: FileState): ScriptJudge {
  const { program, configuration, words, runtimeNames } = state;
  const checker = program.getTypeChecker();
  const judged = new Set<number>();

  const bears = ({ code, start = 0, length = 0 }: ts.Diagnostic): boolean => {
    const name = source.text.slice(start, start + length);
    const node = nodeAt(source, start);
    // Null where it stands in a comment: types in those are written for people.
    if (node === null) return false;
    if (nameCodes.includes(code)) return !isTakenForGranted(name);
    if (localCodes.includes(code)) return isOfClosedModule(node, checker);
    if (exportCodes.includes(code))
      return isOfClosedModule(node, checker) || (!words.gives(name, configuration) && !runtimeNames.has(name));
    if (!memberCodes.includes(code) || words.gives(name, configuration) || runtimeNames.has(name)) return false;
    const certainty = certaintyOf(node, checker);
    const bearing = certainty === 'sure' || (certainty === 'likely' && !isKnownSomewhere(name));
    if (bearing) judged.add(start);
    return bearing;
  };

  /** In types, or in what packages are made of: declarations do not tell of all that is there. */
  const isKnownSomewhere = (name: string): boolean =>
    isInTypes(name, program, source) || state.installedWords(source.fileName)?.has(name) === true;

  /** Asked for before it is used, made by assignment, or put into the global object by someone. */
  const isTakenForGranted = (name: string): boolean =>
    loose().has(name) || /(?<![\w$.])with\s*\(/.test(source.text) || words.isMadeGlobal(name, configuration);
  let found: LooseNames | null = null;
  const loose = () => (found ??= looseNames(source, checker)).granted;

  return {
    bears,
    inventedNames: () => [...namespacesOfNobody(source, state, loose()), ...inventedMembers(source, state, judged)],
  };
}

/** Whether a name is imported from a module that lies here and says itself, in the language's own words, what it exports. */
function isOfClosedModule(node: ts.Node, checker: ts.TypeChecker): boolean {
  const statement = ts.findAncestor(node, each => ts.isImportDeclaration(each) || ts.isExportDeclaration(each));
  return saysAll(statement?.moduleSpecifier, checker, new Set());
}

function saysAll(specifier: ts.Expression | undefined, checker: ts.TypeChecker, seen: Set<ts.Node>): boolean {
  const module = specifier === undefined ? undefined : checker.getSymbolAtLocation(specifier)?.valueDeclaration;
  if (module === undefined || !ts.isSourceFile(module) || module.isDeclarationFile) return false;
  if (seen.has(module)) return true;
  seen.add(module);
  if (module.fileName.includes('/node_modules/') || /\bexports\b/.test(module.text)) return false;
  if (!module.statements.some(each => ts.isExportDeclaration(each) || ts.isExportAssignment(each) || isExported(each)))
    return false;
  return module.statements.every(
    each =>
      !ts.isExportDeclaration(each) || each.exportClause !== undefined || saysAll(each.moduleSpecifier, checker, seen),
  );
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

type Certainty = 'sure' | 'likely' | 'none';

/** How far the type of what stands before a member can be believed. */
function certaintyOf(node: ts.Node, checker: ts.TypeChecker): Certainty {
  const receiver = receiverOf(node);
  if (receiver === null) return 'none';
  const type = checker.getTypeAtLocation(receiver);
  const symbol = type.getSymbol();
  if (symbol === undefined) return (type.flags & primitive) === 0 ? 'none' : 'likely';
  const declarations = symbol.declarations ?? [];
  const areDeclared = declarations.length > 0 && declarations.every(one => one.getSourceFile().isDeclarationFile);
  const isModule = (symbol.flags & ts.SymbolFlags.Module) !== 0;
  // Declarations do not tell of what is private.
  if (node.getText().startsWith('_') && declarations.some(isDeclaredOrDerived)) return 'none';
  if (areDeclared) return isModule || sureTypes.has(symbol.name) ? 'sure' : 'likely';
  const isClass = declarations.some(ts.isClassLike);
  return isModule || isClass ? 'likely' : 'none';
}

function isDeclaredOrDerived(declaration: ts.Declaration): boolean {
  if (declaration.getSourceFile().isDeclarationFile) return true;
  return ts.isClassLike(declaration) && declaration.heritageClauses !== undefined;
}

const primitive = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike;

/** What the language brings and nobody adds to; what is an instance is guessed too often. */
const sureTypes: ReadonlySet<string> = new Set([
  ...['Math', 'JSON', 'Console', 'ObjectConstructor', 'ArrayConstructor', 'PromiseConstructor', 'NumberConstructor'],
  ...['StringConstructor', 'DateConstructor', 'Reflect', 'Atomics'],
]);

function receiverOf(node: ts.Node): ts.Node | null {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression;
  if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) return parent.parent;
  return null;
}
