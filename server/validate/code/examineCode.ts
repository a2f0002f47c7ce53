import type { Grammars } from '../../../grammars/parse.js';
import { languageOf } from '../../../grammars/registry.js';
import type { Finding, SourceFile } from '../validator.js';
import type { CodeRule } from './codeRule.js';

/** Longer files are not judged. */
export const maxUnits = 1_000_000;
const deadlineMs = 3_000;

/** What the rules find in a file; null where there is no grammar for it, or it could not be parsed in time. */
export function examineCode(
  grammars: Grammars,
  file: SourceFile,
  rules: readonly CodeRule[],
): readonly Finding[] | null {
  const language = languageOf(file.path, file.languageId, file.text.slice(0, 4000));
  if (language === null) return null;
  return grammars.withTree(
    language,
    file.text,
    (tree, grammar) => rules.flatMap(rule => rule({ file, language, grammar, tree })),
    { deadlineMs, maxUnits },
  );
}
