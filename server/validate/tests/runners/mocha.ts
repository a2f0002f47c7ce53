import { basename, join } from 'node:path';
import { parse as parseJsonWithComments } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { field, listOf, namesIn, numberOf, parseJson, textOf, type Json } from '../json.js';
import { firstLines, lastLines } from '../messages.js';
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

export const mocha: Runner = { id: 'mocha', tools: ['node'], plan, read };

async function plan(request: RunnerRequest): Promise<RunnerPlan | NotRun> {
  const { files, reportFolder, coverage, installed } = request;
  const found = await installed('mocha');
  const program = found?.bin('mocha') ?? null;
  if (found === null || program === null)
    return notRun('mocha', 'mocha is not installed.', 'Install the packages of the project.', 'mocha');
  const options = await configuration(request);
  const c8 = coverage ? ((await installed('c8'))?.bin('c8') ?? null) : null;
  const measured =
    c8 === null
      ? []
      : [
          'node',
          c8,
          '--reporter=json-summary',
          `--reports-dir=${reportFolder}`,
          '--clean=false',
          '--temp-directory=/tmp/c8',
        ];
  return {
    argv: [
      ...measured,
      'node',
      program,
      '--no-package',
      ...options.arguments,
      '--reporter',
      'json',
      '--reporter-option',
      `output=${reportFolder}/mocha.json`,
      ...files.map(({ path }) => path),
    ],
    put: options.put,
    reports: ['mocha.json', 'coverage-summary.json'],
  };
}

interface Configuration {
  readonly arguments: readonly string[];
  readonly put: Readonly<Record<string, string>>;
}

/**
 * The project's own configuration but for the files that it names: mocha would run those as well. What is code is only run inside, by a
 * file of ours that takes the same away.
 */
async function configuration({ root, files, read: readFile, reportFolder }: RunnerRequest): Promise<Configuration> {
  const names = [
    '.mocharc.js',
    '.mocharc.cjs',
    '.mocharc.mjs',
    '.mocharc.yaml',
    '.mocharc.yml',
    '.mocharc.jsonc',
    '.mocharc.json',
  ];
  for (const name of names) {
    const text = await readFile(join(root, name));
    if (text === null) continue;
    if (files.length === 0) return { arguments: ['--config', join(root, name)], put: {} };
    if (!/js$/.test(name))
      return withOptions(/ya?ml$/.test(name) ? yamlOrNull(text) : (parseJsonWithComments(text) as Json), reportFolder);
    const load = name.endsWith('.mjs')
      ? `import options from ${JSON.stringify(join(root, name))};\nconst { spec, ...rest } = options;\nexport default rest;\n`
      : `const { spec, ...rest } = require(${JSON.stringify(join(root, name))});\nmodule.exports = rest;\n`;
    const own = name.endsWith('.mjs') ? 'mocharc.mjs' : 'mocharc.cjs';
    return { arguments: ['--config', `${reportFolder}/${own}`], put: { [own]: load } };
  }
  const own = field(parseJson((await readFile(join(root, 'package.json'))) ?? undefined), 'mocha');
  return own === undefined
    ? { arguments: ['--no-config'], put: {} }
    : withOptions(own, reportFolder, files.length === 0);
}

function withOptions(options: Json, reportFolder: string, keepsFiles = false): Configuration {
  const kept = namesIn(options).filter(name => keepsFiles || (name !== 'spec' && name !== 'reporter'));
  const text = JSON.stringify(Object.fromEntries(kept.map(name => [name, field(options, name)])));
  return { arguments: ['--config', `${reportFolder}/mocharc.json`], put: { 'mocharc.json': text } };
}

function yamlOrNull(text: string): Json {
  try {
    return parseYaml(text) as Json;
  } catch {
    return null;
  }
}

function read({ reports, stdout, stderr, exit }: RawRun): ReadRun {
  const report = parseJson(reports.get('mocha.json') ?? stdout.slice(Math.max(0, stdout.indexOf('{\n'))));
  const pick = (list: string, state: TestCase['state']): readonly TestCase[] =>
    listOf(field(report, list)).map(test => ({
      name: textOf(field(test, 'fullTitle')) ?? '',
      state,
      message: firstLines(textOf(field(test, 'err', 'message')) ?? ''),
      path: textOf(field(test, 'file')),
      line: lineIn(textOf(field(test, 'err', 'stack')), textOf(field(test, 'file'))),
    }));
  const cases = [...pick('passes', 'passed'), ...pick('failures', 'failed'), ...pick('pending', 'skipped')];
  const problem =
    report === null || (cases.length === 0 && exit !== 0) ? firstLines(stderr) || lastLines(stdout) : null;
  const lines = field(parseJson(reports.get('coverage-summary.json')), 'total', 'lines');
  const [covered, total] = [numberOf(field(lines, 'covered')), numberOf(field(lines, 'total'))];
  return { cases, problem, coverage: covered === null || total === null ? null : { covered, total } };
}

function lineIn(stack: string | null, file: string | null): number | null {
  if (stack === null || file === null) return null;
  const line = stack.split('\n').find(text => text.includes(`${basename(file)}:`));
  const found = line === undefined ? undefined : /:(\d+):\d+\)?$/.exec(line)?.[1];
  return found === undefined ? null : Number(found);
}
