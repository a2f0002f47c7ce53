import { notRun, type NotRun, type Runner, type RunnerPlan, type RunnerRequest } from '../runner.js';
import { readJestReport } from './jestReport.js';

export const jest: Runner = { id: 'jest', tools: ['node'], plan, read: raw => readJestReport(raw, 'jest.json') };

async function plan({ files, reportFolder, coverage, installed }: RunnerRequest): Promise<RunnerPlan | NotRun> {
  const program = (await installed('jest'))?.bin('jest') ?? null;
  if (program === null) return notRun('jest', 'jest is not installed.', 'Install the packages of the project.', 'jest');
  const measured = ['--coverage', '--coverageReporters=json-summary', `--coverageDirectory=${reportFolder}`];
  return {
    argv: [
      'node',
      program,
      '--ci',
      '--json',
      `--outputFile=${reportFolder}/jest.json`,
      '--runInBand',
      '--testLocationInResults',
      '--watchman=false',
      '--cacheDirectory=/tmp/jest',
      ...(coverage ? measured : ['--coverage=false']),
      ...(files.length === 0 ? [] : ['--runTestsByPath', ...files.map(({ path }) => path)]),
    ],
    reports: ['jest.json', 'coverage-summary.json'],
  };
}
