import ts from 'typescript';
import type { Finding } from '../validator.js';
import type { FileState } from './fileState.js';
import { slips } from './nearName.js';
import { isInTypes } from './typeWords.js';

/**
 * Members of values whose type nobody knows, most of JavaScript. A name that stands at one place only, and nowhere else in the
 * project, in the types it uses or in the sources of what is installed, is one that nothing can have given.
 */
export function inventedMembers(
  source: ts.SourceFile,
  state: FileState,
  judged: ReadonlySet<number>,
): readonly Finding[] {
  const { program, configuration, words, installedWords, packages, runtimeNames } = state;
  const checker = program.getTypeChecker();
  const counts = countWords(source.text);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) consider(node);
    ts.forEachChild(node, visit);
  };
  const consider = (access: ts.PropertyAccessExpression) => {
    const name = access.name.text;
    const start = access.name.getStart(source);
    if (name.length < 3 || judged.has(start) || counts.get(name) !== 1 || isMade(access)) return;
    if (runtimeNames.has(name) || isInTypes(name, program, source)) return;
    if (isGiven(checker.getSymbolAtLocation(access.name))) return;
    if (words.standsElsewhere(name, source.fileName, configuration)) return;
    if (!packages.areInstalled(source.fileName)) return;
    const installed = installedWords(source.fileName);
    if (installed === null || installed.has(name)) return;
    const called = ts.isCallExpression(access.parent) && access.parent.expression === access;
    if (!called && (isData(access.expression) || isColumn(name))) return;
    if (!called && isAskedFor(access) && !isSlip(name, counts)) return;
    if (isForeignState(access.expression)) return;
    findings.push({
      rule: 'names/unknown-member',
      severity: called ? 'high' : 'medium',
      path: source.fileName,
      start,
      end: access.name.end,
      message: `Nothing in this project, or in what it has installed, has a member '${name}'.`,
      fix: null,
    });
  };
  /** What a library keeps for itself and a project reads all the same. */
  const isForeignState = (receiver: ts.Expression): boolean => {
    const name = lastNameOf(receiver);
    return name?.startsWith('_') === true && !words.gives(name, configuration);
  };
  visit(source);
  return findings;
}

/** Whether a name has a meaning of its own, and is not only what `A.name.b = 1` makes the compiler believe. */
function isGiven(symbol: ts.Symbol | undefined): boolean {
  if (symbol === undefined) return false;
  return !(symbol.declarations ?? []).every(
    node =>
      ts.isPropertyAccessExpression(node) &&
      ts.isPropertyAccessExpression(node.parent) &&
      node.parent.expression === node,
  );
}

/** Of a table: such names come from outside. */
function isColumn(name: string): boolean {
  return /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(name);
}

/** Tested for being there, which says that it need not be. */
function isAskedFor(access: ts.PropertyAccessExpression): boolean {
  const { parent } = access;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isIfStatement(parent)) return parent.expression === access;
  if (ts.isConditionalExpression(parent)) return parent.condition === access;
  return ts.isBinaryExpression(parent) && tests.has(parent.operatorToken.kind);
}

const tests: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** Whether the file has a name that is almost this one. */
function isSlip(name: string, counts: ReadonlyMap<string, number>): boolean {
  if (name.length < 5) return false;
  for (const other of counts.keys()) if (other !== name && slips(name, other, 2) < 2) return true;
  return false;
}

/** Assigned or deleted: then it need not be there before. */
function isMade(access: ts.PropertyAccessExpression): boolean {
  const { parent } = access;
  if (ts.isBinaryExpression(parent) && parent.left === access) return isAssignment(parent.operatorToken.kind);
  return ts.isDeleteExpression(parent) || ts.isPostfixUnaryExpression(parent);
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function countWords(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** What comes from outside, whose keys stand in no source. */
const data =
  /^(?:env|argv|args|flags|opts|query|params|body|headers?|cookies?|session|dataset|data|json|payload|locals|meta|metadata|attrs|attributes|props|state|config|settings|theme|classes|styles?|fields|row|record|doc|document|event|detail|result|results|response|res|message|msg)$/i;

function isData(receiver: ts.Expression): boolean {
  const name = lastNameOf(receiver);
  return name !== null && data.test(name);
}

function lastNameOf(expression: ts.Expression): string | null {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : null;
}
