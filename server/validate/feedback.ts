import { lineStartsOf, positionAt } from '../base/position.js';
import type { Issue } from './gate.js';
import type { SourceFile } from './validator.js';

/** More only fills a model's context. */
const mostIssues = 12;
const mostLineUnits = 160;

/**
 * Issues for a model to mend: place, the line as it stands, what is wrong. Secrets are not repeated: their line is left out.
 */
export function feedbackOf(issues: readonly Issue[], files: ReadonlyMap<string, SourceFile>): string {
  const shown = issues.slice(0, mostIssues).map(issue => describe(issue, files.get(issue.path)));
  const left = issues.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${left} more of the kind.`] : [])].join('\n');
}

function describe({ rule, message, path, start }: Issue, file: SourceFile | undefined): string {
  if (file === undefined) return `${path}: ${message} (${rule})`;
  const { line } = positionAt(lineStartsOf(file.text), start);
  const text = file.text.split('\n', line + 1)[line]?.trim() ?? '';
  const shown = rule.startsWith('secrets/') || text === '' ? '' : `\n    ${text.slice(0, mostLineUnits)}`;
  return `${path.split(/[\\/]/).at(-1) ?? path}, line ${line + 1}: ${message} (${rule})${shown}`;
}
