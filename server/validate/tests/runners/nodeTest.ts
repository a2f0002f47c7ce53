import { firstLines } from '../messages.js';
import { field, numberOf, parseJson, textOf } from '../json.js';
import {
  notRun,
  type NotRun,
  type RawRun,
  type ReadRun,
  type Runner,
  type RunnerPlan,
  type RunnerRequest,
  type TestCase,
} from '../runner.js';

/** Node.js' own runner, listened to by a reporter of ours: its events say more than TAP does. */
export const nodeTest: Runner = { id: 'node:test', tools: ['node'], plan, read };

async function plan({ files, reportFolder, coverage, installed }: RunnerRequest): Promise<RunnerPlan | NotRun> {
  const isTyped = files.some(({ path }) => /\.[cm]?tsx?$/.test(path));
  const tsx = isTyped ? await installed('tsx') : null;
  if (isTyped && tsx === null)
    return notRun('node:test', 'The tests are TypeScript, and tsx, which lets Node.js run it, is not installed.');
  return {
    argv: [
      'node',
      ...(isTyped ? ['--import', 'tsx'] : []),
      '--test',
      ...(coverage ? ['--experimental-test-coverage'] : []),
      `--test-reporter=${reportFolder}/reporter.mjs`,
      `--test-reporter-destination=${reportFolder}/events.jsonl`,
      ...files.map(({ path }) => path),
    ],
    put: { 'reporter.mjs': reporter },
    reports: ['events.jsonl'],
  };
}

/** A file is itself reported as a test where it holds none, and where it fails before it comes to them: by its path. */
function read({ reports, stderr }: RawRun): ReadRun {
  const cases: TestCase[] = [];
  const problems: string[] = [];
  let coverage: ReadRun['coverage'] = null;
  for (const line of (reports.get('events.jsonl') ?? '').split('\n')) {
    const event = parseJson(line);
    const [type, name] = [textOf(field(event, 'type')), textOf(field(event, 'name'))];
    if (type === 'coverage') {
      const [covered, total] = [numberOf(field(event, 'covered')), numberOf(field(event, 'total'))];
      if (covered !== null && total !== null) coverage = { covered, total };
    }
    if (name === null) continue;
    const message = firstLines(textOf(field(event, 'message')) ?? '');
    if (name.startsWith('/') && field(event, 'isOutermost') === true) {
      if (type === 'fail') problems.push(message);
      continue;
    }
    const state = field(event, 'skipped') === true ? 'skipped' : type === 'fail' ? 'failed' : 'passed';
    const file = textOf(field(event, 'file'));
    cases.push({ name, state, message, path: file, line: numberOf(field(event, 'line')) });
  }
  if (problems.length > 0 && cases.length === 0) problems.push(firstLines(stderr));
  return { cases, problem: problems.length === 0 ? null : problems.join('\n').trim(), coverage };
}

const reporter = `
const names = [];
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      names.length = data.nesting;
      names[data.nesting] = data.name;
    } else if (type === 'test:coverage') {
      const files = data.summary.files;
      const sum = name => files.reduce((all, file) => all + file[name], 0);
      yield JSON.stringify({ type: 'coverage', covered: sum('coveredLineCount'), total: sum('totalLineCount') }) + '\\n';
    } else if (type === 'test:pass' || type === 'test:fail') {
      const error = data.details && data.details.error;
      const failureType = error && error.failureType;
      if (failureType === 'subtestsFailed') continue;
      const isSuite = data.details && data.details.type === 'suite';
      if (isSuite && type === 'test:pass') continue;
      const cause = error && error.cause;
      const message = error ? String((cause && cause.message) || (typeof cause === 'string' && cause) || error.message || error) : '';
      names.length = data.nesting + 1;
      names[data.nesting] = data.name;
      yield JSON.stringify({
        type: type.slice(5),
        name: names.filter(name => name !== undefined).join(' > '),
        isOutermost: data.nesting === 0,
        file: data.file,
        line: data.line,
        skipped: data.skip !== undefined || data.todo !== undefined,
        message,
      }) + '\\n';
    }
  }
}
`;
