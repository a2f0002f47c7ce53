import { notRun, type NotRun, type Runner, type RunnerPlan, type RunnerRequest } from '../runner.js';
import { readJestReport } from './jestReport.js';

/** What it reports has the shape of jest's. */
export const vitest: Runner = { id: 'vitest', tools: ['node'], plan, read: raw => readJestReport(raw, 'vitest.json') };

async function plan({ files, reportFolder, coverage, installed }: RunnerRequest): Promise<RunnerPlan | NotRun> {
  const found = await installed('vitest');
  const program = found?.bin('vitest') ?? null;
  if (found === null || program === null)
    return notRun('vitest', 'vitest is not installed.', 'Install the packages of the project.', 'vitest');
  const major = Number(found.version.split('.')[0]);
  const provider =
    coverage && ((await installed('@vitest/coverage-v8')) ?? (await installed('@vitest/coverage-istanbul')));
  const measured = [
    '--coverage.enabled',
    '--coverage.clean=false',
    '--coverage.reportOnFailure',
    '--coverage.reporter=json-summary',
    `--coverage.reportsDirectory=${reportFolder}`,
  ];
  return {
    argv: [
      'node',
      program,
      'run',
      '--reporter=json',
      `--outputFile=${reportFolder}/vitest.json`,
      // Else it writes a bundle of the configuration beside the packages, which cannot be written.
      ...(major >= 3 ? ['--configLoader=runner', '--includeTaskLocation'] : []),
      ...(provider === false || provider === null ? ['--no-coverage'] : measured),
      ...files.map(({ path }) => path),
    ],
    // Its workers share WebAssembly memory of many gigabytes that is never touched.
    limits: { addressBytes: 64 * 1024 ** 3 },
    reports: ['vitest.json', 'coverage-summary.json'],
  };
}
