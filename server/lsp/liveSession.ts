import { setImmediate as afterWriting } from 'node:timers';
import type { Log } from '../base/log.js';
import { Failure } from '../base/failure.js';
import { distinctFolders, pathToUri, uriToPath } from '../base/paths.js';
import { isRecord } from '../base/record.js';
import type { Settings } from '../config/schema.js';
import type { Core } from '../core.js';
import { resolveClientAbilities } from './clientAbilities.js';
import { createDocuments } from './documents.js';
import type { Dispatcher } from './dispatcher.js';
import type { CommandHandler, Handlers } from './feature.js';
import { withTimeLimit } from './timeLimit.js';
import type { Session } from './session.js';
import { createSessionLog } from './sessionLog.js';
import { createSessionSettings } from './sessionSettings.js';
import type { TraceBook } from './traceBook.js';

export type LoadCore = (options: {
  readonly folders: readonly string[];
  readonly settings: (path: string | null) => Settings;
  readonly log: Log;
}) => Promise<Core>;

export interface LiveSessionOptions extends Pick<Session, 'notify' | 'request' | 'trace'> {
  readonly loadCore: LoadCore;
  readonly configFolder: string;
  readonly trace: TraceBook;
  readonly now: () => number;
}

/** The session as the shell holds it: what features see, and what drives it. */
export interface LiveSession extends Session {
  initialize(params: unknown): void;
  initialized(): void;
  handlersInto(dispatcher: Dispatcher): Handlers;
  /** Ends the core with all its threads and processes; never rejects, never hangs. */
  dispose(): Promise<void>;
}

const configurationLimitMs = 2000;
const disposeLimitMs = 3000;

