import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';

describe('understudy try', function () {
  this.timeout(90_000);
  let shell: CommandLine;

  beforeEach(() => {
    shell = createCommandLine();
  });
  afterEach(() => {
    shell.remove();
  });

  it('replays the last commits and says how often it was right', async () => {
    git('init', '-q');
    shell.write('src/shapes.ts', shapes(['circle', 'square', 'triangle', 'polygon']));
    commit('shapes');
    shell.write('src/shapes.ts', shapes(['circle', 'square', 'triangle', 'polygon', 'ellipse']));
    commit('another one');
    shell.write('src/more.ts', shapes(['star', 'arrow']));
    commit('more of them');
    const before = copies();
    const { exit, stdout, stderr } = await shell.run(['try', '--json']);
    assert.equal(exit, 0, stderr);
    const found = JSON.parse(stdout) as TryDocument;
    assert.equal(found.source, 'commits');
    assert(found.cursors > 5 && found.coverage > 0 && found.precision > 0, stdout);
    assert(found.latencyMs.p50 > 0 && found.latencyMs.p95 >= found.latencyMs.p50);
    assert.equal(found.languages['TypeScript']?.cursors, found.cursors);
    assert(found.hits.length > 0 && found.hits.every(({ path, line }) => path.startsWith('src/') && line > 0));
    assert.deepEqual(copies(), before, 'the private copy is removed');
  });

  it('cuts lines out of files where there is no history', async () => {
    shell.write('src/shapes.ts', shapes(['circle', 'square', 'triangle', 'polygon', 'ellipse', 'star']));
    const { exit, stdout } = await shell.run(['try'], { env: { GIT_DIR: '/nowhere' } });
    assert.equal(exit, 0);
    assert.match(stdout, /Lines were cut out of 1 file and written anew/);
    for (const editor of ['Neovim', 'Helix', 'VS Code']) assert.match(stdout, new RegExp(editor));
  });

  it('says so where there is no code', async () => {
    const { exit, stderr } = await shell.run(['try']);
    assert.equal(exit, 3);
    assert.match(stderr, /has no code to try on/);
  });

  it('ends when the person asks for it, and leaves no copy', async () => {
    shell.write('src/shapes.ts', shapes(['circle', 'square', 'triangle', 'polygon', 'ellipse', 'star']));
    const before = copies();
    const stopping = new AbortController();
    const running = shell.run(['try'], { signal: stopping.signal });
    setImmediate(() => stopping.abort());
    assert.equal((await running).exit, 3);
    assert.deepEqual(copies(), before);
  });

  function git(...args: readonly string[]): void {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.example', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...identity, ...args], { cwd: shell.folder, stdio: 'ignore' });
  }

  function commit(message: string): void {
    git('add', '--all');
    git('commit', '-q', '-m', message);
  }
});

function copies(): readonly string[] {
  return readdirSync(tmpdir()).filter(name => name.startsWith('understudy-try-'));
}

/** Code that repeats itself, as code does. */
function shapes(names: readonly string[]): string {
  return names
    .map(
      name =>
        `export function ${name}Area(input: ShapeInput): number {\n` +
        `  const sides = readSides(input, '${name}');\n` +
        '  if (sides.length === 0) throw new RangeError(`no sides: ${input.label}`);\n' +
        '  return sides.reduce((sum, side) => sum + side.length, 0);\n}\n\n',
    )
    .join('');
}

interface TryDocument {
  readonly source: string;
  readonly cursors: number;
  readonly coverage: number;
  readonly precision: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  readonly languages: Readonly<Record<string, { readonly cursors: number }>>;
  readonly hits: readonly { readonly path: string; readonly line: number }[];
}
