import { languageOf } from '../../../grammars/registry.js';
import { Failure } from '../../base/failure.js';
import { notKnown, type Examined, type Finding, type SourceFile, type Validator } from '../validator.js';
import type { CodeExaminer } from './codeExaminer.js';
import { syntaxRule } from './syntaxErrors.js';

/** Whether code parses, in every language that has a grammar. */
export function createSyntaxValidator(examiner: CodeExaminer): Validator {
  return {
    id: 'syntax',
    judges: 'Code parses (tree-sitter), in every language with a grammar.',
    reach: 'typing',
    needsTrust: false,
    accepts: hasGrammar,
    examine: (files, _, signal) => examineBy(examiner, files, signal, ({ rule }) => rule === syntaxRule),
    // What stands in an error changes with what stands around it: that there are more of them is what counts.
    identity: () => 'error',
  };
}

/** Those findings of the syntax rules that a validator answers for. */
export async function examineBy(
  examiner: CodeExaminer,
  files: readonly SourceFile[],
  signal: AbortSignal,
  isOwn: (finding: Finding) => boolean,
): Promise<Examined> {
  try {
    const found = await Promise.all(files.map(file => examiner.examine(file, signal)));
    const unparsed = files.filter((_, at) => found[at] === null).map(({ path }) => path);
    return {
      findings: found.flatMap(findings => (findings ?? []).filter(isOwn)),
      unknown: unparsed.length === 0 ? null : notKnown(`Too long to be parsed: ${unparsed.join(', ')}.`).unknown,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return notKnown(error.message);
  }
}

export function hasGrammar({ path, languageId, text }: SourceFile): boolean {
  return (languageOf(path, languageId, text.slice(0, 4000))?.grammar ?? null) !== null;
}
