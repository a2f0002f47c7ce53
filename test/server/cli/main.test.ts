import assert from 'node:assert/strict';
import { join } from 'node:path';
import { commands } from '../../../server/cli/commands.js';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';
import { createFakeCore } from '../../support/fakeCore.js';

describe('the command line', () => {
  let shell: CommandLine;

  beforeEach(() => {
    shell = createCommandLine();
  });
  afterEach(() => {
    shell.remove();
  });

  for (const argv of [[], ['--help'], ['-h'], ['help']]) {
    it(`lists its commands for ${JSON.stringify(argv)}`, async () => {
      const { exit, stdout } = await shell.run(argv);
      assert.equal(exit, 0);
      for (const { name } of commands) assert.match(stdout, new RegExp(`understudy ${name}\\b`));
    });
  }

  for (const { name, summary } of commands) {
    it(`explains ${name}`, async () => {
      assert(summary.length > 0);
      const asked = await shell.run([name, '--help']);
      assert.equal(asked.exit, 0);
      assert.match(asked.stdout, new RegExp(`^understudy ${name}`));
      assert.match(asked.stdout, /--json/);
      assert.equal((await shell.run(['help', name])).stdout, asked.stdout);
    });
  }

  const wrong: readonly (readonly [argv: string, complaint: RegExp])[] = [
    ['frobnicate', /no command frobnicate/],
    ['search', /needs QUERY/],
    ['search --limit 0 x', /--limit must be a whole number/],
    ['search --limit many x', /not many/],
    ['search --colour x', /--colour/],
    ['index a b', /There is no folder|too many/],
    ['index nowhere', /no folder .*nowhere/],
    ['complete', /needs FILE:LINE:COLUMN/],
    ['complete a.ts', /is not FILE:LINE:COLUMN/],
    ['complete a.ts:0:1', /is not FILE:LINE:COLUMN/],
    ['complete a.ts:9:1', /has 2 lines; there is no line 9/],
    ['complete a.ts:1:99', /has 12 characters; there is no column 99/],
    ['status --folder nowhere', /no folder .*nowhere/],
    ['status --folder a.ts', /a\.ts is not a folder/],
    ['clean --all --folder .', /exclude one another/],
  ];
  for (const [argv, complaint] of wrong) {
    it(`refuses "${argv}" with exit code 2`, async () => {
      shell.write('a.ts', 'const a = 1;\n');
      const { exit, stdout, stderr } = await shell.run(argv.split(' '), { core: createFakeCore() });
      assert.equal(exit, 2);
      assert.equal(stdout, '');
      assert.match(stderr, complaint);
    });
  }

  it('says in JSON too what went wrong', async () => {
    const missing = await shell.run(['complete', 'missing.ts:1:1', '--json']);
    assert.equal(missing.exit, 3);
    assert.deepEqual(missing.json(), {
      error: { kind: 'not-found', message: `${join(shell.folder, 'missing.ts')} does not exist.`, remedy: null },
    });
    const misused = await shell.run(['search', '--json']);
    assert.equal(misused.exit, 2);
    assert.match(misused.stdout, /"kind": "wrong-use"/);
  });

  it('calls a bug a bug, and ends with 3', async () => {
    const core = createFakeCore({ search: () => Promise.reject(new TypeError('x is not a function')) });
    const { exit, stderr } = await shell.run(['search', 'anything'], { core });
    assert.equal(exit, 3);
    assert.match(stderr, /x is not a function/);
    assert.match(stderr, /mistake in Understudy/);
    assert.deepEqual(core.heard.at(-1), 'dispose');
  });

  it('stops when the person asks for it, and leaves nothing running', async () => {
    const stopping = new AbortController();
    const core = createFakeCore({
      search() {
        stopping.abort();
        return Promise.reject(stopping.signal.reason as Error);
      },
    });
    const { exit, stderr } = await shell.run(['search', 'anything'], { core, signal: stopping.signal });
    assert.equal(exit, 3);
    assert.equal(stderr, 'Stopped.\n');
    assert.deepEqual(core.heard.at(-1), 'dispose');
  });

  it('colours a terminal only, and never with NO_COLOR', async () => {
    const coloured = /\x1b\[/;
    assert.match((await shell.run(['--help'], { terminal: true })).stdout, coloured);
    assert.doesNotMatch((await shell.run(['--help'])).stdout, coloured);
    assert.doesNotMatch((await shell.run(['--help'], { terminal: true, env: { NO_COLOR: '1' } })).stdout, coloured);
  });
});