export function createLiveSession(options: LiveSessionOptions): LiveSession {
  const { loadCore, configFolder, trace, now, notify, request } = options;
  const documents = createDocuments();
  const settings = createSessionSettings({ configFolder, report: problem => log.warn(problem) });
  const log = createSessionLog({
    level: () => settings.of(null).log.level,
    file: () => settings.of(null).log.file,
    send: (type, message) => notify('window/logMessage', { type, message }),
    now,
  });
  const initializedListeners: (() => void)[] = [];
  const statusListeners: (() => void)[] = [];
  const ending = new AbortController();
  const commands = new Map<string, CommandHandler>();
  let client = resolveClientAbilities(null);
  let folders: readonly string[] = [];
  let core: Promise<Core> | null = null;
  let loaded: Core | null = null;
  let active: string | null = null;
  let disposing: Promise<void> | null = null;
  let isInitialized = false;
  let tellConfigured = (): void => {};
  const configured = new Promise<void>(resolve => (tellConfigured = resolve));

  const session: LiveSession = {
    get client() {
      return client;
    },
    documents,
    trace,
    log,
    folders: () => folders,
    changeFolders,
    settings: uri => settings.of(uri === null ? null : uriToPath(uri)),
    refreshConfiguration,
    configured,
    settingsFileChanged(path) {
      const isOne = settings.isSettingsFile(path);
      if (isOne) void settings.reloadFiles();
      return isOne;
    },
    onSettings: listener => settings.onChange(listener),
    core: () => (core ??= load()),
    loadedCore: () => loaded,
    activeUri: () => active,
    setActiveUri: uri => void (active = uri),
    onInitialized: listener => void (isInitialized ? listener() : initializedListeners.push(listener)),
    ended: ending.signal,
    statusChanged,
    onStatus: listener => void statusListeners.push(listener),
    notify,
    request,
    initialize(params) {
      client = resolveClientAbilities(params);
      folders = foldersOf(params);
      settings.setInitial(isRecord(params) ? params['initializationOptions'] : null);
      // The answer goes out first; a client waits for nothing that is loaded from here on.
      afterWriting(() => void session.core().catch((error: unknown) => log.error('The core cannot be loaded.', error)));
    },
    initialized() {
      if (isInitialized) return;
      isInitialized = true;
      for (const listener of initializedListeners) listener();
    },
    handlersInto: dispatcher => ({
      request: definition => dispatcher.addRequest(definition),
      notification: definition => dispatcher.addNotification(definition),
      command(name, run) {
        if (commands.has(name)) throw new Error(`${name} is registered twice`);
        commands.set(name, run);
      },
      commands,
    }),
    dispose: () => (disposing ??= dispose()),
  };
  return session;

  function statusChanged(): void {
    for (const listener of statusListeners) listener();
  }

  async function load(): Promise<Core> {
    await settings.setFolders(folders);
    if (disposing !== null) throw new Error('The session has ended.');
    loaded = await loadCore({ folders, settings: path => settings.of(path), log });
    documents.follow(loaded);
    loaded.onStatus(statusChanged);
    settings.onChange(() => loaded?.settingsChanged());
    return loaded;
  }

  async function changeFolders(added: readonly string[], removed: readonly string[]): Promise<void> {
    const before = folders;
    const gone = distinctFolders(removed);
    folders = distinctFolders([...folders.filter(folder => !gone.includes(folder)), ...added]);
    await settings.setFolders(folders);
    if (core === null) return;
    const running = await core;
    for (const folder of folders) if (!before.includes(folder)) running.addFolder(folder);
    await Promise.all(before.filter(folder => !folders.includes(folder)).map(folder => running.removeFolder(folder)));
  }

  async function refreshConfiguration(sent: unknown): Promise<void> {
    await takeConfiguration(sent);
    tellConfigured();
  }

  async function takeConfiguration(sent: unknown): Promise<void> {
    if (!client.configuration) {
      if (sent !== null && sent !== undefined) settings.setClient(sent, new Map());
      return;
    }
    const items = [
      { section: 'understudy' },
      ...folders.map(folder => ({ scopeUri: pathToUri(folder), section: 'understudy' })),
    ];
    try {
      const answer = await withTimeLimit(request('workspace/configuration', { items }), configurationLimitMs);
      if (!Array.isArray(answer)) throw new Failure('bad-input', 'The answer is no list.');
      const [common, ...single]: unknown[] = answer;
      const shared = JSON.stringify(common);
      // Most clients answer the same for every folder; said once, a mistake is told once.
      const own = folders.map((folder, index) => [folder, single[index]] as const);
      settings.setClient(common ?? sent, new Map(own.filter(([, values]) => JSON.stringify(values) !== shared)));
    } catch (error) {
      if (disposing !== null) return;
      const why = error instanceof Error ? error.message : 'no reason given';
      log.warn(`The editor did not tell its settings (${why}); what it sent before holds.`);
      if (isRecord(sent)) settings.setClient(sent, new Map());
    }
  }

  async function dispose(): Promise<void> {
    ending.abort();
    settings.dispose();
    if (core === null) return;
    try {
      await withTimeLimit(
        core.then(running => running.dispose()),
        disposeLimitMs,
      );
    } catch (error) {
      log.debug(`The core did not end in time (${error instanceof Error ? error.message : 'unknown error'}).`);
    }
  }
}

/** workspaceFolders, else rootUri, else rootPath. Folders that are no paths of this machine cannot be indexed. */
function foldersOf(params: unknown): readonly string[] {
  if (!isRecord(params)) return [];
  const named = Array.isArray(params['workspaceFolders']) ? params['workspaceFolders'] : [];
  const uris = named.flatMap((folder: unknown) => (isRecord(folder) ? [folder['uri']] : []));
  if (uris.length === 0) uris.push(params['rootUri']);
  const paths = uris.flatMap(uri => (typeof uri === 'string' ? [uriToPath(uri)] : []));
  const found = paths.filter((path): path is string => path !== null);
  const root = params['rootPath'];
  if (found.length === 0 && typeof root === 'string' && root !== '') {
    const path = uriToPath(pathToUri(root));
    if (path !== null) found.push(path);
  }
  return distinctFolders(found);
}
