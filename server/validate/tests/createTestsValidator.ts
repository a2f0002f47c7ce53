import { extname, relative } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.js';
import {
  nothingWrong,
  notKnown,
  type Examined,
  type Finding,
  type SourceFile,
  type Unknown,
  type Validator,
} from '../validator.js';
import { isInside } from '../../base/paths.js';
import { affectedTests, type Affected } from './affected.js';
import type { Overlay } from '../stateFiles.js';
import { detectRunner } from './detectRunner.js';
import type { NotRun, TestFailure, TestRun } from './runner.js';
import { runTests, type TestRequest } from './runTests.js';

export interface TestsOptions {
  readonly sandbox: Sandbox;
  /** Replaced in tests. */
  readonly run?: (request: TestRequest, signal: AbortSignal) => Promise<readonly TestRun[] | NotRun>;
}

const extensions: ReadonlySet<string> = new Set([
  '.js',
  '.cjs',
  '.mjs',
  '.jsx',
  '.ts',
  '.cts',
  '.mts',
  '.tsx',
  '.py',
  '.go',
  '.rs',
]);

/** Runs the tests that belong to the files judged, twice, in the sandbox, on a copy in which the files stand as given. */
export function createTestsValidator({ sandbox, run = runTests }: TestsOptions): Validator {
  return {
    id: 'tests',
    judges: 'Whether the tests that belong to a file pass, run by the project’s own runner in a sandbox',
    reach: 'tests',
    needsTrust: true,
    accepts: ({ path }) => extensions.has(extname(path)),
    async examine(files, { folder, gate, overlay = new Map() }, signal) {
      if (gate.tests === 'never') return notKnown('The settings say that no tests are run.');
      if (folder === null) return notKnown('The files are in no workspace whose tests could be run.');
      const affected = await affectedTests(folder, files, signal);
      if (affected.length === 0) return notKnown('No test file is named after these files.');
      const own = files.map(({ path, text }) => [path, text] as const);
      const state: Overlay = new Map([...[...overlay].filter(([path]) => isInside(folder, path)), ...own]);
      const results: Examined[] = [];
      for (const tests of await byRunner(folder, affected, state)) {
        const request: TestRequest = {
          sandbox,
          folder,
          files: [...state].map(([path, text]) => ({ path, text })),
          tests: tests.map(({ test }) => test),
          times: 2,
        };
        const done = await run(request, signal);
        results.push('why' in done ? { findings: [], unknown: unknownOf(done) } : judged(done, tests, files, folder));
      }
      return results.reduce(both, nothingWrong);
    },
    // A test that failed already may do so for another reason.
    identity: ({ rule, message }) => `${rule}\0${/^The test ".*?" (?=fails)/s.exec(message)?.[0] ?? message}`,
  };
}

/** Tests of one run have one runner and one project. */
async function byRunner(
  folder: string,
  affected: readonly Affected[],
  overlay: Overlay,
): Promise<readonly (readonly Affected[])[]> {
  const groups = new Map<string, Affected[]>();
  for (const one of affected) {
    const detected = await detectRunner(folder, one.test, overlay);
    const key = detected === null ? '' : `${detected.runner}\0${detected.root}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function both(left: Examined, right: Examined): Examined {
  return { findings: [...left.findings, ...right.findings], unknown: left.unknown ?? right.unknown };
}

function unknownOf({ why, remedy, missing }: NotRun): Unknown {
  return { why: `The tests were not run: ${why}`, remedy, missing };
}

function judged(
  runs: readonly TestRun[],
  affected: readonly Affected[],
  files: readonly SourceFile[],
  folder: string,
): Examined {
  const place = placing(affected, files);
  const findings: Finding[] = [];
  const [first, second = first] = runs;
  if (first === undefined || second === undefined) return nothingWrong;
  const broken = first.problem ?? second.problem;
  if (broken !== null) {
    const tests = affected.map(({ test }) => relative(folder, test)).join(', ');
    const rule = first.collected === 0 ? 'tests/none-run' : 'tests/not-all-run';
    findings.push({
      rule,
      severity: 'high',
      ...place(null),
      message: `Tests of ${tests} could not be run: ${steady(broken)}`,
      fix: null,
    });
  }
  for (const failure of distinct([...first.failures, ...second.failures])) {
    const isFlaky = [first, second].some(run => run.passedNames.includes(failure.name));
    const said = isFlaky ? 'fails at one time and passes at another' : 'fails';
    const reason = failure.message === '' ? '.' : `: ${steady(failure.message)}`;
    findings.push({
      rule: isFlaky ? 'tests/flaky' : 'tests/failing',
      severity: isFlaky ? 'medium' : 'high',
      ...place(failure),
      message: `The test "${failure.name}" ${said}${reason}`,
      fix: null,
    });
  }
  const hidden = findings.length === 0 ? [] : first.leftOut;
  const why = `The tests ran without ${hidden.slice(0, 3).join(', ')}, which may be why some fail.`;
  return { findings, unknown: hidden.length === 0 ? null : { why, remedy: null, missing: null } };
}

function distinct(failures: readonly TestFailure[]): readonly TestFailure[] {
  return [...new Map(failures.map(failure => [failure.name, failure])).values()];
}

/** Without what differs from run to run, or moves with an edit elsewhere: lines, addresses, durations. */
function steady(message: string): string {
  return message
    .replace(/\b0x[\da-f]+\b/gi, '0x…')
    .replace(/:\d+:\d+\b/g, '')
    .replace(/\bline \d+\b/gi, 'a line')
    .replace(/(\.\w+):\d+\b/g, '$1')
    .replace(/\b\d+(?:\.\d+)?\s?(?:ms|s|seconds)\b/g, 'some time');
}

type Place = Pick<Finding, 'path' | 'start' | 'end'>;

/**
 * The line of the test where its file is judged; else the beginning of the file that it belongs to, each one character further,
 * as of one rule the gate shows one finding at a place.
 */
function placing(affected: readonly Affected[], files: readonly SourceFile[]): (failure: TestFailure | null) => Place {
  let used = 0;
  return failure => {
    const own = files.find(({ path }) => path === failure?.path);
    if (own !== undefined && failure?.line !== null && failure?.line !== undefined)
      return { path: own.path, ...lineSpan(own.text, failure.line) };
    const belongs = affected.find(({ test }) => test === failure?.path) ?? affected[0];
    const file = files.find(({ path }) => belongs?.of.includes(path)) ?? files[0];
    const at = Math.min(used++, file?.text.length ?? 0);
    return { path: file?.path ?? '', start: at, end: at };
  };
}

function lineSpan(text: string, line: number): { readonly start: number; readonly end: number } {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  const whole = text.slice(start, end < 0 ? text.length : end);
  const indent = whole.length - whole.trimStart().length;
  return { start: start + indent, end: start + whole.trimEnd().length };
}
