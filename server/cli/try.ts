import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../base/record.js';
import { pathToUri } from '../base/paths.js';
import { exitCodes, type Command, type CommandHost } from './command.js';
import { existingFolder } from './parseCommandLine.js';
import { createProgressBar, type ProgressBar } from './progressBar.js';
import { loadSettings } from './settings.js';
import { editorSetup } from './try/editorSetup.js';
import { startLanguageServer, type LanguageClient } from './try/languageClient.js';
import { loadHistory } from './try/loadHistory.js';
import { replay, type ReplayWorkspace } from './try/replay.js';
import { describeResult, resultDocument, type TryResult } from './try/report.js';
import { createTryWorkspace, type TryWorkspace } from './try/tryWorkspace.js';
import { TypedDocument } from './try/typedDocument.js';

/** It is all to be over within a minute: indexing may take the first part, the replay what is left. */
const indexMs = 30_000;
const allMs = 50_000;
const linesPerChangeSet = 24;

export const tryCommand: Command = {
  name: 'try',
  usage: '[FOLDER]',
  summary: 'replays recent work of a folder and shows what would have been offered',
  description: `
Starts the server as an editor would, on a private copy of the folder as it was before its last commits, and writes those
commits anew, line by line. What the server cannot have known then is hidden from it. Without git, lines are cut out of
files and written again. Nothing of the folder is changed or run, and the copy is removed.`,
  options: {},
  positionals: [0, 1],
  async run(invocation) {
    const { host, positionals } = invocation;
    const folder = positionals[0] === undefined ? invocation.folder() : existingFolder(positionals[0], host.cwd);
    const bar = createProgressBar(host.stderr, host.env);
    try {
      const result = await tryFolder(folder, host, bar);
      return {
        exit: result.replayed.latenciesMs.length === 0 ? exitCodes.nothing : exitCodes.done,
        json: resultDocument(result),
        text: paint =>
          `${describeResult(result, paint)}\n${editorSetup(editorCommand(host), clientsFolder(host), paint)}`,
      };
    } finally {
      bar.clear();
    }
  },
};

/** In a clone the clients lie beside the grammars; a package may come without them. */
function clientsFolder({ entries }: CommandHost): string | null {
  const folder = fileURLToPath(new URL('../../clients', entries.wasmFolder));
  return existsSync(folder) ? folder : null;
}

/** What an editor is told: the plain name where the program was installed under it. */
function editorCommand({ serverCommand: [program = '', script = '', ...rest] }: CommandHost): readonly string[] {
  return basename(script) === 'understudy' ? ['understudy', ...rest] : [program, script, ...rest];
}

async function tryFolder(folder: string, host: CommandHost, bar: ProgressBar): Promise<TryResult> {
  const startedMs = performance.now();
  bar.show(null, 'Reading what was last written');
  const { settings } = await loadSettings(host, folder);
  const { history, kind, why } = await loadHistory(folder, settings, host.signal);
  const workspace = await createTryWorkspace(folder, history.base);
  const client = startLanguageServer({
    command: host.serverCommand,
    cwd: workspace.folder,
    env: { ...host.env, XDG_CACHE_HOME: workspace.cacheHome },
    onNotification: (method, params) => void showProgress(method, params, bar),
  });
  // Ctrl-C: what waits for the server is rejected when it ends.
  const stop = (): void => void client.stop();
  host.signal.addEventListener('abort', stop, { once: true });
  try {
    const indexed = await index(
      client,
      workspace,
      { untilMs: startedMs + indexMs, hasNoFiles: history.base.size === 0 },
      host.signal,
    );
    const replayed = await replay(history.changeSets, replayWorkspace(client, workspace), {
      linesPerChangeSet,
      seed: 1,
      timeMs: startedMs + allMs - performance.now(),
      onChangeSet: done =>
        bar.show(done / history.changeSets.length, `Writing anew, ${done} of ${history.changeSets.length}`),
      signal: host.signal,
    });
    const ms = performance.now() - startedMs;
    return { folder, kind, why, ...indexed, changeSets: history.changeSets.length, replayed, ms };
  } finally {
    host.signal.removeEventListener('abort', stop);
    await client.stop();
    await workspace.remove();
  }
}

async function index(
  client: LanguageClient,
  workspace: TryWorkspace,
  { untilMs, hasNoFiles }: { readonly untilMs: number; readonly hasNoFiles: boolean },
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly indexMs: number }> {
  const startedMs = performance.now();
  const uri = pathToUri(workspace.folder);
  await client.request('initialize', {
    processId: process.pid,
    clientInfo: { name: 'understudy try' },
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'workspace' }],
    capabilities: {
      window: { workDoneProgress: true },
      textDocument: { inlineCompletion: {}, synchronization: { didSave: true } },
      workspace: { workspaceFolders: true, didChangeWatchedFiles: {} },
    },
  });
  client.notify('initialized', {});
  for (;;) {
    signal.throwIfAborted();
    const status = await client.request('understudy/status', null);
    const files = filesOf(status);
    // Before it has begun, nothing is indexed and all is ready; a history that begins with nothing stays so.
    const isReady = isRecord(status) && status['state'] !== 'indexing' && (files > 0 || hasNoFiles);
    if (isReady || performance.now() > untilMs) return { files, indexMs: performance.now() - startedMs };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

function filesOf(status: unknown): number {
  const folders: unknown = isRecord(status) ? status['folders'] : null;
  const first: unknown = Array.isArray(folders) ? folders[0] : null;
  return isRecord(first) && typeof first['indexed'] === 'number' ? first['indexed'] : 0;
}

function showProgress(method: string, params: unknown, bar: ProgressBar): void {
  const value: unknown = method === '$/progress' && isRecord(params) ? params['value'] : null;
  if (!isRecord(value) || typeof value['percentage'] !== 'number') return;
  bar.show(
    value['percentage'] / 100,
    typeof value['message'] === 'string' ? `Indexing ${value['message']}` : 'Indexing',
  );
}

const fileEvent = { changed: 2, deleted: 3 } as const;

function replayWorkspace(client: LanguageClient, workspace: TryWorkspace): ReplayWorkspace {
  return {
    async write(files) {
      const changes = (await workspace.write(files)).map(({ path, isGone }) => ({
        uri: pathToUri(path),
        type: isGone ? fileEvent.deleted : fileEvent.changed,
      }));
      if (changes.length > 0) client.notify('workspace/didChangeWatchedFiles', { changes });
    },
    async open(path, languageId, text) {
      const document = new TypedDocument(client, `${workspace.folder}/${path}`, languageId, text);
      await client.request('understudy/status', null);
      return document;
    },
    async lastOrigin() {
      return originIn(await client.request('understudy/trace', { limit: 3 }));
    },
  };
}

/** A trace has the newest request first; the one for the trace itself has no origin. */
function originIn(trace: unknown): string | null {
  const entries: unknown = isRecord(trace) ? trace['requests'] : null;
  if (!Array.isArray(entries)) return null;
  for (const entry of entries) if (isRecord(entry) && typeof entry['origin'] === 'string') return entry['origin'];
  return null;
}
