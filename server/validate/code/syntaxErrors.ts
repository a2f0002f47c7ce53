import { errorsAfter } from '../../../grammars/treeErrors.js';
import type { Finding } from '../validator.js';
import type { ParsedFile } from './codeRule.js';

export const syntaxRule = 'syntax/error';

/** More say nothing more. */
const mostErrors = 50;

/** ERROR and MISSING nodes of tree-sitter, the innermost of those that lie in one another. */
export function findSyntaxErrors({ file, tree, language }: ParsedFile): readonly Finding[] {
  const errors = errorsAfter(tree, 0, mostErrors);
  return errors
    .filter((error, at) => {
      const next = errors[at + 1];
      return next === undefined || !(next.start >= error.start && next.end <= error.end);
    })
    .map(({ start, end }) => ({
      rule: syntaxRule,
      severity: 'critical',
      path: file.path,
      start,
      end,
      message:
        start === end
          ? `Something is missing here: this is not valid ${language.name}.`
          : `This is not valid ${language.name}: ${excerpt(file.text.slice(start, end))}`,
      fix: null,
    }));
}

const excerptUnits = 60;

function excerpt(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > excerptUnits ? `${line.slice(0, excerptUnits)}…` : line;
}
