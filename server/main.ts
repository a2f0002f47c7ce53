import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Readable, Writable } from 'node:stream';
import { platformFolders } from './base/platformFolders.js';
import { features } from './features/features.js';
import type { LoadCore } from './lsp/liveSession.js';
import { serve } from './lsp/serve.js';
import { readServerArguments } from './serverArguments.js';

/** The program. What is heavy is imported where it is needed: an editor waits for the answer to `initialize`. */
export async function main(argv: readonly string[]): Promise<void> {
  const asked = readServerArguments(argv, process.stdin.isTTY);
  switch (asked.kind) {
    case 'version':
      process.stdout.write(`${version()}\n`);
      return;
    case 'wrong':
      process.stderr.write(`understudy: ${asked.why}\nTry: understudy --help\n`);
      process.exitCode = 2;
      return;
    case 'command': {
      await runOnTerminal(asked.argv);
      return;
    }
    case 'stdio':
      serveOver(process.stdin, process.stdout);
      return;
    case 'connect':
      await serveSocket(asked.to);
  }
}

async function runOnTerminal(argv: readonly string[]): Promise<void> {
  const [{ runCommand }, { createCore, loadGate, loadModels, ownEntries }] = await Promise.all([
    import('./cli/main.js'),
    import('./createCore.js'),
  ]);
  const stopping = new AbortController();
  // Threads and processes of ours keep nobody alive: a command that waits for the end of one would end without an answer.
  const staying = setInterval(() => {}, 2 ** 30);
  // The second Ctrl-C ends it as usual.
  process.once('SIGINT', () => stopping.abort());
  process.exitCode = await runCommand(argv, {
    version: version(),
    entries: ownEntries(),
    createCore,
    loadGate,
    loadModels,
    serverCommand: [process.execPath, process.argv[1] ?? '', '--stdio'],
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: stopping.signal,
  });
  clearInterval(staying);
}

function serveOver(input: Readable, output: Writable): void {
  keepStdoutForTheProtocol();
  survive();
  const folders = platformFolders(process.env);
  const loadCore: LoadCore = async options => {
    const { createCore, openTrust, ownEntries } = await import('./createCore.js');
    return createCore({
      ...options,
      trust: openTrust(folders.config, options.settings),
      entries: ownEntries(),
      cacheRoot: folders.cache,
      stateRoot: folders.state,
      env: process.env,
      watch: true,
    });
  };
  serve({
    input,
    output,
    features,
    loadCore,
    configFolder: folders.config,
    version: version(),
    now: () => performance.timeOrigin + performance.now(),
    exit: code => process.exit(code),
    stderr: line => void process.stderr.write(`${line}\n`),
  });
}

/** The client listens and the server connects, as VS Code's client library has it. */
async function serveSocket(to: { readonly port: number } | { readonly path: string }): Promise<void> {
  const { createConnection } = await import('node:net');
  const socket = 'port' in to ? createConnection(to.port, '127.0.0.1') : createConnection(to.path);
  socket.setNoDelay(true);
  await new Promise<void>(resolve => {
    socket.once('connect', () => {
      resolve();
      serveOver(socket, socket);
    });
    socket.once('error', error => {
      process.stderr.write(`understudy: ${'port' in to ? `port ${to.port}` : to.path}: ${error.message}\n`);
      process.exitCode ??= 3;
      resolve();
    });
  });
}

/** Whoever prints by mistake must not break the connection. */
function keepStdoutForTheProtocol(): void {
  const { error } = console;
  for (const name of ['log', 'info', 'debug', 'dir', 'table', 'trace', 'group'] as const)
    console[name] = error.bind(console);
}

/** What nobody caught is a bug of one part. It is told, and the others go on: an editor without answers is worse. */
function survive(): void {
  const tell = (error: unknown): void => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`understudy: unexpected: ${stack}\n`);
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
  // The editor may die with both ends of the pipe: telling that its ear is gone would fail again, without end.
  process.stderr.on('error', () => {});
}

function version(): string {
  const path = fileURLToPath(new URL('../../package.json', import.meta.url));
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}
