import ts from 'typescript';
import type { Finding } from '../validator.js';

/** Members of a page's window that are names everywhere, and that hardly anybody means when they stand alone. */
const windowNames: ReadonlySet<string> = new Set(['name', 'length', 'status', 'closed']);

/** Names that mean something only because a page's window happens to have them: a parameter was meant, or a variable. */
export function windowNameFindings(source: ts.SourceFile, checker: ts.TypeChecker): readonly Finding[] {
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && windowNames.has(node.text) && isOfWindow(node)) {
      findings.push({
        rule: 'names/unknown-name',
        severity: 'high',
        path: source.fileName,
        start: node.getStart(source),
        end: node.end,
        message: `Nothing here declares '${node.text}'; alone it is a property of a page's window.`,
        fix: null,
      });
    }
    ts.forEachChild(node, visit);
  };
  const isOfWindow = (node: ts.Identifier): boolean => {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
    if (ts.isTypeNode(parent) || (ts.isBinaryExpression(parent) && parent.left === node)) return false;
    const symbol = ts.isShorthandPropertyAssignment(parent)
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : checker.getSymbolAtLocation(node);
    const declarations = symbol?.declarations ?? [];
    return declarations.length > 0 && declarations.every(isPageVariable);
  };
  visit(source);
  return findings;
}

function isPageVariable(declaration: ts.Declaration): boolean {
  return ts.isVariableDeclaration(declaration) && declaration.getSourceFile().fileName.endsWith('/lib.dom.d.ts');
}
