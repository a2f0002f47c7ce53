import type { Grammars } from '../../../grammars/parse.js';
import { languageOf } from '../../../grammars/registry.js';
import type { Finding, SourceFile } from '../validator.js';
import { isTooDeep } from '../apart.js';
import type { CodeFound, CodeRuleSet } from './codeMessages.js';
import type { CodeRule, ParsedFile } from './codeRule.js';
import { codeRules } from './codeRules.js';

/** Longer files are not judged. */
export const maxUnits = 1_000_000;
const deadlineMs = 3_000;

/** What sets of rules find in a file, which is parsed once for all of them. */
export function examineByRules(grammars: Grammars, file: SourceFile, sets: readonly CodeRuleSet[]): CodeFound {
  const found = withParsed(grammars, file, parsed =>
    sets.map(set => [set, applyRules(parsed, codeRules[set])] as const),
  );
  return Object.fromEntries(found ?? sets.map(set => [set, null]));
}

/** What the rules find in a file; null where there is no grammar for it, or it could not be parsed in time. */
export function examineCode(
  grammars: Grammars,
  file: SourceFile,
  rules: readonly CodeRule[],
): readonly Finding[] | null {
  return withParsed(grammars, file, parsed => applyRules(parsed, rules));
}

function withParsed<Result>(
  grammars: Grammars,
  file: SourceFile,
  use: (parsed: ParsedFile) => Result | null,
): Result | null {
  const language = languageOf(file.path, file.languageId, file.text.slice(0, 4000));
  if (language === null) return null;
  return grammars.withTree(language, file.text, (tree, grammar) => use({ file, language, grammar, tree }), {
    deadlineMs,
    maxUnits,
  });
}

/** Null where no stack holds the tree. */
function applyRules(parsed: ParsedFile, rules: readonly CodeRule[]): readonly Finding[] | null {
  try {
    return rules.flatMap(rule => rule(parsed));
  } catch (error) {
    if (isTooDeep(error)) return null;
    throw error;
  }
}
