import ts from 'typescript';
import type { Finding } from '../validator.js';
import { isKnownGlobal } from './environmentNames.js';
import type { FileState } from './fileState.js';

export interface LooseNames {
  /** Names that no one declares and that are assigned, or asked for by `typeof`: they need not be there, or are made so. */
  readonly granted: ReadonlySet<string>;
}

export function looseNames(source: ts.SourceFile, checker: ts.TypeChecker): LooseNames {
  const granted = new Set<string>();
  const take = (node: ts.Expression) => {
    if (ts.isIdentifier(node) && checker.getSymbolAtLocation(node) === undefined) granted.add(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) take(node.left);
    else if (ts.isTypeOfExpression(node)) take(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { granted };
}

/**
 * `exprots.a = 1`: where nobody declares the name, the compiler makes a namespace of it, and says nothing. Nobody runs that.
 */
export function namespacesOfNobody(
  source: ts.SourceFile,
  state: FileState,
  granted: ReadonlySet<string>,
): readonly Finding[] {
  const checker = state.program.getTypeChecker();
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isRead(node) && isOfNobody(node)) findings.push(unknownName(node, source));
    ts.forEachChild(node, visit);
  };
  const isOfNobody = (node: ts.Identifier): boolean => {
    const symbol = checker.getSymbolAtLocation(node);
    const declarations = symbol?.declarations ?? [];
    if (symbol === undefined || declarations.length === 0 || (symbol.flags & ts.SymbolFlags.Assignment) === 0)
      return false;
    if (!declarations.every(isMention) || granted.has(node.text)) return false;
    return !isKnownGlobal(node.text, source, state) && !state.words.isMadeGlobal(node.text, state.configuration);
  };
  visit(source);
  return findings;
}

/** What the binder takes for a declaration of a namespace, for want of another. */
function isMention(declaration: ts.Declaration): boolean {
  const node: ts.Node = declaration;
  if (ts.isIdentifier(node)) return true;
  return ts.isPropertyAccessExpression(node) || ts.isBinaryExpression(node) || ts.isElementAccessExpression(node);
}

function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ts.isElementAccessExpression(parent) || ts.isCallExpression(parent);
}

function unknownName(node: ts.Identifier, source: ts.SourceFile): Finding {
  return {
    rule: 'names/unknown-name',
    severity: 'high',
    path: source.fileName,
    start: node.getStart(source),
    end: node.end,
    message: `Nobody declares '${node.text}'; it is only given members.`,
    fix: null,
  };
}
