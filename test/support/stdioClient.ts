import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot.js';
import { createRpcClient, type RpcClient } from './rpcClient.js';

export interface StdioClient {
  readonly rpc: RpcClient;
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | null>;
  stderr(): string;
  /** shutdown and exit, as a client should; the exit code. */
  leave(): Promise<number | null>;
}

export const launcher = join(repositoryRoot, 'dist', 'understudy.cjs');

/** The shipped server as an editor starts it. `env` is added to this process's. */
export function startServer(
  env: Readonly<Record<string, string>>,
  command: readonly [string, ...string[]] = [process.execPath, launcher, '--stdio'],
): StdioClient {
  const [program, ...args] = command;
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
  const rpc = createRpcClient(child.stdout, child.stdin);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => {}); // A server that has left says so by its exit.
  const exited = new Promise<number | null>(resolve => child.on('exit', code => resolve(code)));
  return {
    rpc,
    child,
    exited,
    stderr: () => stderr,
    async leave() {
      await rpc.request('shutdown');
      rpc.notify('exit');
      return exited;
    },
  };
}
