import ts from 'typescript';
import type { Finding } from '../validator.js';
import { nodeAt } from './nodeAt.js';

const memberRule = 'names/unknown-member';

/**
 * A member that some of the types a value may have do have, or one of a value of which nothing is known any more, is no invented
 * name: its type was not narrowed, or narrowed too far.
 */
export function asNarrowed(finding: Finding, source: ts.SourceFile, checker: ts.TypeChecker): Finding {
  if (finding.rule !== memberRule) return finding;
  const node = nodeAt(source, finding.start);
  if (node === null || !ts.isPropertyAccessExpression(node.parent) || node.parent.name !== node) return finding;
  const type = checker.getTypeAtLocation(node.parent.expression);
  const name = node.getText(source);
  const someHave = type.isUnion() && type.types.some(part => checker.getPropertyOfType(part, name) !== undefined);
  return someHave || isEmpty(type, checker) ? { ...finding, rule: 'types/not-narrowed', severity: 'medium' } : finding;
}

function isEmpty(type: ts.Type, checker: ts.TypeChecker): boolean {
  if ((type.flags & (ts.TypeFlags.Never | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) !== 0) return true;
  return (type.flags & ts.TypeFlags.Object) !== 0 && checker.typeToString(type) === '{}';
}
