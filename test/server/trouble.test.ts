import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecord } from '../../server/base/record.js';
import { shippedServer, spawnServer, type SpawnedServer, type SpawnOptions } from '../support/spawnServer.js';

/** A place where the text after the cursor is nowhere but in another file. */
const donor = 'export function convertInvoiceCurrency(invoice, rate) {\n  return invoice.total * rate;\n}\n';
const asking = 'export function convertInvoiceCurrency(invoice, ra';
const serverCommand = [process.execPath, shippedServer, '--stdio'] as const;

describe('the shipped server in trouble', function () {
  this.timeout(60_000);
  let root = '';
  let server: SpawnedServer | null = null;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'understudy-trouble-'));
    mkdirSync(join(root, 'project'));
    mkdirSync(join(root, 'home', 'cache'), { recursive: true });
    writeFileSync(join(root, 'project', 'donor.js'), donor);
  });

  afterEach(async () => {
    await server?.stop();
    server = null;
    chmodSync(root, 0o755);
    rmSync(root, { recursive: true, force: true });
  });

  it('completes from another file when all is well', async () => {
    server = await start();
    assert.match(await suggestionIn(server, 'asking.js', asking), /rate\) \{/);
  });

  it('with a full disk under its cache: completes, and says what to do', async () => {
    server = await start({ command: inNamespace('mount -t tmpfs -o size=64k tmpfs "$XDG_CACHE_HOME"') });
    assert.match(await suggestionIn(server, 'asking.js', asking), /rate\) \{/);
    assert.match(await statusMessage(server), /full|space/i);
  });

  it('with a read-only cache: completes, and says what to do', async () => {
    server = await start({ command: inNamespace('mount -t tmpfs -o ro tmpfs "$XDG_CACHE_HOME"') });
    assert.match(await suggestionIn(server, 'asking.js', asking), /rate\) \{/);
    assert.match(await statusMessage(server), /read-only|cannot be written|XDG_CACHE_HOME/i);
  });

  it('with a folder that it may not read: indexes the rest', async () => {
    const closed = join(root, 'project', 'closed');
    mkdirSync(closed);
    writeFileSync(join(closed, 'secret.js'), 'export const neverToBeSeen = 1;\n');
    chmodSync(closed, 0o000);
    // Root may read everything, so the server runs as nobody where these tests run as root.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownAll(join(root, 'home'), 65534);
    chmodSync(root, 0o755);
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', ...serverCommand] as const;
    server = await start(isRoot ? { command: [...asNobody] } : {});
    assert.match(await suggestionIn(server, 'asking.js', asking), /rate\) \{/);
    const found = await server.rpc.request('workspace/executeCommand', {
      command: 'understudy.search',
      arguments: [{ query: 'neverToBeSeen', limit: 5 }],
    });
    assert.doesNotMatch(JSON.stringify(found), /neverToBeSeen = 1/);
    chmodSync(closed, 0o755);
  });

  it('with a line of 10 MB, open and on disk: answers, and goes on', async () => {
    const line = `const table = [${'12345678, '.repeat(1_000_000)}];`;
    writeFileSync(join(root, 'project', 'huge.js'), line);
    server = await start();
    assert.equal(typeof (await suggestionIn(server, 'long.js', `${line}\nconst total = tab`)), 'string');
    assert.match(await suggestionIn(server, 'asking.js', asking), /rate\) \{/);
  });

  it('with CRLF, a byte order mark and lone surrogates: completes in the lines of the file', async () => {
    server = await start();
    const text = `\ufeffconst odd = "\ud800";\r\n${asking}`;
    const suggestion = await suggestionIn(server, 'asking.js', text);
    assert.match(suggestion, /rate\) \{/);
    assert.doesNotMatch(suggestion, /(?<!\r)\n/);
  });

  it('with the root of the file system as its workspace: says that it is too broad, and completes what is open', async () => {
    server = await start({ folders: ['/'], awaitReady: false });
    const written = `${donor}\n${asking}`;
    assert.match(await suggestionIn(server, join(root, 'project', 'asking.js'), written), /rate\) \{/);
    // It says so at once, and goes on with as much as it takes: how much that is depends on the machine.
    assert.match(await statusMessage(server, { whileIndexing: true }), /too broad/);
  });

  it('with a home folder as its workspace: says so', async () => {
    mkdirSync(join(root, 'home'), { recursive: true });
    server = await start({
      folders: [join(root, 'home')],
      awaitReady: false,
      command: ['env', `HOME=${join(root, 'home')}`, ...serverCommand],
    });
    assert.match(await statusMessage(server), /home|folder|project/i);
  });

  async function start(options: Partial<SpawnOptions> & { awaitReady?: boolean } = {}): Promise<SpawnedServer> {
    const { awaitReady = true, ...rest } = options;
    const started = await spawnServer({ folders: [join(root, 'project')], home: join(root, 'home'), ...rest });
    if (awaitReady) await started.ready();
    return started;
  }

  /** Text of the first suggestion at the end of a new document; empty where there is none. */
  async function suggestionIn(running: SpawnedServer, name: string, text: string): Promise<string> {
    const uri = pathToFileURL(name.startsWith('/') ? name : join(root, 'project', name)).href;
    running.rpc.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'javascript', version: 1, text } });
    const lines = text.split(/\r?\n/);
    const answer = await running.rpc.request('textDocument/inlineCompletion', {
      textDocument: { uri },
      position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
      context: { triggerKind: 1 },
    });
    const items = isRecord(answer) && Array.isArray(answer['items']) ? answer['items'] : [];
    const [first]: readonly unknown[] = items;
    return isRecord(first) && typeof first['insertText'] === 'string' ? first['insertText'] : '';
  }

  /** The status' message, as soon as there is one. */
  async function statusMessage(running: SpawnedServer, { whileIndexing = false } = {}): Promise<string> {
    for (;;) {
      const status = await running.rpc.request('understudy/status');
      const message = isRecord(status) ? status['message'] : '';
      const isSettled = whileIndexing || (isRecord(status) && status['state'] !== 'indexing');
      if (typeof message === 'string' && message !== '' && isSettled) return message;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
});

/** Mounts only this server sees, for a person without root as well. */
function inNamespace(mount: string): [string, ...string[]] {
  return ['unshare', '-rm', 'sh', '-c', `${mount} && exec "$0" "$@"`, ...serverCommand];
}

function chownAll(path: string, owner: number): void {
  for (const one of [path, join(path, 'cache')]) chownSync(one, owner, owner);
}
