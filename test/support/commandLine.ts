import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExitCode } from '../../server/cli/command.js';
import { runCommand } from '../../server/cli/main.js';
import type { Core } from '../../server/core.js';
import { createCore, loadGate, loadModels, ownEntries } from '../../server/createCore.js';
import type { Found } from '../../server/model/probing.js';
import { shippedServer } from './spawnServer.js';

export interface Answered {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** What stdout holds as JSON. */
  json(): unknown;
}

/** A folder with a workspace in it, a cache, and the command line as a shell would run it there. */
export interface CommandLine {
  /** Real path of the workspace. */
  readonly folder: string;
  readonly cache: string;
  readonly configuration: string;
  readonly state: string;
  write(path: string, text: string): string;
  run(argv: readonly string[], options?: RunOptions): Promise<Answered>;
  remove(): void;
}

export interface RunOptions {
  /** In place of the real one. */
  readonly core?: Core;
  readonly terminal?: boolean;
  /** Servers with models that are found on this machine. */
  readonly found?: readonly Found[];
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  readonly stdin?: string;
}

export function createCommandLine(): CommandLine {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-cli-')));
  const folder = join(root, 'project');
  const cache = join(root, 'cache');
  const configuration = join(root, 'config');
  const state = join(root, 'state');
  mkdirSync(join(folder, '.git'), { recursive: true });
  return {
    folder,
    cache,
    configuration,
    state,
    write(path, text) {
      const absolute = join(folder, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, text);
      return absolute;
    },
    async run(argv, { core, terminal = false, env = {}, signal, cwd, found = [], stdin = '' } = {}) {
      let stdout = '';
      let stderr = '';
      const exit = await runCommand(argv, {
        version: '0.0.0',
        entries: ownEntries(),
        // What runs on the machine of whoever tests is no part of a test.
        createCore: options => core ?? createCore({ ...options, discover: () => Promise.resolve(found) }),
        loadModels: options => loadModels({ ...options, discover: () => Promise.resolve(found) }),
        loadGate,
        stdin: asStream(stdin),
        serverCommand: [process.execPath, shippedServer, '--stdio'],
        stdout: { write: text => (stdout += text), isTTY: terminal },
        stderr: { write: text => (stderr += text), isTTY: terminal },
        env: {
          PATH: process.env['PATH'],
          XDG_CACHE_HOME: cache,
          XDG_CONFIG_HOME: configuration,
          XDG_STATE_HOME: state,
          ...env,
        },
        cwd: cwd ?? folder,
        signal: signal ?? new AbortController().signal,
      });
      return { exit, stdout, stderr, json: () => JSON.parse(stdout) as unknown };
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function* asStream(text: string): AsyncGenerator<string> {
  if (text !== '') yield text;
}
