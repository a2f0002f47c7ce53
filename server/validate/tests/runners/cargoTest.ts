import { join } from 'node:path';
import { firstLines } from '../messages.js';
import type { RawRun, ReadRun, Runner, RunnerPlan, RunnerRequest, TestCase } from '../runner.js';

export const cargoTest: Runner = { id: 'cargo test', tools: ['cargo'], plan, read };

const MiB = 1024 * 1024;

async function plan(request: RunnerRequest): Promise<RunnerPlan> {
  return {
    argv: ['cargo', 'test', '--offline', '--no-fail-fast', ...(await targets(request))],
    env: { CARGO_TARGET_DIR: '/tmp/target', CARGO_INCREMENTAL: '0', RUST_BACKTRACE: '0' },
    limits: {
      wallMs: 300_000,
      cpuSeconds: 300,
      addressBytes: 8192 * MiB,
      fileBytes: 1024 * MiB,
      diskBytes: 4096 * MiB,
      openFiles: 1024,
    },
    reports: [],
  };
}

/** Which programs of tests, and which modules in them, belong to the files. */
async function targets({ root, files, read: readFile }: RunnerRequest): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const ways = files.map(({ path }) => path.slice(root.length + 1));
  const programs = ways.flatMap(way => /^tests\/([^/]+?)(?:\.rs|\/)/.exec(way)?.[1] ?? []);
  const sources = ways.filter(way => way.startsWith('src/'));
  const isLibrary = (await readFile(join(root, 'src', 'lib.rs'))) !== null;
  const inner = sources.length === 0 ? [] : [isLibrary ? '--lib' : '--bins'];
  const modules = sources.map(way =>
    way
      .slice(4, -3)
      .split('/')
      .filter(name => name !== 'mod')
      .join('::'),
  );
  const isWhole =
    programs.length > 0 || modules.some(name => name === 'lib' || name === 'main' || name.startsWith('bin::'));
  const filters = isWhole || modules.length === 0 ? [] : ['--', ...modules.map(name => `${name}::`)];
  return [...[...new Set(programs)].flatMap(name => ['--test', name]), ...inner, ...filters];
}

/** Plain text: the runner of Rust's tests writes JSON only in its nightly version. */
function read({ stdout, stderr, exit }: RawRun): ReadRun {
  const said = failuresIn(stdout);
  const cases = [...stdout.matchAll(/^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)/gm)].map(
    ([, name = '', state]): TestCase => {
      const { message, path, line } = said.get(name) ?? { message: '', path: null, line: null };
      return {
        name,
        state: state === 'ok' ? 'passed' : state === 'FAILED' ? 'failed' : 'skipped',
        message,
        path,
        line,
      };
    },
  );
  // 101 is for tests that fail, and for what does not compile.
  const errors = stderr
    .split('\n')
    .filter(line => /^error(?:\[E\d+\])?:/.test(line) && !/target(?:s)? failed:?$|test failed/.test(line));
  const problem = exit !== 0 && errors.length > 0 ? firstLines(errors.join('\n')) : null;
  return { cases, problem: problem ?? (exit !== 0 && cases.length === 0 ? firstLines(stderr) : null), coverage: null };
}

interface Said {
  readonly message: string;
  readonly path: string | null;
  readonly line: number | null;
}

/** What stands under `---- name stdout ----`. */
function failuresIn(stdout: string): ReadonlyMap<string, Said> {
  const found = new Map<string, Said>();
  for (const [, name = '', text = ''] of stdout.matchAll(
    /^---- (.+?) stdout ----\n([\s\S]*?)(?=^---- |^failures:$|(?![\s\S]))/gm,
  )) {
    const place = /panicked at (\S+?):(\d+):\d+:/.exec(text);
    const lines = text.split('\n').filter(line => !/^(?:note: run with|stack backtrace:|\s*$)/.test(line));
    const message = lines
      .map(line => line.replace(/^thread '.*' (?:\(\d+\) )?panicked at \S+?:\d+:\d+:$/, ''))
      .filter(line => line !== '');
    found.set(name, {
      message: firstLines(message.join('\n')),
      path: place?.[1] ?? null,
      line: place?.[2] === undefined ? null : Number(place[2]),
    });
  }
  return found;
}
