import { platformFolders } from '../base/platformFolders.js';
import { resolveSettings, type Layer } from '../config/resolve.js';
import type { Settings } from '../config/schema.js';
import {
  readSettingsFile,
  readWorkspaceSettings,
  userSettingsPath,
  workspaceSettingsPath,
} from '../config/settingsFile.js';
import type { CommandHost } from './command.js';

export interface LoadedSettings {
  readonly settings: Settings;
  readonly problems: readonly string[];
  readonly layers: readonly Layer[];
}

/** Names the first few; a workspace can be wrong in everything that it sets, and that is not what was asked. */
export function complainOfSettings(host: CommandHost, problems: readonly string[]): void {
  const distinct = [...new Set(problems)];
  const shown = distinct.length > mostProblems + 1 ? distinct.slice(0, mostProblems) : distinct;
  for (const problem of shown) host.stderr.write(`${problem}\n`);
  const left = distinct.length - shown.length;
  if (left > 0) host.stderr.write(`And ${left} more about settings; understudy doctor lists them.\n`);
}

const mostProblems = 3;

/** The settings that hold on the command line: the user's file and the workspace's. No editor has a say here. */
export async function loadSettings(host: CommandHost, folder: string): Promise<LoadedSettings> {
  const userPath = userSettingsPath(platformFolders(host.env).config);
  const workspacePath = workspaceSettingsPath(folder);
  const [user, workspace] = await Promise.all([readSettingsFile(userPath), readWorkspaceSettings(folder)]);
  const layers: readonly Layer[] = [
    { name: userPath, kind: 'user', values: user.values },
    { name: workspacePath, kind: 'workspace', values: workspace.values },
  ];
  const { settings, problems } = resolveSettings(layers);
  const unreadable = [user.problem, workspace.problem].filter(problem => problem !== null);
  return { settings, problems: [...unreadable, ...problems], layers };
}
