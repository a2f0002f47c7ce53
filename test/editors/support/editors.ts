import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { fetchPackage, testCache, type PackageVersion } from '../../support/registry/fetchPackage.js';
import { expectNoneLeft, markedEnvironment } from './processes.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Editors {
  readonly neovim: string;
  readonly helix: string;
  readonly helixRuntime: string;
}

/** The editors, fetched when they are not there yet. Rejects, and so fails the suite, where they cannot be had. */
export async function findEditors(): Promise<Editors> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = process.env['UNDERSTUDY_EDITORS'] ?? join(cache, 'understudy-tests', 'editors');
  await run('tmux', ['-V']).catch((error: unknown) => {
    throw new Error('The editor tests need tmux: apt-get install tmux', { cause: error });
  });
  const { stdout } = await run(join(repository, 'test/editors/getEditors.sh'), [folder]).catch((error: unknown) => {
    throw new Error('The editors cannot be fetched; test/editors/getEditors.sh says why.', { cause: error });
  });
  const [, version = ''] = /NVIM v(\d+\.\d+)/.exec(stdout) ?? [];
  if (!(Number(version.split('.')[1]) >= 12 || Number(version.split('.')[0]) >= 1)) {
    throw new Error(`Neovim 0.12 or newer is needed; this is ${stdout}`);
  }
  return {
    neovim: join(folder, 'usr/bin/nvim'),
    helix: join(folder, 'usr/bin/hx'),
    helixRuntime: join(folder, 'usr/lib/hx/runtime'),
  };
}

/** What one editor sees: a home of its own, a copy of a project, and `understudy` on the path. */
export interface Stage {
  readonly scratch: string;
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file of the project as another program does. */
  write(path: string, text: string): Promise<string>;
  /** Waits until no process started on this stage is left; says which are. */
  isEmpty(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * `parts`: what of the package is the project; the rest is made from it. `settings`: the user's; without them no server of
 * this machine is looked for, so that what is shown does not depend on who runs a model here.
 */
export async function createStage(
  wanted: PackageVersion,
  parts: readonly string[],
  settings: object = { tasks: { discover: false } },
): Promise<Stage> {
  const source = await fetchPackage(wanted, testCache());
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'understudy-editor-')));
  const project = join(scratch, 'project');
  for (const part of parts) await cp(join(source, part), join(project, part), { recursive: true });
  // What makes it one workspace, as a clone would have it.
  await mkdir(join(project, '.git'), { recursive: true });
  await writeProgram(join(scratch, 'bin'));
  await mkdir(join(scratch, 'config', 'understudy'), { recursive: true });
  await writeFile(join(scratch, 'config', 'understudy', 'settings.json'), JSON.stringify(settings));
  return {
    scratch,
    project,
    env: {
      HOME: scratch,
      PATH: `${join(scratch, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      XDG_CACHE_HOME: join(scratch, 'cache'),
      XDG_CONFIG_HOME: join(scratch, 'config'),
      ...markedEnvironment(scratch),
    },
    async write(path, text) {
      const absolute = join(project, path);
      // Another process, so that nothing but the disk tells the server.
      const child = run('sh', ['-c', 'printf %s "$2" > "$1"', 'sh', absolute, text]);
      await child;
      return absolute;
    },
    isEmpty: () => expectNoneLeft(scratch),
    remove: () => rm(scratch, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** What `npm install --global` would have put there. */
async function writeProgram(folder: string): Promise<void> {
  const program = join(repository, 'dist/understudy.cjs');
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run build`);
  await mkdir(folder);
  await writeFile(join(folder, 'understudy'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(join(folder, 'understudy'), 0o755);
}

export function clientFolder(editor: 'neovim' | 'helix'): string {
  return join(repository, 'clients', editor);
}
