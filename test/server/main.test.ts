import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToUri } from '../../server/base/paths.js';
import { repositoryRoot } from '../support/repositoryRoot.js';
import { createRpcClient } from '../support/rpcClient.js';
import { launcher, startServer, type StdioClient } from '../support/stdioClient.js';
import { waitFor } from '../support/waitFor.js';

describe('the program', function () {
  this.timeout(60_000);
  let root: string;
  let env: Record<string, string>;
  let server: StdioClient | null;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'understudy-main-'));
    env = { XDG_CACHE_HOME: join(root, 'cache'), XDG_CONFIG_HOME: join(root, 'config') };
    server = null;
  });
  afterEach(async () => {
    server?.child.kill('SIGKILL');
    await server?.exited;
    rmSync(root, { recursive: true, force: true });
  });

  const initialize = { processId: process.pid, rootUri: null, capabilities: {} };

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
    assert.equal(
      execFileSync(process.execPath, [launcher, '--version'], { encoding: 'utf8', env: { ...process.env, ...env } }),
      `${version}\n`,
    );
  });

  it('reads settings files, comments and all', () => {
    const folder = join(root, 'project');
    mkdirSync(join(folder, '.understudy'), { recursive: true });
    writeFileSync(join(folder, '.understudy', 'settings.json'), '{ "inline": { "enabled": false } } // off');
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'status', '--json', '--folder', folder], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    assert.equal(stderr, '');
    assert.notEqual(status, 3);
    const { settings } = JSON.parse(stdout) as { settings: { inline: { enabled: boolean } } };
    assert.equal(settings.inline.enabled, false);
  });

  it('explains itself, and ends with 2 when it is used wrongly', () => {
    const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
    const help = run('--help');
    assert.equal(help.status, 0);
    assert.match(help.stdout, /--stdio/);
    for (const args of [['--nonsense'], ['--socket=x'], ['nonsense']]) {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, /understudy/);
    }
    assert.equal(run('--socket=1').status, 3);
  });

  it('leaves with 0 after shutdown and exit, and with 1 when its input ends', async () => {
    server = startServer(env);
    await server.rpc.request('initialize', initialize);
    assert.equal(await server.leave(), 0);
    server = startServer(env);
    await server.rpc.request('initialize', initialize);
    server.child.stdin.end();
    assert.equal(await server.exited, 1);
  });

  for (const how of ['--socket', '--pipe'] as const)
    it(`speaks over ${how}`, async () => {
      const listener = createServer();
      const path = join(root, 'pipe');
      await new Promise<void>(resolve =>
        how === '--pipe' ? listener.listen(path, resolve) : listener.listen(0, '127.0.0.1', resolve),
      );
      const address = listener.address();
      const to = typeof address === 'object' && address !== null ? String(address.port) : path;
      const connected = new Promise<Socket>(resolve => listener.once('connection', resolve));
      const child = spawn(process.execPath, [launcher, `${how}=${to}`], {
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
      const exited = new Promise<number | null>(resolve => child.on('exit', resolve));
      const socket = await connected;
      const rpc = createRpcClient(socket, socket);
      await rpc.request('initialize', initialize);
      await rpc.request('shutdown');
      rpc.notify('exit');
      assert.equal(await exited, 0);
      listener.close();
    });

  it('completes from another file, finds it by search, and leaves no process behind', async () => {
    const project = join(root, 'project');
    mkdirSync(project);
    writeFileSync(
      join(project, 'donor.ts'),
      'export function measureWingspan(bird: Bird): number {\n  return bird.left + bird.right;\n}\n',
    );
    server = startServer({ ...env, NODE_OPTIONS: '' });
    const { rpc, child } = server;
    await rpc.request('initialize', {
      ...initialize,
      workspaceFolders: [{ uri: pathToUri(project), name: 'project' }],
      capabilities: { textDocument: { inlineCompletion: {} }, window: { workDoneProgress: true } },
    });
    rpc.notify('initialized', {});
    await waitFor(async () => {
      const status = (await rpc.request('understudy/status')) as { state: string; folders: { indexed: number }[] };
      return status.state === 'ready' && status.folders[0]?.indexed === 1;
    }, 30_000);
    const uri = pathToUri(join(project, 'new.ts'));
    const text = 'export function measureWingspan(bird';
    rpc.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } });
    const params = {
      textDocument: { uri },
      position: { line: 0, character: text.length },
      context: { triggerKind: 1 },
    };
    const { items } = (await rpc.request('textDocument/inlineCompletion', params)) as {
      items: { insertText: string }[];
    };
    assert.match(items[0]?.insertText ?? '', /^bird:/);
    const command = { command: 'understudy.search', arguments: [{ query: 'measure wingspan' }] };
    const found = (await rpc.request('workspace/executeCommand', command)) as { results: { name: string }[] };
    assert.equal(found.results[0]?.name, 'measureWingspan');
    const family = descendants(child.pid ?? 0);
    assert.equal(await server.leave(), 0);
    await waitFor(() => family.every(pid => !isRunning(pid)), 5000);
  });

  it('keeps compiled code in a folder of its own, and starts without one, with a damaged one, and with one that others can write', async () => {
    // Node's own cache, where it has one, has files of its own.
    const folder = join(root, 'cache', 'understudy', 'code');
    const start = async (linger: boolean): Promise<void> => {
      server = startServer(env);
      await server.rpc.request('initialize', initialize);
      if (linger) await waitFor(() => readdirSync(folder).length > 0);
      assert.equal(await server.leave(), 0);
      assert.equal(server.stderr(), '');
    };
    const hasOwn = Number(process.versions.node.split('.')[0]) < 22;
    await start(hasOwn);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const name of hasOwn ? readdirSync(folder) : []) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      bytes.fill(0x41, 100);
      writeFileSync(path, bytes);
    }
    await start(false);
    chmodSync(folder, 0o777);
    await start(false);
    rmSync(join(root, 'cache'), { recursive: true });
    writeFileSync(join(root, 'cache'), 'in the way');
    await start(false);
  });
});

/** Children, and theirs, as Linux tells; none elsewhere. */
function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
    return children.flatMap(child => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
