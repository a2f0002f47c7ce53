import { relative } from 'node:path';
import type { Range } from '../base/position.js';
import type { Check, Issue } from '../validate/gate.js';
import type { Paint } from './command.js';
import type { NotRead } from './filesToCheck.js';
import { placeOfOffset } from './place.js';
import { formatCounted, formatMs } from './quantities.js';
import { cutTo } from './table.js';
import { showBreaks, showControls } from './terminal.js';

export interface CheckReport {
  readonly findings: readonly (Issue & { readonly range: Range })[];
  readonly checks: readonly Check[];
  readonly folder: string;
  /** Of the files judged, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Of other files in which something was found. */
  readonly beside: ReadonlyMap<string, string>;
  /** Files that were asked for, and that nobody judges. */
  readonly notRead: readonly NotRead[];
  /** Why there was nothing to check; null where there was. */
  readonly nothing: string | null;
  readonly notices: readonly string[];
}

/** Whether some of what a check was asked about is not known. */
export function isUnknown({ state, why }: Check): boolean {
  return state === 'unknown' || (state === 'found' && why !== null);
}

/** For a person: each finding with its line, what could not be checked, and a sum. */
export function describeCheck(report: CheckReport, paint: Paint): string {
  const { findings, checks, folder, texts, beside, notices, notRead, nothing } = report;
  const shown = findings.map(finding =>
    describeFinding(finding, folder, texts.get(finding.path) ?? beside.get(finding.path) ?? '', paint),
  );
  const unknown = checks
    .filter(isUnknown)
    .map(({ id, why, remedy }) =>
      paint.yellow(`Not checked by ${id}: ${[cutTo(why ?? '', longestWhy), remedy].filter(Boolean).join(' ')}`),
    );
  const untrusted = checks.filter(({ state, remedy }) => state === 'skipped' && remedy !== null);
  const [first] = untrusted;
  const skipped =
    first === undefined
      ? []
      : [paint.dim(`Not run: ${untrusted.map(({ id }) => id).join(', ')}. ${first.why ?? ''} ${first.remedy ?? ''}`)];
  const told = new Set(checks.map(({ missing }) => missing));
  const more = notices.filter(notice => ![...told].some(missing => missing !== null && notice.startsWith(missing)));
  const refused = findings.filter(({ consequence }) => consequence === 'refuse').length;
  const ran = checks.filter(({ state }) => state === 'passed' || state === 'found');
  const slowest = Math.max(0, ...checks.map(({ ms }) => ms));
  const sum =
    findings.length === 0
      ? paint.green('Nothing found')
      : `${formatCounted(findings.length, 'finding')}, ${refused === 0 ? 'none' : refused} to be refused`;
  const files = `${formatCounted(texts.size, 'file')}, checked by ${ran.map(({ id }) => id).join(', ') || 'nobody'}`;
  const gaps = describeGaps(checks, notRead);
  return [
    ...shown,
    ...notRead
      .slice(0, mostNotRead)
      .map(({ path, why }) => paint.yellow(`Not checked: ${showControls(relative(folder, path) || path)} ${why}.`)),
    ...unknown,
    ...skipped,
    ...more,
    ...(nothing === null
      ? [`${sum}. ${paint.dim(`${files}, in ${formatMs(slowest)}`)}`]
      : [`Nothing to check. ${nothing}`]),
    ...(gaps === null ? [] : [paint.yellow(gaps)]),
    '',
  ].join('\n');
}

/** The last word: what is not known is no pass. */
function describeGaps(checks: readonly Check[], notRead: readonly NotRead[]): string | null {
  const parts = checks.filter(isUnknown).map(({ id, notJudged }) => {
    const { length } = notJudged;
    return length === 0 ? `all or some by ${id}` : `${formatCounted(length, 'file')} by ${id}`;
  });
  if (notRead.length > 0) parts.unshift(`${formatCounted(notRead.length, 'file')} by anyone`);
  return parts.length === 0 ? null : `Not judged: ${parts.join(', ')}.`;
}

/** --json has all of them. */
const mostNotRead = 20;

function describeFinding(finding: CheckReport['findings'][number], folder: string, text: string, paint: Paint): string {
  const { rule, severity, path, message, start, consequence } = finding;
  const { line, column } = placeOfOffset(text, start);
  const colour = consequence === 'refuse' ? paint.red : paint.yellow;
  const code = rule.startsWith('secrets/') ? '' : (text.split(/\r\n?|\n/)[line - 1]?.trim() ?? '');
  const head = `${paint.cyan(showControls(relative(folder, path) || path))}:${line}:${column}  ${colour(severity)} ${paint.dim(rule)}`;
  const body = code === '' ? [] : [`    ${paint.dim(cutTo(code, paint.columns - 5))}`];
  return [head, `    ${showBreaks(message)}`, ...body, ''].join('\n');
}

/** A list of files may be endless; --json has all of it. */
const longestWhy = 240;
