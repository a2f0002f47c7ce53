import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isRecord } from '../../server/base/record.js';
import { createRpcClient, type RpcClient } from './rpcClient.js';

export const shippedServer = fileURLToPath(new URL('../../../dist/understudy.cjs', import.meta.url));

export interface SpawnedServer {
  readonly rpc: RpcClient;
  readonly process: ChildProcess;
  readonly pid: number;
  /** Cache, configuration and state of this server alone. */
  readonly home: string;
  /** Resolves when the status is `ready` (or `degraded`). */
  ready(): Promise<void>;
  /** Says goodbye as the protocol has it, and resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface SpawnOptions {
  readonly folders: readonly string[];
  /** A cache that an earlier server has left; a new one otherwise, removed at the end. */
  readonly home?: string;
  readonly settings?: unknown;
  readonly capabilities?: unknown;
  readonly command?: readonly [string, ...string[]];
}

/** The shipped server, as an editor starts it, with folders of its own for all that it writes. */
export async function spawnServer(options: SpawnOptions): Promise<SpawnedServer> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'understudy-home-'));
  const [program, ...rest] = options.command ?? [process.execPath, shippedServer, '--stdio'];
  const child = spawn(program, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_STATE_HOME: join(home, 'state'),
    },
  });
  const rpc = createRpcClient(child.stdout, child.stdin);
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve));
  const uri = (folder: string): string => pathToFileURL(folder).href;
  await rpc.request('initialize', {
    processId: process.pid,
    rootUri: options.folders[0] === undefined ? null : uri(options.folders[0]),
    workspaceFolders: options.folders.map(folder => ({ uri: uri(folder), name: folder })),
    initializationOptions: options.settings ?? {},
    capabilities: options.capabilities ?? {
      workspace: { workspaceFolders: true },
      textDocument: { inlineCompletion: {}, synchronization: {} },
    },
  });
  rpc.notify('initialized', {});
  return {
    rpc,
    process: child,
    pid: child.pid ?? 0,
    home,
    async ready() {
      for (;;) {
        const status = await rpc.request('understudy/status');
        if (isRecord(status) && status['state'] !== 'indexing') return;
        await new Promise(resolve => setTimeout(resolve, 25));
      }
    },
    async stop() {
      await Promise.race([rpc.request('shutdown'), exited]);
      rpc.notify('exit');
      const code = await exited;
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}
