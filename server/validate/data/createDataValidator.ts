import { examineEach, fileNotJudged, isTooDeep } from '../apart.js';
import {
  nothingWrong,
  type Examined,
  type Finding,
  type Severity,
  type SourceFile,
  type Validator,
} from '../validator.js';
import { dataFormOf, type DataForm } from './dataFiles.js';
import { examineJson } from './examineJson.js';
import { examineToml } from './examineToml.js';
import { examineYaml } from './examineYaml.js';
import { isTemplate } from './isTemplate.js';
import type { DataProblem } from './problem.js';

/** JSON, YAML and TOML by real parsers, which no grammar of ours knows. */
export function createDataValidator(): Validator {
  return {
    id: 'data',
    judges: 'Syntax of JSON, YAML and TOML, and keys that stand twice',
    // A document that is being typed is broken most of the time.
    reach: 'edit',
    needsTrust: false,
    accepts: file => dataFormOf(file.path, file.languageId) !== null,
    identity: ({ rule, message }, { path }) => `${rule} ${message} ${path}`,
    examine: (files, _workplace, signal) => examineEach(files, examineFile, signal),
  };
}

const maxUnits = 1_000_000;

async function examineFile(file: SourceFile): Promise<Examined> {
  const { path, languageId, text } = file;
  const form = dataFormOf(path, languageId);
  if (form === null) return nothingWrong;
  const unknown = (why: string): Examined => ({ findings: [], unknown: fileNotJudged(file, why) });
  if (text.length > maxUnits) return unknown('is too large to be parsed as data');
  // Blanks, so that every offset stays right.
  const plain = text.replace(/^\uFEFF/, ' ');
  let problems: readonly DataProblem[];
  try {
    problems = await problemsOf(plain, form);
  } catch (error) {
    if (!isTooDeep(error)) throw error;
    return unknown('is nested too deeply to be parsed');
  }
  if (problems.some(({ name }) => name === 'invalid') && isTemplate(path, plain)) {
    return unknown('is a template, and what it holds is known only when it is filled in');
  }
  const findings = problems.map((problem): Finding => ({
    rule: ruleOf(problem, form),
    severity: severityOf(problem, form),
    path,
    start: problem.start,
    end: problem.end,
    message: problem.message,
    fix: null,
  }));
  return { findings, unknown: null };
}

function problemsOf(text: string, form: DataForm): Promise<DataProblem[]> {
  if (form.format === 'yaml') return examineYaml(text);
  return form.format === 'toml' ? examineToml(text) : examineJson(text, form);
}

function ruleOf({ name }: DataProblem, { format }: DataForm): string {
  if (name === 'duplicate-key') return 'data/duplicate-key';
  return `syntax/${format === 'json-lines' ? 'json' : format}`;
}

/** Comments break only readers that are known not to take them. */
function severityOf({ name }: DataProblem, { comments }: DataForm): Severity {
  if (name === 'duplicate-key') return 'medium';
  return name === 'comment' && comments === 'unsure' ? 'medium' : 'high';
}
