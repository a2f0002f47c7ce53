import { field, listOf, numberOf, parseJson, textOf } from '../json.js';
import { firstLines, lastLines } from '../messages.js';
import type { RawRun, ReadRun, Runner, RunnerPlan, RunnerRequest, TestCase } from '../runner.js';

/** Python's own, by a script of ours that writes down each test; measured by the package coverage where it is installed. */
export const unittest: Runner = { id: 'unittest', tools: ['python3'], plan, read };

async function plan({ files, reportFolder, coverage }: RunnerRequest): Promise<RunnerPlan> {
  return {
    argv: [
      'python3',
      `${reportFolder}/understudy_unittest.py`,
      `${reportFolder}/unittest.json`,
      coverage ? `${reportFolder}/coverage.json` : '-',
      ...files.map(({ path }) => path),
    ],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    put: { 'understudy_unittest.py': script },
    reports: ['unittest.json', 'coverage.json'],
  };
}

function read({ reports, stdout, stderr }: RawRun): ReadRun {
  const report = parseJson(reports.get('unittest.json'));
  const cases = listOf(field(report, 'tests')).map((test): TestCase => {
    const state = textOf(field(test, 'state'));
    return {
      name: textOf(field(test, 'name')) ?? '',
      state: state === 'passed' || state === 'skipped' ? state : 'failed',
      message: firstLines(textOf(field(test, 'message')) ?? ''),
      path: textOf(field(test, 'path')),
      line: numberOf(field(test, 'line')),
    };
  });
  const errors = listOf(field(report, 'errors')).map(error => lastLines(textOf(error) ?? '', 2));
  const problem =
    report === null ? lastLines(stderr) || lastLines(stdout) || 'It ended early.' : errors.join('\n') || null;
  const totals = field(parseJson(reports.get('coverage.json')), 'totals');
  const [covered, total] = [numberOf(field(totals, 'covered_lines')), numberOf(field(totals, 'num_statements'))];
  return { cases, problem, coverage: covered === null || total === null ? null : { covered, total } };
}

const script = `
import json, os, sys, unittest
report, coverage_report, files = sys.argv[1], sys.argv[2], sys.argv[3:]
sys.path[0] = os.getcwd()
measured = None
if coverage_report != "-":
    try:
        import coverage
        measured = coverage.Coverage(source=["."], data_file=None)
        measured.start()
    except ImportError:
        pass
tests = []

def place(test):
    method = getattr(type(test), getattr(test, "_testMethodName", ""), None)
    code = getattr(getattr(method, "__func__", method), "__code__", None)
    return (None, None) if code is None else (os.path.abspath(code.co_filename), code.co_firstlineno)

class Result(unittest.TestResult):
    def note(self, test, state, message="", suffix=""):
        path, line = place(test)
        tests.append({"name": test.id() + suffix, "state": state, "message": message, "path": path, "line": line})
    def said(self, error):
        return "".join([error[0].__name__, ": ", str(error[1])])
    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test, "passed")
    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.note(test, "failed", self.said(error))
    def addError(self, test, error):
        super().addError(test, error)
        self.note(test, "failed", self.said(error))
    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped", reason)
    def addExpectedFailure(self, test, error):
        super().addExpectedFailure(test, error)
        self.note(test, "passed")
    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note(test, "failed", "It was expected to fail.")
    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.note(test, "failed", self.said(error), " " + subtest._subDescription())

loader = unittest.TestLoader()
suite = unittest.TestSuite()
if files:
    for file in files:
        name = os.path.splitext(os.path.relpath(file))[0].replace(os.sep, ".")
        if not all(part.isidentifier() for part in name.split(".")):
            sys.path.insert(0, os.path.dirname(file))
            name = os.path.splitext(os.path.basename(file))[0]
        suite.addTests(loader.loadTestsFromName(name))
else:
    suite.addTests(loader.discover("."))
errors = list(loader.errors)

def leaves(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from leaves(test)
        elif not type(test).__name__ == "_FailedTest":
            yield test

result = Result()
unittest.TestSuite(leaves(suite)).run(result)
with open(report, "w") as out:
    json.dump({"tests": tests, "errors": errors}, out)
if measured is not None:
    measured.stop()
    try:
        measured.json_report(outfile=coverage_report)
    except coverage.CoverageException:
        pass
sys.exit(0 if result.wasSuccessful() and not errors else 1)
`;
