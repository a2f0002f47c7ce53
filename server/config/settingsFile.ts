import { existsSync, readFileSync, statSync, unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { isReallyInside } from '../base/paths.js';

/** Longer files are no settings. */
const maxBytes = 1024 * 1024;

export interface SettingsFile {
  readonly values: unknown;
  readonly problem: string | null;
}

export function userSettingsPath(configFolder: string): string {
  return join(configFolder, 'settings.json');
}

export function workspaceSettingsPath(folder: string): string {
  return join(folder, '.understudy', 'settings.json');
}

/** A settings file, comments and trailing commas allowed. A missing one is empty; a broken one says where. */
export async function readSettingsFile(path: string): Promise<SettingsFile> {
  let text: string;
  try {
    const found = statSync(path);
    // A device or a pipe would never end.
    if (!found.isFile()) return { values: null, problem: `${path} is no file.` };
    if (found.size > maxBytes) return { values: null, problem: `${path} is too large for settings.` };
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return { values: null, problem: missing ? null : `${path} cannot be read (${String(code)}).` };
  }
  const { parse, printParseErrorCode } = await import('jsonc-parser');
  const errors: { error: number; offset: number; length: number }[] = [];
  const values: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first === undefined) return { values, problem: null };
  const line = text.slice(0, first.offset).split('\n').length;
  // What could be read up to and around the mistake still holds.
  return { values, problem: `${path}:${line}: ${printParseErrorCode(first.error)}; the rest of it is used.` };
}

/** The settings of a workspace. A link that leads out of it is not followed: somebody else's file is not its settings. */
export async function readWorkspaceSettings(folder: string): Promise<SettingsFile> {
  const path = workspaceSettingsPath(folder);
  if (isReallyInside(folder, path)) return readSettingsFile(path);
  return existsSync(path)
    ? { values: null, problem: `${path} leads out of its workspace and is ignored.` }
    : { values: null, problem: null };
}

/** Calls back when a file appears, changes or goes. Polled, since the folder may not exist yet; keeps no process alive. */
export function watchSettingsFile(path: string, onChange: () => void, intervalMs = 2000): () => void {
  const listener = (now: { mtimeMs: number; size: number }, before: { mtimeMs: number; size: number }): void => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) onChange();
  };
  watchFile(path, { interval: intervalMs, persistent: false }, listener);
  return () => unwatchFile(path, listener);
}
