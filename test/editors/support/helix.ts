import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Terminal } from './terminal.js';
import { until } from './until.js';

export interface HelixOptions {
  readonly program: string;
  readonly runtime: string;
  /** Holds languages.toml and config.toml: what a person copies into their configuration. */
  readonly configuration: string;
  readonly scratch: string;
  readonly cwd: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Helix as a person has it, in a terminal. It can be asked nothing: what the screen shows is what there is. */
export async function startHelix(options: HelixOptions): Promise<Terminal> {
  const folder = join(options.env['XDG_CONFIG_HOME'] ?? join(options.scratch, 'config'), 'helix');
  await mkdir(folder, { recursive: true });
  for (const name of ['languages.toml', 'config.toml']) {
    await copyFile(join(options.configuration, name), join(folder, name));
  }
  return Terminal.start({
    scratch: options.scratch,
    cwd: options.cwd,
    command: [options.program, '-v', '--log', join(options.scratch, 'helix.log'), options.file],
    env: { ...options.env, HELIX_RUNTIME: options.runtime },
  });
}

/** The first Escape may only close a menu. */
export async function toNormalMode(helix: Terminal): Promise<void> {
  await until('normal mode', async () => {
    await helix.press('Escape');
    const pressedMs = performance.now();
    const isNormal = async (): Promise<boolean> => (await helix.screen()).includes(' NOR ');
    await until('an answer', async () => (await isNormal()) || performance.now() - pressedMs > 300);
    return isNormal();
  });
}

/** Helix replaces a file when it saves; between two moments there is none. */
export function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
