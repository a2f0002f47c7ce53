import type { SyntaxNode } from '../../../grammars/plainTree.js';
import { buildProgram, type Dialect } from './buildProgram.js';
import { createContext, type Rule } from './context.js';
import { go } from './dialects/go.js';
import { java } from './dialects/java.js';
import { javascript } from './dialects/javascript.js';
import { python } from './dialects/python.js';
import type { Danger } from './families.js';
import { builtHtml } from './rules/builtHtml.js';
import { builtPath } from './rules/builtPath.js';
import { builtSql } from './rules/builtSql.js';
import { evalOfBuiltString } from './rules/evalOfBuiltString.js';
import { shellOfBuiltString } from './rules/shellOfBuiltString.js';
import { tlsCheckOff } from './rules/tlsCheckOff.js';
import { unsafeDeserialisation } from './rules/unsafeDeserialisation.js';
import { weakCipher } from './rules/weakCipher.js';
import { weakHash } from './rules/weakHash.js';

const rules: readonly Rule[] = [
  evalOfBuiltString,
  shellOfBuiltString,
  unsafeDeserialisation,
  builtSql,
  weakHash,
  weakCipher,
  tlsCheckOff,
  builtHtml,
  builtPath,
];

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ['python', python],
  ['javascript', javascript],
  ['typescript', javascript],
  ['tsx', javascript],
  ['go', go],
  ['java', java],
]);

/** All dangers of a file, in order. `grammar` is the one that made the tree. */
export function findDangers(root: SyntaxNode, text: string, grammar: string): Danger[] {
  const dialect = dialects.get(grammar);
  if (dialect === undefined) return [];
  const context = createContext(buildProgram(root, text, dialect));
  return rules.flatMap(rule => rule(context)).sort((a, b) => a.start - b.start || a.rule.localeCompare(b.rule));
}

export function isJudged(grammar: string | null): boolean {
  return grammar !== null && dialects.has(grammar);
}
