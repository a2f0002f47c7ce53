import { field, numberOf, parseJson } from '../json.js';
import { readJunit } from '../junit.js';
import { firstLines, lastLines } from '../messages.js';
import type { RawRun, ReadRun, Runner, RunnerPlan, RunnerRequest } from '../runner.js';

/** Started by a script of ours, which sees whether pytest and pytest-cov are there for the very interpreter that runs. */
export const pytest: Runner = { id: 'pytest', tools: ['python3'], plan, read };

async function plan({ files, reportFolder, coverage }: RunnerRequest): Promise<RunnerPlan> {
  return {
    argv: [
      'python3',
      `${reportFolder}/understudy_pytest.py`,
      ...(coverage ? [`${reportFolder}/coverage.json`] : ['-']),
      '-q',
      '-p',
      'no:cacheprovider',
      `--junitxml=${reportFolder}/junit.xml`,
      // It names files and lines.
      '-o',
      'junit_family=xunit1',
      ...files.map(({ path }) => path),
    ],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    put: { 'understudy_pytest.py': script },
    reports: ['junit.xml', 'coverage.json', 'missing.txt'],
  };
}

export const noPytest = 'pytest is not installed for the Python of this project.';

function read({ reports, stdout, stderr, root, exit }: RawRun): ReadRun {
  const { cases, errors } = readJunit(reports.get('junit.xml') ?? '', root);
  // 5: no tests were collected; 2 to 4: it was interrupted, or used wrongly.
  const failed = exit === null || exit > 1 ? lastLines(stdout) || firstLines(stderr) : null;
  const problem = reports.has('missing.txt')
    ? noPytest
    : errors.length > 0
      ? errors.join('\n')
      : exit === 5
        ? null
        : failed;
  const totals = field(parseJson(reports.get('coverage.json')), 'totals');
  const [covered, total] = [numberOf(field(totals, 'covered_lines')), numberOf(field(totals, 'num_statements'))];
  return { cases, problem, coverage: covered === null || total === null ? null : { covered, total } };
}

const script = `
import importlib.util, os, sys
folder = os.path.dirname(os.path.abspath(__file__))
sys.path[0] = os.getcwd()
if importlib.util.find_spec("pytest") is None:
    open(os.path.join(folder, "missing.txt"), "w").close()
    sys.exit(4)
import pytest
options = sys.argv[2:]
if sys.argv[1] != "-" and importlib.util.find_spec("pytest_cov") is not None:
    options = ["--cov=.", "--cov-report=json:" + sys.argv[1]] + options
sys.exit(pytest.main(options))
`;
