import ts from 'typescript';
import { fileNotJudged } from '../apart.js';
import type { Finding, Unknown } from '../validator.js';
import type { Configuration } from './configuration.js';
import type { FileState } from './fileState.js';
import { findingOf } from './findingOf.js';
import { importFindings, type ImportFindings } from './importFindings.js';
import { asNarrowed } from './narrowedMember.js';
import { createScriptJudge } from './scriptJudge.js';
import { windowNameFindings } from './windowNames.js';
import { isFromEnvironment, isOfUnknownHost } from './environmentNames.js';

export interface CheckedFile {
  readonly findings: readonly Finding[];
  readonly unknown: Unknown | null;
}

const moduleRule = 'names/unknown-module';
const environmentCodes = [2304, 2552, 2503, 18004];

/** All that is wrong with one file of a program. */
export function checkFile(path: string, state: FileState): CheckedFile {
  const { program, configuration, packages, files } = state;
  const source = program.getSourceFile(path);
  if (source === undefined) return { findings: [], unknown: fileNotJudged({ path }, 'cannot be read') };
  const diagnostics = program.getSemanticDiagnostics(source);
  const isPlainScript = isScript(path) && !isCheckedScript(source, configuration);
  const judge = isPlainScript ? createScriptJudge(source, state) : null;
  // How strictly types are meant is said in a configuration or nowhere.
  const judgesTypes = configuration.path !== null;
  const findings: Finding[] = [];
  const unresolved = new Set<number>();
  for (const diagnostic of diagnostics) {
    const said = findingOf(diagnostic, source, path);
    if (said === null || diagnostic.start === undefined) continue;
    const finding = isPlainScript ? said : asNarrowed(said, source, program.getTypeChecker());
    if (finding.rule === moduleRule) unresolved.add(diagnostic.start);
    else if (environmentCodes.includes(diagnostic.code) && isFromEnvironment(diagnostic, source, state)) continue;
    else if (isOfUnknownHost(diagnostic, source, state)) continue;
    else if (!judgesTypes && finding.rule.startsWith('types/')) continue;
    else if (judge === null || judge.bears(diagnostic)) findings.push(finding);
  }
  const imported = importFindings(source, unresolved, program.getTypeChecker(), packages, files);
  // Types that come from what is not there are none, and those that were made of them may be wrong.
  const kept = imported.absent.length === 0 ? findings : findings.filter(({ rule }) => !rule.startsWith('types/'));
  kept.push(
    ...imported.findings,
    ...windowNameFindings(source, program.getTypeChecker()),
    ...(judge?.inventedNames() ?? []),
  );
  return {
    findings: kept.sort((left, right) => left.start - right.start || left.end - right.end),
    unknown: whyNotJudged(imported),
  };
}

function whyNotJudged({ notJudged, absent }: ImportFindings): Unknown | null {
  if (absent.length > 0) {
    const names = [...new Set(absent)].sort().join(', ');
    const why = `What comes from packages that are declared and not installed could not be judged: ${names}.`;
    return { why, remedy: 'Install what package.json declares.', missing: null };
  }
  if (notJudged.length === 0) return null;
  const why = `No package.json says which packages there are, so ${notJudged.join(', ')} could not be judged.`;
  return { why, remedy: null, missing: null };
}

function isScript(path: string): boolean {
  return /\.[cm]?jsx?$/.test(path);
}

function isCheckedScript(source: ts.SourceFile, { checksJavaScript }: Configuration): boolean {
  const asked = /^(?:\s*(?:\/\/.*|\/\*[\s\S]*?\*\/|#!.*))*?\s*\/\/\s*@ts-check\b/.test(source.text.slice(0, 2000));
  return checksJavaScript || asked;
}
