import { nearestFolder } from '../base/paths.js';
import { resolveSettings, type Layer } from '../config/resolve.js';
import type { Settings } from '../config/schema.js';
import {
  readSettingsFile,
  readWorkspaceSettings,
  userSettingsPath,
  watchSettingsFile,
  workspaceSettingsPath,
} from '../config/settingsFile.js';

/** The layers of one session and what they resolve to, by folder. */
export interface SessionSettings {
  /** Of the folder that holds a path, or of the session when null. */
  of(path: string | null): Settings;
  setInitial(values: unknown): void;
  /** What the client configured: for all, and for single folders where it says so. */
  setClient(values: unknown, byFolder: ReadonlyMap<string, unknown>): void;
  setFolders(folders: readonly string[]): Promise<void>;
  /** Reads the files again. */
  reloadFiles(): Promise<void>;
  isSettingsFile(path: string): boolean;
  onChange(listener: () => void): void;
  dispose(): void;
}

export interface SessionSettingsOptions {
  readonly configFolder: string;
  /** Called with each sentence about a value that does not hold, once as long as it stays. */
  readonly report: (problem: string) => void;
}

export function createSessionSettings({ configFolder, report }: SessionSettingsOptions): SessionSettings {
  const userPath = userSettingsPath(configFolder);
  const listeners: (() => void)[] = [];
  const unwatch = new Map<string, () => void>();
  const files = new Map<string, unknown>();
  let folders: readonly string[] = [];
  let initial: unknown = null;
  let client: unknown = null;
  let clientByFolder: ReadonlyMap<string, unknown> = new Map();
  let common = resolveSettings([]).settings;
  let byFolder = new Map<string, Settings>();
  let reported = new Set<string>();
  let fileProblems = new Map<string, string>();

  watch(userPath);
  return {
    of(path) {
      const folder = path === null ? null : nearestFolder(path, folders);
      return (folder === null ? undefined : byFolder.get(folder)) ?? common;
    },
    setInitial(values) {
      initial = values;
      resolve();
    },
    setClient(values, single) {
      client = values;
      clientByFolder = single;
      resolve();
    },
    async setFolders(next) {
      for (const folder of folders) if (!next.includes(folder)) forget(workspaceSettingsPath(folder));
      folders = next;
      for (const folder of folders) watch(workspaceSettingsPath(folder));
      await reloadFiles();
    },
    reloadFiles,
    isSettingsFile: path => unwatch.has(path),
    onChange: listener => void listeners.push(listener),
    dispose() {
      for (const stop of unwatch.values()) stop();
      unwatch.clear();
    },
  };

  function watch(path: string): void {
    // A poll has nobody to reject to; reading never rejects.
    if (!unwatch.has(path))
      unwatch.set(
        path,
        watchSettingsFile(path, () => void reloadFiles()),
      );
  }

  function forget(path: string): void {
    unwatch.get(path)?.();
    unwatch.delete(path);
    files.delete(path);
  }

  async function reloadFiles(): Promise<void> {
    const read = await Promise.all(
      [
        { path: userPath, read: () => readSettingsFile(userPath) },
        ...folders.map(folder => ({ path: workspaceSettingsPath(folder), read: () => readWorkspaceSettings(folder) })),
      ].map(async ({ path, read }) => [path, await read()] as const),
    );
    fileProblems = new Map();
    for (const [path, { values, problem }] of read) {
      if (!unwatch.has(path)) continue;
      files.set(path, values);
      if (problem !== null) fileProblems.set(path, problem);
    }
    resolve();
  }

  function resolve(): void {
    const before = JSON.stringify([common, [...byFolder]]);
    const problems = new Set(fileProblems.values());
    const shared: Layer[] = [
      { name: userPath, kind: 'user', values: files.get(userPath) },
      { name: 'initializationOptions', kind: 'initial', values: initial },
      { name: "the editor's settings", kind: 'client', values: client },
    ];
    const of = (layers: readonly Layer[]): Settings => {
      const resolved = resolveSettings(layers);
      for (const problem of resolved.problems) problems.add(problem);
      return resolved.settings;
    };
    common = of(shared);
    byFolder = new Map(
      folders.map(folder => {
        const path = workspaceSettingsPath(folder);
        const own: Layer = {
          name: "the editor's settings of a folder",
          kind: 'client',
          values: clientByFolder.get(folder),
        };
        const workspace: Layer = { name: path, kind: 'workspace', values: files.get(path) };
        return [folder, of([...shared, own, workspace])];
      }),
    );
    for (const problem of problems) if (!reported.has(problem)) report(problem);
    reported = problems;
    if (JSON.stringify([common, [...byFolder]]) !== before) for (const listener of listeners) listener();
  }
}

export { nearestFolder } from '../base/paths.js';
