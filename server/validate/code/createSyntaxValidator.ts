import { languageOf } from '../../../grammars/registry.js';
import { Failure } from '../../base/failure.js';
import { fileNotJudged, joinUnknown } from '../apart.js';
import type { Examined, Finding, SourceFile, Unknown, Validator } from '../validator.js';
import type { CodeExaminer } from './codeExaminer.js';
import type { Reader } from './reader.js';
import type { CodeRuleSet } from './codeMessages.js';
import { syntaxRule } from './syntaxErrors.js';

/** Whether code parses, in every language that has a grammar. What a language's own parser reads has no error. */
export function createSyntaxValidator(examiner: CodeExaminer, readers: readonly Reader[]): Validator {
  return {
    id: 'syntax',
    judges: 'Code parses: tree-sitter, confirmed by the language’s own parser where that is at hand',
    reach: 'typing',
    needsTrust: false,
    accepts: hasGrammar,
    async examine(files, _, signal) {
      const examined = await examineBy(examiner, files, signal, ({ rule }) => rule === syntaxRule);
      const broken = files.filter(({ path }) => examined.findings.some(finding => finding.path === path));
      const read = new Set<string>();
      for (const file of broken) if (await isRead(file, readers, signal)) read.add(file.path);
      return { ...examined, findings: examined.findings.filter(({ path }) => !read.has(path)) };
    },
    // What stands in an error changes with what stands around it: that there are more of them is what counts.
    identity: () => 'error',
    async dispose() {
      await Promise.all([examiner.dispose(), ...readers.map(reader => reader.dispose())]);
    },
  };
}

/** Whether a parser of the language reads a file; false where none can tell. */
async function isRead(file: SourceFile, readers: readonly Reader[], signal: AbortSignal): Promise<boolean> {
  const reader = readers.find(each => each.accepts(file));
  try {
    return (await reader?.isValid(file, signal)) ?? false;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return false;
  }
}

/** Those findings of the syntax rules that a validator answers for. */
export async function examineBy(
  examiner: CodeExaminer,
  files: readonly SourceFile[],
  signal: AbortSignal,
  isOwn: (finding: Finding) => boolean,
  rules: CodeRuleSet = 'syntax',
): Promise<Examined> {
  // All in one turn, so that whoever asks about the same files is answered by the same parse.
  const found = await examiner.examine(files, signal, rules);
  const unknown: Unknown[] = [];
  const findings = files.flatMap((file, at) => {
    const own = found[at] ?? null;
    if (own === null) unknown.push(fileNotJudged(file, 'is too long or nested too deeply to be parsed'));
    else if (own instanceof Failure) unknown.push(fileNotJudged(file, fellOver(own)));
    else return own.filter(isOwn);
    return [];
  });
  return { findings, unknown: joinUnknown(unknown) };
}

function fellOver({ kind }: Failure): string {
  return kind === 'timeout' ? 'takes too long to be parsed' : 'cannot be parsed, as the parser fails on it';
}

export function hasGrammar({ path, languageId, text }: SourceFile): boolean {
  return (languageOf(path, languageId, text.slice(0, 4000))?.grammar ?? null) !== null;
}
