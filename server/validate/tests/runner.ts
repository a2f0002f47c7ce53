import type { Limits } from '../../sandbox/sandbox.js';

/** In the order in which a project is asked for them. */
export const runnerIds = [
  'vitest',
  'jest',
  'mocha',
  'node:test',
  'pytest',
  'unittest',
  'go test',
  'cargo test',
] as const;
export type RunnerId = (typeof runnerIds)[number];

export interface TestFailure {
  /** As the runner names it, what holds it first: `describe > test`, `TestOuter/inner`, `module::test`. */
  readonly name: string;
  /** What the runner says of it, first lines; without its stack where that can be told apart. */
  readonly message: string;
  /** Absolute; null where the runner does not say. */
  readonly path: string | null;
  /** From 1; null where it is not known. */
  readonly line: number | null;
}

/** Lines or statements, as the runner counts them. */
export interface Coverage {
  readonly covered: number;
  readonly total: number;
}

/** What was run, as data. */
export interface TestRun {
  readonly ran: true;
  readonly runner: RunnerId;
  /** Tests that were found; none is a failure of the run. */
  readonly collected: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly TestFailure[];
  /** What kept it from running tests: a file that does not compile, a time limit; null where all were run. */
  readonly problem: string | null;
  /** stdout, then stderr; cut where long. */
  readonly output: string;
  readonly coverage: Coverage | null;
  /** The names of the tests that passed, to compare two runs by. */
  readonly passedNames: readonly string[];
  /** Secrets that the copy lacked. */
  readonly leftOut: readonly string[];
  readonly ms: number;
}

/** Nothing was run. */
export interface NotRun {
  readonly ran: false;
  readonly runner: RunnerId | null;
  readonly why: string;
  readonly remedy: string | null;
  readonly missing: string | null;
}

/** What a runner's adapter gets to know. All paths are as the program sees them. */
export interface RunnerRequest {
  /** The folder that the runner starts in. */
  readonly root: string;
  /** Test files, absolute; all of the project where empty. */
  readonly files: readonly TestSource[];
  readonly reportFolder: string;
  readonly coverage: boolean;
  /** The text of a file of the project in the state that is judged; null where there is none. */
  readonly read: (path: string) => Promise<string | null>;
  /** Where a package of node_modules lies that is found from the root; null where it is not installed. */
  readonly installed: (name: string) => Promise<InstalledPackage | null>;
}

export interface TestSource {
  readonly path: string;
  readonly text: string;
}

export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
  /** Absolute path of its program of that name. */
  readonly bin: (name: string) => string | null;
}

export interface RunnerPlan {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  /** Files of ours in the report folder, by name. */
  readonly put?: Readonly<Record<string, string>>;
  /** Names of files that the run leaves in the report folder. */
  readonly reports: readonly string[];
}

/** What came of a plan. */
export interface RawRun {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly reports: ReadonlyMap<string, string>;
  readonly root: string;
}

export interface TestCase {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly message: string;
  readonly path: string | null;
  readonly line: number | null;
}

export interface ReadRun {
  readonly cases: readonly TestCase[];
  readonly problem: string | null;
  readonly coverage: Coverage | null;
}

/** One runner: how it is started, without scripts of the project, and how what it says is read. */
export interface Runner {
  readonly id: RunnerId;
  /** Toolchains that it needs in the sandbox. */
  readonly tools: readonly string[];
  plan(request: RunnerRequest): Promise<RunnerPlan | NotRun>;
  read(raw: RawRun): ReadRun;
}

export function notRun(
  runner: RunnerId | null,
  why: string,
  remedy: string | null = null,
  missing: string | null = null,
): NotRun {
  return { ran: false, runner, why, remedy, missing };
}
