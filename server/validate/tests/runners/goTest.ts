import { dirname } from 'node:path';
import { field, parseJson, textOf } from '../json.js';
import { firstLines, lastLines } from '../messages.js';
import type { RawRun, ReadRun, Runner, RunnerPlan, RunnerRequest, TestCase } from '../runner.js';

export const goTest: Runner = { id: 'go test', tools: ['go'], plan, read };

const MiB = 1024 * 1024;

async function plan({ root, files, reportFolder, coverage }: RunnerRequest): Promise<RunnerPlan> {
  const folders = [...new Set(files.map(({ path }) => dirname(path)))];
  const packages = folders.map(folder => (folder === root ? '.' : `./${folder.slice(root.length + 1)}`));
  const names = files.flatMap(({ text }) =>
    [...text.matchAll(/^func ((?:Test|Example|Fuzz)\w*)\s*\(/gm)].map(found => found[1] ?? ''),
  );
  return {
    argv: [
      'go',
      'test',
      '-json',
      '-count=1',
      ...(coverage ? ['-cover', `-coverprofile=${reportFolder}/cover.out`] : []),
      ...(names.length === 0 ? [] : ['-run', `^(?:${[...new Set(names)].join('|')})$`]),
      ...(packages.length === 0 ? ['./...'] : packages),
    ],
    limits: { wallMs: 180_000, cpuSeconds: 120, fileBytes: 256 * MiB, diskBytes: 2048 * MiB },
    reports: ['cover.out'],
  };
}

/** One line of JSON for each event: <https://pkg.go.dev/cmd/test2json>. What does not compile is said by `build-output`, or in plain text. */
function read({ stdout, stderr, reports }: RawRun): ReadRun {
  const outputs = new Map<string, string>();
  const states = new Map<string, TestCase['state']>();
  const building: string[] = [];
  const packages: string[] = [];
  for (const line of stdout.split('\n')) {
    const event = parseJson(line);
    const [action, output] = [textOf(field(event, 'Action')), textOf(field(event, 'Output'))];
    const name = textOf(field(event, 'Test'));
    if (action === 'build-output' && output !== null) building.push(output);
    else if (name === null) {
      if (action === 'output' && output !== null && !/^(?:PASS|FAIL|ok|coverage:|\?)/.test(output))
        packages.push(output);
    } else {
      const key = `${textOf(field(event, 'Package')) ?? ''}\0${name}`;
      if (action === 'output' && output !== null) outputs.set(key, (outputs.get(key) ?? '') + output);
      else if (action === 'pass') states.set(key, 'passed');
      else if (action === 'fail') states.set(key, 'failed');
      else if (action === 'skip') states.set(key, 'skipped');
    }
  }
  const failed = [...states.keys()].filter(key => states.get(key) === 'failed');
  // A test fails with the tests inside it: those say why.
  const cases = [...states]
    .filter(([key, state]) => state !== 'failed' || !failed.some(other => other.startsWith(`${key}/`)))
    .map(([key, state]) => caseOf(key.slice(key.indexOf('\0') + 1), state, outputs.get(key) ?? ''));
  const isBroken = building.length > 0 || (cases.length === 0 && (packages.length > 0 || stderr.trim() !== ''));
  const said = [building, packages].find(lines => lines.length > 0)?.join('') ?? stderr;
  return {
    cases,
    problem: isBroken ? firstLines(said) || lastLines(stderr) : null,
    coverage: coverageOf(reports.get('cover.out')),
  };
}

function caseOf(name: string, state: TestCase['state'], output: string): TestCase {
  const lines = output.split('\n').filter(line => !/^\s*(?:=== |--- )/.test(line));
  const place = /^\s+(\S+\.go):(\d+): /m.exec(output);
  const message = lines.map(line => line.replace(/^\s+\S+\.go:\d+: /, '')).join('\n');
  return {
    name,
    state,
    message: firstLines(message),
    path: place?.[1] ?? null,
    line: place?.[2] === undefined ? null : Number(place[2]),
  };
}

/** `file:line.column,line.column statements count` a line. */
function coverageOf(profile: string | undefined): ReadRun['coverage'] {
  if (profile === undefined) return null;
  const blocks = [...profile.matchAll(/^\S+:[\d.]+,[\d.]+ (\d+) (\d+)$/gm)].map(
    ([, size, count]) => [Number(size), Number(count)] as const,
  );
  const sum = (some: readonly (readonly [number, number])[]): number => some.reduce((total, [size]) => total + size, 0);
  return { covered: sum(blocks.filter(([, count]) => count > 0)), total: sum(blocks) };
}
