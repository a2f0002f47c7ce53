import type { Finding, Severity, SourceFile, Unknown, Validator } from '../validator.js';
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
    async examine(files, _workplace, signal) {
      const findings: Finding[] = [];
      let unknown: Unknown | null = null;
      for (const file of files) {
        signal.throwIfAborted();
        const form = dataFormOf(file.path, file.languageId);
        if (form === null) continue;
        const found = await examineFile(file, form);
        if (typeof found === 'string') unknown ??= { why: found, remedy: null, missing: null };
        else findings.push(...found);
      }
      return { findings, unknown };
    },
  };
}

const maxUnits = 1_000_000;

/** Findings, or why there can be none. */
async function examineFile({ path, text }: SourceFile, form: DataForm): Promise<Finding[] | string> {
  if (text.length > maxUnits) return 'A file of data is too large to be parsed.';
  // Blanks, so that every offset stays right.
  const plain = text.replace(/^\uFEFF/, ' ');
  let problems: readonly DataProblem[];
  try {
    problems = await problemsOf(plain, form);
  } catch (error) {
    // The parsers call themselves: one file that is nested without end must not take the others along.
    if (!(error instanceof RangeError)) throw error;
    return `${path} is nested too deeply to be parsed.`;
  }
  if (problems.some(({ name }) => name === 'invalid') && isTemplate(path, plain)) {
    return 'A file of data is a template: what it holds is known only when it is filled in.';
  }
  return problems.map(problem => ({
    rule: ruleOf(problem, form),
    severity: severityOf(problem, form),
    path,
    start: problem.start,
    end: problem.end,
    message: problem.message,
    fix: null,
  }));
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
