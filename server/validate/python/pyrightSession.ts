import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../base/failure.js';
import { pathToUri } from '../../base/paths.js';
import { lineStartsOf, offsetAt, type LineStarts, type Position } from '../../base/position.js';
import { isRecord } from '../../base/record.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import type { SourceFile } from '../validator.js';
import type { PyrightPlace } from './findPyright.js';
import { startLanguageServer, type LanguageServer } from './languageServer.js';
import { pyrightConfiguration, pyrightSettings, type PyrightProject } from './pyrightSettings.js';

/** What pyright says of a place. */
export interface PyrightDiagnostic {
  /** Such as reportAttributeAccessIssue. */
  readonly rule: string;
  readonly message: string;
  /** [start, end) in utf-16 units. */
  readonly start: number;
  readonly end: number;
}

/** One pyright on one project. */
export interface PyrightSession {
  readonly pid: number | null;
  /** Resolves with a reason when pyright is gone. */
  readonly ended: Promise<string>;
  /** Diagnostics of each file, all of them standing as given. Rejects with the signal's reason or a Failure. */
  examine(files: readonly SourceFile[], signal: AbortSignal): Promise<readonly (readonly PyrightDiagnostic[])[]>;
  /** The sources of the project as they are now: what was changed on disk is read again. */
  sourcesAre(stamps: ReadonlyMap<string, string>): Promise<void>;
  end(): Promise<void>;
}

export interface PyrightSessionOptions {
  readonly place: PyrightPlace;
  readonly project: PyrightProject;
  readonly env: Readonly<Record<string, string>>;
  readonly stamps: ReadonlyMap<string, string>;
}

interface OpenDocument {
  version: number;
  text: string;
  /** What it imports is as it was when it was last shown. */
  isCurrent: boolean;
}

/** Starts pyright in a folder of its own, which goes with it. */
export async function startPyright(options: PyrightSessionOptions, signal: AbortSignal): Promise<PyrightSession> {
  const { place, project, env } = options;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'understudy-pyright-')));
  const configuration = JSON.stringify(pyrightConfiguration(project));
  await writeFile(join(folder, 'pyrightconfig.json'), configuration);
  const server = startLanguageServer({
    ...place,
    cwd: folder,
    // Its messages are read, so that they must be the English ones.
    env: { ...env, LC_ALL: 'en', LANG: 'en', LANGUAGE: 'en' },
    settings: pyrightSettings(project.interpreter, folder),
  });
  const ended = server.ended.then(async why => {
    await rm(folder, { recursive: true, force: true });
    return why;
  });
  try {
    await initialize(server, folder, signal);
  } catch (error) {
    await server.end();
    await ended;
    throw error;
  }
  return createSession(server, ended, options.stamps);
}

async function initialize(server: LanguageServer, folder: string, signal: AbortSignal): Promise<void> {
  const uri = pathToUri(folder);
  await server.request(
    'initialize',
    {
      processId: process.pid,
      locale: 'en',
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'understudy' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { diagnostic: { dynamicRegistration: true }, synchronization: {} },
      },
    },
    signal,
  );
  server.notify('initialized', {});
}

function createSession(
  server: LanguageServer,
  ended: Promise<string>,
  first: ReadonlyMap<string, string>,
): PyrightSession {
  const open = new Map<string, OpenDocument>();
  const judged = new Set<string>();
  /** By the files and texts asked about, as long as nothing else changes. */
  const answered = new Map<string, readonly (readonly PyrightDiagnostic[])[]>();
  let stamps = first;

  const show = ({ path, text }: SourceFile): void => {
    const uri = pathToUri(path);
    const document = open.get(path);
    if (document === undefined) {
      open.set(path, { version: 1, text, isCurrent: true });
      server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } });
    } else if (document.text !== text || !document.isCurrent) {
      document.isCurrent = true;
      document.version++;
      document.text = text;
      const textDocument = { uri, version: document.version };
      server.notify('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
    }
  };

  const close = (path: string): void => {
    open.delete(path);
    server.notify('textDocument/didClose', { textDocument: { uri: pathToUri(path) } });
  };

  /** What is not judged any more stands as on disk; it stays open, as pyright trips over what was just closed. */
  const restore = async (path: string): Promise<void> => {
    const text = textOnDisk(path);
    if (text === null || open.size > mostOpen) close(path);
    else show({ path, languageId: 'python', text });
  };

  return {
    pid: server.pid,
    ended,
    async examine(files, signal) {
      const state = JSON.stringify(files.map(({ path, text }) => [path, text]));
      const known = answered.get(state);
      if (known !== undefined) return known;
      const others = [...judged].filter(path => files.every(file => file.path !== path));
      for (const file of files) {
        judged.add(file.path);
        show(file);
      }
      for (const path of others) {
        judged.delete(path);
        await restore(path);
      }
      signal.throwIfAborted();
      const answers: (readonly PyrightDiagnostic[])[] = [];
      for (const file of files) answers.push(await pull(server, file, signal));
      // The state before a change is asked for with every attempt at it.
      const [oldest] = answered.keys();
      if (answered.size >= mostAnswered && oldest !== undefined) answered.delete(oldest);
      answered.set(state, answers);
      return answers;
    },
    async sourcesAre(now) {
      const before = stamps;
      stamps = now;
      const isSameSet = before.size === now.size && [...now.keys()].every(path => before.has(path));
      let isSame = isSameSet;
      for (const path of [...open.keys()]) if (!now.has(path) && !judged.has(path)) close(path);
      for (const [path, stamp] of now) {
        const known = before.get(path);
        if (known === undefined || known === stamp || judged.has(path)) continue;
        // It has no watcher: what was changed is shown to it.
        await restore(path);
        isSame = false;
      }
      if (!isSame) answered.clear();
      if (!isSame) for (const document of open.values()) document.isCurrent = false;
      // Where modules lie is looked up once.
      if (!isSameSet) server.notify('workspace/didChangeConfiguration', { settings: null });
    },
    async end() {
      await server.end();
      await ended;
    },
  };
}

/** States whose answers are kept. */
const mostAnswered = 8;

/** Documents that are kept open. */
const mostOpen = 60;
const mostTries = 3;

/** Now and then it trips over a file that was just closed, or asks to be asked again. */
async function pull(
  server: LanguageServer,
  { path, text }: SourceFile,
  signal: AbortSignal,
): Promise<readonly PyrightDiagnostic[]> {
  const params = { textDocument: { uri: pathToUri(path) } };
  let cause: unknown = null;
  for (let attempt = 1; attempt <= mostTries; attempt++) {
    try {
      const answer = await server.request('textDocument/diagnostic', params, signal);
      const items = isRecord(answer) ? answer['items'] : null;
      if (Array.isArray(items)) {
        const starts = lineStartsOf(text);
        return items.flatMap((item: unknown) => diagnosticOf(item, text, starts));
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      cause = error;
    }
  }
  throw new Failure('unavailable', 'It answers with no diagnostics.', { cause });
}

function diagnosticOf(item: unknown, text: string, starts: LineStarts): readonly PyrightDiagnostic[] {
  if (!isRecord(item) || !isRecord(item['range']) || typeof item['message'] !== 'string') return [];
  const { start, end } = item['range'];
  if (!isPosition(start) || !isPosition(end)) return [];
  const rule = typeof item['code'] === 'string' ? item['code'] : 'syntax';
  return [{ rule, message: item['message'], start: offsetAt(text, starts, start), end: offsetAt(text, starts, end) }];
}

function isPosition(value: unknown): value is Position {
  return isRecord(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';
}
