import { basename, isAbsolute, join } from 'node:path';
import { isRefusal, type OpenSandbox, type Sandbox, type SandboxFile } from '../../sandbox/sandbox.js';
import type { Overlay } from '../stateFiles.js';
import { detectRunner, readText, type DetectedRunner } from './detectRunner.js';
import { findPackage } from './installedPackage.js';
import {
  notRun,
  type NotRun,
  type RawRun,
  type Runner,
  type RunnerId,
  type RunnerPlan,
  type TestCase,
  type TestRun,
} from './runner.js';
import { cargoTest } from './runners/cargoTest.js';
import { goTest } from './runners/goTest.js';
import { jest } from './runners/jest.js';
import { mocha } from './runners/mocha.js';
import { nodeTest } from './runners/nodeTest.js';
import { noPytest, pytest } from './runners/pytest.js';
import { unittest } from './runners/unittest.js';
import { vitest } from './runners/vitest.js';

export interface TestRequest {
  readonly sandbox: Sandbox;
  /** Real path of the trusted workspace. */
  readonly folder: string;
  /** Test files, absolute, all of one runner; all tests of the project where empty. */
  readonly tests: readonly string[];
  /** The state that is judged, where it differs from the disk. */
  readonly files?: readonly SandboxFile[];
  readonly coverage?: boolean;
  /** How often, in the same copy, one after the other; once where it is not given. */
  readonly times?: number;
  readonly wallMs?: number;
}

const runners: Readonly<Record<RunnerId, Runner>> = {
  'node:test': nodeTest,
  mocha,
  vitest,
  jest,
  pytest,
  unittest,
  'go test': goTest,
  'cargo test': cargoTest,
};

/**
 * Runs tests in the sandbox by the runner that the project uses, never by its scripts; nothing is installed. One result for each
 * time, or one that says why nothing was run. Raises nothing but the signal's reason.
 */
export async function runTests(request: TestRequest, signal: AbortSignal): Promise<readonly TestRun[] | NotRun> {
  const { folder, tests, sandbox, files = [] } = request;
  const overlay: Overlay = new Map(files.map(({ path, text }) => [path, text]));
  const detected = await detectRunner(folder, tests[0] ?? null, overlay);
  if (detected === null) return notRun(null, 'No runner of tests is to be seen in this project.');
  const runner = runners[detected.runner];
  const opened = await sandbox.open({ folder, files, tools: runner.tools }, signal);
  if (isRefusal(opened)) return notRun(detected.runner, opened.why, opened.remedy, opened.missing);
  try {
    return await runIn(opened, request, runner, detected, overlay, signal);
  } finally {
    await opened.close();
  }
}

async function runIn(
  opened: OpenSandbox,
  request: TestRequest,
  runner: Runner,
  detected: DetectedRunner,
  overlay: Overlay,
  signal: AbortSignal,
): Promise<readonly TestRun[] | NotRun> {
  const { folder, tests, coverage = false, times = 1 } = request;
  const inside = (path: string): string => opened.folder + path.slice(folder.length);
  const outside = (path: string): string =>
    path.startsWith(`${opened.folder}/`) ? folder + path.slice(opened.folder.length) : path;
  const sources = await Promise.all(
    tests.map(async path => ({ path: inside(path), text: (await readText(path, overlay)) ?? '' })),
  );
  const root = inside(detected.root);
  const plan = await runner.plan({
    root,
    files: sources,
    reportFolder: opened.reportFolder,
    coverage,
    read: path => readText(outside(path), overlay),
    installed: async name => findPackage(detected.root, name),
  });
  if ('ran' in plan) return plan;
  for (const [name, text] of Object.entries(plan.put ?? {})) await opened.put(name, text);
  const runs: TestRun[] = [];
  for (let time = 0; time < times; time++) {
    const run = await runOnce(opened, plan, root, request.wallMs, signal);
    if ('why' in run) return notRun(runner.id, run.why, run.remedy, run.missing);
    const read = runner.read(run.raw);
    if (read.problem === noPytest) return notRun('pytest', noPytest, 'Install it: pip install pytest.', 'pytest');
    if (run.raw.exit === 127 && read.cases.length === 0)
      return notRun(runner.id, `${plan.argv[0] ?? 'It'} is not installed.`, null, plan.argv[0] ?? null);
    const cases = read.cases.map(one => placed(one, root, tests, outside));
    runs.push(summary(runner.id, cases, run, run.exceeded ?? read.problem, read.coverage, opened.leftOut));
  }
  return runs;
}

interface Once {
  readonly raw: RawRun;
  /** A sentence, where it was ended for a limit. */
  readonly exceeded: string | null;
  readonly ms: number;
}

async function runOnce(
  opened: OpenSandbox,
  plan: RunnerPlan,
  root: string,
  wallMs: number | undefined,
  signal: AbortSignal,
): Promise<Once | { readonly why: string; readonly remedy: string | null; readonly missing: string | null }> {
  const limits = { ...plan.limits, ...(wallMs === undefined ? {} : { wallMs }) };
  const result = await opened.run({ argv: plan.argv, cwd: root, limits, env: { CI: 'true', ...plan.env } }, signal);
  if (isRefusal(result)) return result;
  const reports = new Map<string, string>();
  for (const name of plan.reports) {
    const text = await opened.readReport(name);
    if (text !== null) reports.set(name, text);
  }
  const { exit, stdout, stderr, exceeded, ms } = result;
  return { raw: { exit, stdout, stderr, reports, root }, exceeded: exceeded === null ? null : sentences[exceeded], ms };
}

const sentences = {
  time: 'The tests were ended: they took too long.',
  memory: 'The tests were ended: they took too much memory.',
  output: 'The tests were ended: they printed too much.',
  disk: 'The tests were ended: they wrote too much.',
  processes: 'The tests were ended: they started too many processes.',
} as const;

/** With a path that is absolute and outside the sandbox: some runners say it from their own folder, or the name alone. */
function placed(one: TestCase, root: string, tests: readonly string[], outside: (path: string) => string): TestCase {
  if (one.path === null) return one;
  if (isAbsolute(one.path)) return { ...one, path: outside(one.path) };
  const path = one.path;
  const named = tests.find(test => test.endsWith(`/${path}`) || basename(test) === path);
  return { ...one, path: named ?? outside(join(root, path)) };
}

function summary(
  runner: RunnerId,
  cases: readonly TestCase[],
  run: Once,
  problem: string | null,
  coverage: TestRun['coverage'],
  leftOut: readonly string[],
): TestRun {
  const inState = (state: TestCase['state']): readonly TestCase[] => cases.filter(one => one.state === state);
  const failures = inState('failed').map(({ name, message, path, line }) => ({ name, message, path, line }));
  return {
    ran: true,
    runner,
    collected: cases.length,
    passed: inState('passed').length,
    failed: failures.length,
    skipped: inState('skipped').length,
    failures,
    problem: problem ?? (cases.length === 0 ? 'No test was found.' : null),
    output: `${run.raw.stdout}${run.raw.stderr}`.slice(-64 * 1024),
    coverage,
    passedNames: inState('passed').map(({ name }) => name),
    leftOut,
    ms: run.ms,
  };
}
