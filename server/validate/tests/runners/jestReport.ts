import { field, listOf, numberOf, parseJson, textOf, type Json } from '../json.js';
import { firstLines, lastLines } from '../messages.js';
import type { RawRun, ReadRun, TestCase } from '../runner.js';

/** The JSON report of jest, which vitest writes too: files with their assertions; a file that fails to load has none. */
export function readJestReport({ reports, stdout, stderr }: RawRun, name: string): ReadRun {
  const report = parseJson(reports.get(name));
  const cases: TestCase[] = [];
  const problems: string[] = [];
  for (const file of listOf(field(report, 'testResults'))) {
    const tests = listOf(field(file, 'assertionResults'));
    const message = textOf(field(file, 'message')) ?? '';
    if (tests.length === 0 && field(file, 'status') === 'failed') problems.push(firstLines(message));
    cases.push(...tests.map(test => caseOf(test, textOf(field(file, 'name')))));
  }
  if (report === null) problems.push(lastLines(stderr) || lastLines(stdout));
  const lines = field(parseJson(reports.get('coverage-summary.json')), 'total', 'lines');
  const [covered, total] = [numberOf(field(lines, 'covered')), numberOf(field(lines, 'total'))];
  return {
    cases,
    problem: problems.length === 0 ? null : problems.join('\n').trim(),
    coverage: covered === null || total === null ? null : { covered, total },
  };
}

function caseOf(test: Json, path: string | null): TestCase {
  const status = textOf(field(test, 'status'));
  const names = [...listOf(field(test, 'ancestorTitles')), field(test, 'title') ?? ''].map(one => textOf(one) ?? '');
  return {
    name: names.filter(name => name !== '').join(' > '),
    state: status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped',
    message: firstLines(textOf(listOf(field(test, 'failureMessages'))[0]) ?? ''),
    path,
    line: numberOf(field(test, 'location', 'line')),
  };
}
