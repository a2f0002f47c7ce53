import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from '../../../server/base/failure.js';
import { cleanEnvironment } from '../../../server/trust/environment.js';
import { runTool, type ToolRun } from '../../../server/trust/runTool.js';
import { waitFor } from '../../support/waitFor.js';

const never = new AbortController().signal;

describe('runTool', () => {
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-tool-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const node = (script: string, more: Partial<ToolRun> = {}): ToolRun => ({
    file: process.execPath,
    args: ['-e', script],
    cwd: folder,
    stdin: null,
    timeoutMs: 20_000,
    env: {},
    ...more,
  });
  /** One that nobody has asked after yet counts as gone. */
  const isGone = (pid: number): boolean => {
    assert(pid > 0);
    try {
      process.kill(pid, 0);
      return process.platform === 'linux' && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return true;
    }
  };

  it('hands over what goes in, what comes out, and the exit code', async () => {
    const script =
      'process.stdin.on("data", d => process.stdout.write(d)).on("end", () => { console.error("bad"); process.exit(3) })';
    assert.deepEqual(await runTool(node(script, { stdin: 'grüße\n' }), never), {
      exit: 3,
      stdout: 'grüße\n',
      stderr: 'bad\n',
      timedOut: false,
      overran: false,
    });
  });

  it('uses no shell and hands on no variable', async () => {
    process.env['UNDERSTUDY_TEST_KEY'] = 'sk-secret';
    try {
      const script = 'console.log(process.argv[1], Object.keys(process.env).join())';
      const { stdout } = await runTool(node(script, { args: ['-e', script, '$(id); echo no'] }), never);
      assert.equal(stdout, '$(id); echo no \n');
    } finally {
      delete process.env['UNDERSTUDY_TEST_KEY'];
    }
  });

  it('ends what takes too long, with all that it started', async () => {
    const shell = { file: '/bin/sh', args: ['-c', 'sleep 1000 & echo $!; wait'], timeoutMs: 800 };
    const { exit, timedOut, stdout } = await runTool(node('', { ...shell, env: { PATH: '/usr/bin:/bin' } }), never);
    assert.deepEqual([exit, timedOut], [null, true]);
    await waitFor(() => isGone(Number(stdout)));
  });

  it('ends what a tool leaves behind when it is done', async () => {
    const shell = { file: '/bin/sh', args: ['-c', 'sleep 1000 & echo $!'], env: { PATH: '/usr/bin:/bin' } };
    const { exit, stdout } = await runTool(node('', shell), never);
    assert.equal(exit, 0);
    await waitFor(() => isGone(Number(stdout)));
  });

  it('ends what prints too much, and keeps what came before', async () => {
    const script = 'for (;;) process.stdout.write("x".repeat(1000))';
    const { exit, stdout, overran } = await runTool(node(script, { maxOutputBytes: 2500 }), never);
    assert.deepEqual([exit, stdout.length, overran], [null, 2500, true]);
  });

  it('stops with the reason of the signal', async () => {
    const stopping = new AbortController();
    const run = runTool(
      node('require("node:fs").writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000)'),
      stopping.signal,
    );
    await waitFor(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8') !== '');
    stopping.abort(new Error('enough'));
    await assert.rejects(run, /enough/);
    await waitFor(() => isGone(Number(readFileSync(join(folder, 'pid'), 'utf8'))));
  });

  it('says what cannot be started', async () => {
    const kinds: readonly (readonly [Partial<ToolRun>, string])[] = [
      [{ file: 'node' }, 'bad-input'],
      [{ args: ['a\0b'] }, 'bad-input'],
      [{ file: join(folder, 'missing') }, 'unavailable'],
      [{ cwd: join(folder, 'missing') }, 'unavailable'],
    ];
    for (const [more, kind] of kinds)
      await assert.rejects(runTool(node('', more), never), error => error instanceof Failure && error.kind === kind);
  });
});

describe('cleanEnvironment', () => {
  it('keeps what tools need and nothing that is secret or turns them to something else', () => {
    const env = {
      HOME: '/home/me',
      LC_ALL: 'C.UTF-8',
      GOPATH: '/home/me/go',
      OPENAI_API_KEY: 'sk-1',
      NODE_OPTIONS: '--require /tmp/evil.js',
      LD_PRELOAD: '/tmp/evil.so',
      PYTHONSTARTUP: '/tmp/evil.py',
      GIT_DIR: '/tmp',
      GOFLAGS: '-toolexec=/tmp/evil',
      RUSTC_WRAPPER: '/tmp/evil',
      HTTPS_PROXY: 'http://user:secret@proxy',
      LC_secret: 'x',
      ABSENT: undefined,
    };
    assert.deepEqual(cleanEnvironment(env), { HOME: '/home/me', LC_ALL: 'C.UTF-8', GOPATH: '/home/me/go' });
  });

  it('takes out of PATH what a workspace could fill', () => {
    const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-environment-')));
    try {
      const path = ['', '.', '/usr/bin', workspace, join(workspace, 'missing'), 'bin'].join(delimiter);
      assert.deepEqual(cleanEnvironment({ PATH: path }, workspace), { PATH: '/usr/bin' });
      assert.deepEqual(cleanEnvironment({ PATH: `.${delimiter}/usr/bin` }), { PATH: '/usr/bin' });
    } finally {
      rmSync(workspace, { recursive: true, force: true });
    }
  });
});
