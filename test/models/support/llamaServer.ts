import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../support/repositoryRoot.js';
import { testsFolder } from './testsFolder.js';

export interface LlamaServerOptions {
  /** A GGUF file, absolute. */
  readonly model: string;
  readonly args?: readonly string[];
  /** A free one where none is given. */
  readonly port?: number;
  /** Added to this process's. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface LlamaServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** What it has printed. */
  log(): string;
}

/** For `setpriv` (util-linux): the kernel ends a server whose test was killed. It runs the program in its own place. */
export const diesWithUs = ['--pdeathsig', 'TERM', '--'] as const;

/** llama.cpp's server, fetched when it is not there yet. Rejects, and so fails the suite, where it cannot be had. */
export async function findLlamaServer(): Promise<string> {
  const folder = testsFolder('UNDERSTUDY_LLAMA_SERVER', 'llama-server');
  await promisify(execFile)(join(repositoryRoot, 'test/models/getLlamaServer.sh'), [folder]).catch((error: unknown) => {
    throw new Error('llama-server cannot be fetched; test/models/getLlamaServer.sh says why.', { cause: error });
  });
  return join(folder, 'llama-server');
}

/** On loopback, one thread, ready to answer. It ends with this process at the latest. */
export async function startLlamaServer(options: LlamaServerOptions): Promise<LlamaServer> {
  const program = await findLlamaServer();
  const port = options.port ?? (await freePort());
  const address = ['--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(
    'setpriv',
    [...diesWithUs, program, '-m', options.model, ...address, '-t', '1', ...(options.args ?? [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  const endedEarly = ended.then(() => {
    throw new Error(`llama-server has ended by itself:\n${log.slice(-2000)}`);
  });
  endedEarly.catch(() => {}); // Later on it is ended on purpose.
  try {
    await Promise.race([isHealthy(url), endedEarly]);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    url,
    port,
    pid: child.pid ?? 0,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    log: () => log,
  };
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

async function isHealthy(url: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    // While it loads its model it answers 503, before that nobody listens.
    const answer = await fetch(`${url}/health`).catch(() => null);
    await answer?.text();
    if (answer?.ok === true) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('llama-server was not ready within a minute.');
}
