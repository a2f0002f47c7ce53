import { languageOf } from '../../../grammars/registry.js';
import type { CodeExaminer } from '../code/codeExaminer.js';
import { examineBy } from '../code/createSyntaxValidator.js';
import { fileRole } from '../fileRole.js';
import type { Examined, Finding, SourceFile, Validator } from '../validator.js';
import { hasSinkWord } from './sinkWords.js';

/** Dangers that one function shows: text run as code, as a command, as SQL; weak hashes and ciphers; checks switched off. */
export function createSecurityValidator(examiner: CodeExaminer): Validator {
  return {
    id: 'security',
    judges: 'Dangers that one function shows: built code, commands and SQL, unsafe readers, weak ciphers, checks off',
    reach: 'edit',
    needsTrust: false,
    accepts: mayHoldDanger,
    examine: (files, { folder }, signal) => findDangers(examiner, files, folder, signal),
  };
}

/** By the role that files play in a folder: tests and examples are judged more mildly. */
export async function findDangers(
  examiner: CodeExaminer,
  files: readonly SourceFile[],
  folder: string | null,
  signal: AbortSignal,
): Promise<Examined> {
  const examined = await examineBy(examiner, files, signal, isSecurity, 'security');
  const findings = examined.findings.map(finding =>
    fileRole(finding.path, folder) === 'program' ? finding : { ...finding, severity: milder(finding.severity) },
  );
  return { ...examined, findings };
}

function mayHoldDanger({ path, languageId, text }: SourceFile): boolean {
  const grammar = languageOf(path, languageId, text.slice(0, 4000))?.grammar ?? null;
  return grammar !== null && hasSinkWord(text, grammar);
}

function isSecurity({ rule }: Finding): boolean {
  return rule.startsWith('security/');
}

/** Tests and examples show what they try; only what takes words from over the network is refused there too. */
function milder(severity: Finding['severity']): Finding['severity'] {
  return severity === 'high' ? 'medium' : severity;
}
