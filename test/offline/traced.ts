/**
 * Proves that nothing leaves the machine unasked: the shipped server and all its processes run under strace while they index
 * a folder, complete, search and rest; every socket call of every thread is read. As it comes, it looks for models on this
 * machine and nowhere else; with `tasks.discover` off it opens no internet socket at all. Linux, needs strace.
 *
 *   node out/test/offline/traced.js [FOLDER]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shippedServer, spawnServer } from '../support/spawnServer.js';
import { filesOfLength, typeLines } from '../bench/typing.js';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../../server', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'understudy-offline-'));
const trace = join(scratch, 'trace');
const strace = ['strace', '-f', '-qq', '-e', 'trace=socket,connect,bind,sendto,sendmsg', '-o'] as const;

const checks: [string, boolean][] = [];
checks.push(['the trace sees an internet socket where there is one', seesSockets()]);
checks.push(['an address of another machine is told from one of this', tellsAddresses()]);
checks.push(['as it comes, nothing is sent or connected to but this machine', await staysOffline({}, isElsewhere)]);
checks.push([
  'without looking for models, no internet socket in the server and its processes',
  await staysOffline({ tasks: { discover: false } }, () => true),
]);
for (const [name, passed] of checks) process.stdout.write(`${passed ? 'ok' : 'FAILED'}: ${name}\n`);
const failed = checks.filter(([, passed]) => !passed).length;
process.stdout.write(`\n${checks.length - failed} passed, ${failed} failed\n`);
rmSync(scratch, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);

/** The check itself must be able to fail. */
function seesSockets(): boolean {
  const file = join(scratch, 'control');
  const script = `require('node:net').createServer().listen(0, '127.0.0.1', function () { this.close(); })`;
  execFileSync(strace[0], [...strace.slice(1), file, process.execPath, '-e', script]);
  return internetCalls(file).length > 0;
}

function tellsAddresses(): boolean {
  const connect = (address: string): string =>
    `7 connect(20, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("${address}")}, 16) = 0`;
  return isElsewhere(connect('10.0.0.1')) && !isElsewhere(connect('127.0.0.1'));
}

/** A call that names an address which is not of this machine, or that names none and is no mere opening of a socket. */
function isElsewhere(call: string): boolean {
  if (/\bsocket\(/.test(call)) return false;
  const addresses = [...call.matchAll(/inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"/g)];
  return addresses.length === 0 || addresses.some(([, four, six]) => !(four?.startsWith('127.') ?? six === '::1'));
}

async function staysOffline(settings: object, isForbidden: (call: string) => boolean): Promise<boolean> {
  const server = await spawnServer({
    folders: [folder],
    settings,
    command: [strace[0], ...strace.slice(1), trace, process.execPath, shippedServer, '--stdio'],
  });
  await server.ready();
  const files = filesOfLength(folder, 40, 5_000);
  let typed = 0;
  for (const path of files.slice(0, 5)) typed += (await typeLines(server, path, 60)).roundTripsMs.length;
  const found = await server.rpc.request('workspace/executeCommand', {
    command: 'understudy.search',
    arguments: [{ query: 'read the settings', limit: 5 }],
  });
  await server.stop();
  const calls = internetCalls(trace).filter(isForbidden);
  const processes = new Set(
    readFileSync(trace, 'utf8')
      .split('\n')
      .map(line => line.split(' ')[0]),
  ).size;
  process.stdout.write(
    `${typed} completions asked, search answered ${JSON.stringify(found).length} bytes, ${processes} threads made socket calls, ${calls.length} of them forbidden\n`,
  );
  for (const call of calls.slice(0, 10)) process.stdout.write(`${call}\n`);
  return calls.length === 0 && typed > 100;
}

function internetCalls(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => /\bAF_INET6?\b/.test(line));
}
