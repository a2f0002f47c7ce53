import type { CodeIndex, IndexStatus, SearchHit, SearchOptions, SkipReason } from '../index/codeIndex.js';
import type { Recall } from '../index/recall/recall.js';
import type { Trees } from '../grammars/trees.js';
import { Failure } from './base/failure.js';
import type { Log } from './base/log.js';
import { isInside, nearestFolder, realPathOr } from './base/paths.js';
import type { DocSnapshot, TextEdit } from './base/snapshot.js';
import type { Completer } from './complete/completer.js';
import type { Context } from './context/context.js';
import { createOpenSources } from './complete/openSources.js';
import { isRefused } from './complete/steps/enabled.js';
import type { Core, CoreStatus, FolderStatus } from './core.js';
import type { Settings } from './config/schema.js';
import type { Gate } from './validate/gate.js';
import type { Models } from './model/models.js';
import type { Audit } from './trust/audit.js';
import type { Journal } from './trust/journal/createJournal.js';
import type { Trust } from './trust/trust.js';

export interface ScannedPath {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** What a folder's index tells while it works. Paths are absolute. */
export interface IndexHooks {
  /** All files that were found, nearest first. */
  onScanned(files: readonly ScannedPath[]): void;
  onFile(path: string, text: string | null): void;
}

/** The parts behind the seams: real ones, or those of a test. */
export interface CoreParts {
  readonly recall: Recall & {
    /** Reads files anew, nearest first; what was built before answers until it is done. */
    build(files: readonly ScannedPath[], signal: AbortSignal): Promise<void>;
    dispose(): Promise<void>;
  };
  readonly trees: Trees;
  readonly completer: Completer;
  readonly context: Context;
  readonly gate: Gate;
  /** What is to be refused in a folder. */
  gateSettings(folder: string | null): Settings['gate'];
  /** Patterns of files that are not to be read. */
  excludedPatterns(folder: string | null): readonly string[];
  readonly models: Models;
  readonly trust: Trust;
  readonly journal: Journal;
  readonly audit: Audit;
  /** Throws a Failure where a folder cannot be indexed at all. */
  createIndex(folder: string, hooks: IndexHooks): WorkspaceIndex;
  /** What is missing although all goes on, in sentences a person can act on. */
  notices(): readonly string[];
  /** Why a file outside all folders is not completed. */
  exclusionByName(path: string): SkipReason | null;
  /** Ends what the indexes share: threads, the store's process. */
  dispose(): Promise<void>;
}

/** What the core knows and its parts ask for. */
export interface CoreSurroundings extends Pick<Core, 'exclusion' | 'index' | 'search'> {
  /** Those that are open now. */
  folders(): readonly string[];
  /** Of open documents that are files. */
  openPaths(): readonly string[];
  /** How long nobody has typed, in milliseconds. */
  quietForMs(): number;
  /** Other folders of the session that lie inside one: they have an index of their own. */
  foldersInside(folder: string): readonly string[];
}

/** An index that can be told to look at its folder anew. */
export interface WorkspaceIndex extends CodeIndex {
  reconcile(): Promise<void>;
}

interface Folder {
  readonly index: WorkspaceIndex | null;
  /** Why there is no index. */
  readonly failure: string | null;
  /** As they were at the scan, without those that are gone or left out since; null before it. */
  files: Map<string, ScannedPath> | null;
  /** Files that came since. */
  readonly added: Set<string>;
  /** What decided which files were read when it last looked. */
  indexedWith: string;
  closing: boolean;
}

export interface AssemblyOptions {
  readonly folders: readonly string[];
  readonly log: Log;
  /** Whether suggestions are on at all. */
  readonly isEnabled: () => boolean;
  /** What decides which files of a folder are read, as one comparable text. */
  readonly indexSettings: (folder: string) => string;
  /** What recall may hold, as one comparable number. */
  readonly recallBudget: () => number;
  /** Whether models are looked for by themselves; a command that is over soon asks for them where it needs them. */
  readonly startsModels: boolean;
}

/** Puts the parts together. Any of them may fail: the others go on, and the status says what is missing. */
export function assembleCore(options: AssemblyOptions, makeParts: (surroundings: CoreSurroundings) => CoreParts): Core {
  const { log, isEnabled } = options;
  const folders = new Map<string, Folder>();
  const known = new Set(options.folders);
  const listeners = new Set<() => void>();
  const ending = new AbortController();
  const openPaths = new Map<string, string>();
  const broken = new Map<string, string>();
  /** Indexes of folders that went and may come back: each lets go of its files first. */
  const closing = new Map<string, Promise<void>>();
  const parts = makeParts({
    exclusion,
    search,
    index: path => folders.get(path)?.index ?? null,
    folders: () => [...folders.keys()],
    openPaths: () => [...openPaths.values()],
    quietForMs: () => performance.now() - typedAtMs,
    foldersInside: outer => [...known].filter(folder => folder !== outer && isInside(outer, folder)),
  });
  const { recall, trees, completer, models, context, trust, journal, audit, gate } = parts;
  const openSources = createOpenSources(recall, path => !isRefused(exclusion(path)));
  let rebuild: AbortController | null = null;
  let recallState: 'none' | 'building' | 'built' = 'none';
  let started: { readonly onProgress: (status: CoreStatus) => void; readonly signal: AbortSignal } | null = null;
  let disposing: Promise<void> | null = null;
  let building: Promise<void> = Promise.resolve();
  let builtWithin = options.recallBudget();
  let hasStartedModels = false;
  let typedAtMs = -Infinity;

  models.onStatus(tellListeners);
  for (const folder of options.folders) addFolder(folder);

  return {
    completer,
    recall,
    trees,
    models,
    context,
    gate,
    trust,
    journal,
    audit,
    workplace(path) {
      const folder = nearestFolder(path, [...folders.keys()]);
      return {
        folder: folder === null ? null : realPathOr(folder),
        isTrusted: folder !== null && trust.isTrusted(folder),
        index: folder === null ? null : (folders.get(folder)?.index ?? null),
        gate: parts.gateSettings(folder),
        exclude: parts.excludedPatterns(folder),
      };
    },
    async start(onProgress, signal) {
      started = { onProgress, signal: AbortSignal.any([signal, ending.signal]) };
      mendEdits();
      await Promise.all([...folders].map(([path, folder]) => startFolder(path, folder)));
      // Folders without any index, or none at all, leave nothing to build from but the open documents.
      startModels();
      if (recallState === 'none') await buildRecall();
    },
    addFolder(path) {
      const added = addFolder(path);
      if (added === null) return;
      lookAnewAround(path);
      if (started !== null) void startFolder(path, added);
    },
    removeFolder,
    index: path => folders.get(path)?.index ?? null,
    search,
    exclusion,
    settingsChanged() {
      for (const [path, folder] of folders) {
        const wanted = options.indexSettings(path);
        if (wanted === folder.indexedWith) continue;
        folder.indexedWith = wanted;
        lookAnew(path, folder);
      }
      // One that is still to come asks for its budget itself.
      if (recallState !== 'none' && builtWithin !== options.recallBudget()) building = buildRecall();
      models.settingsChanged();
      changed();
    },
    fileChanged(path) {
      const folder = nearestFolder(path, [...folders.keys()]);
      if (folder !== null) folders.get(folder)?.index?.fileChanged(path);
    },
    open(snapshot) {
      if (snapshot.path !== null) openPaths.set(snapshot.uri, snapshot.path);
      tell(part => part.open(snapshot));
    },
    change(snapshot, edits) {
      typedAtMs = performance.now();
      tell(part => part.change(snapshot, edits));
    },
    close(uri) {
      openPaths.delete(uri);
      tell(part => part.close(uri));
    },
    status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => (disposing ??= dispose()),
  };

  async function search(
    query: string,
    searchOptions: SearchOptions,
    signal: AbortSignal,
  ): Promise<readonly SearchHit[]> {
    const answers = await Promise.all(
      [...folders.values()].map(({ index }) => index?.search(query, searchOptions, signal) ?? []),
    );
    // Ranks are fused the same way in each folder, so that equal scores mean equal places.
    return answers
      .flat()
      .sort((left, right) => right.score - left.score)
      .slice(0, searchOptions.limit);
  }

  /** A process that was killed may have left an edit half done. */
  function mendEdits(): void {
    journal.recover(ending.signal).then(
      troubles => {
        if (troubles.length === 0) return;
        broken.set('journal', troubles.join(' '));
        changed();
      },
      (error: unknown) => {
        if (!ending.signal.aborted) log.error('What was left of edits could not be looked through.', error);
      },
    );
  }

  /** Each part hears of a document by itself: one that fails must not keep the text from the others. */
  function tell(say: (part: Follower) => void): void {
    for (const [name, part] of [
      ['recall', openSources],
      ['trees', trees],
      ['context', context],
      ['completer', completer],
    ] as const) {
      try {
        say(part);
      } catch (error) {
        log.error(`${name} could not follow a document.`, error);
      }
    }
  }

  function addFolder(path: string): Folder | null {
    if (folders.has(path) || disposing !== null) return null;
    known.add(path);
    const folder = createFolder(path);
    folders.set(path, folder);
    return folder;
  }

  function createFolder(path: string): Folder {
    const made = { added: new Set<string>(), indexedWith: options.indexSettings(path), closing: false };
    try {
      const index = parts.createIndex(path, {
        onScanned: files => scanned(path, files),
        onFile(file, text) {
          noteFile(folders.get(path), file, text !== null);
          // An outer folder hands its files over to one inside.
          if (text !== null || !isHeld(file)) recall.updateFile(file, text);
        },
      });
      return { ...made, index, failure: null, files: null };
    } catch (error) {
      if (!(error instanceof Failure)) log.error(`${path} cannot be indexed.`, error);
      const failure = error instanceof Failure ? describe(error) : `${path} cannot be indexed; the log says why.`;
      log.warn(failure);
      return { ...made, index: null, failure, files: new Map() };
    }
  }

  async function startFolder(path: string, folder: Folder): Promise<void> {
    if (started === null || folder.index === null) return;
    const { onProgress, signal } = started;
    try {
      await closing.get(path)?.catch(() => undefined);
      await folder.index.start(() => {
        startModels();
        onProgress(status());
        changed();
      }, signal);
    } catch (error) {
      if (signal.aborted || folder.closing) return;
      log.error(`Indexing ${path} failed.`, error);
      broken.set(path, error instanceof Failure ? describe(error) : `Indexing ${path} failed; the log says why.`);
    } finally {
      // One that failed before its scan must not keep the others waiting.
      if (folder.files === null) scanned(path, []);
      changed();
    }
    await building;
  }

  /** After the folders were looked at: an editor that starts has better to do. */
  function startModels(): void {
    if (!options.startsModels || hasStartedModels || ending.signal.aborted) return;
    hasStartedModels = true;
    models.start(ending.signal).catch((error: unknown) => {
      if (!ending.signal.aborted) log.error('Models could not be started.', error);
    });
  }

  function scanned(path: string, files: readonly ScannedPath[]): void {
    const folder = folders.get(path);
    if (folder === undefined) return;
    folder.files = new Map(files.map(file => [file.path, file]));
    if (areAllScanned()) building = buildRecall();
  }

  async function buildRecall(): Promise<void> {
    rebuild?.abort();
    const mine = new AbortController();
    rebuild = mine;
    recallState = 'building';
    builtWithin = options.recallBudget();
    const near = (path: string): number => ([...openPaths.values()].some(open => isInside(path, open)) ? 0 : 1);
    const ordered = [...folders.keys()].sort((left, right) => near(left) - near(right));
    const files = ordered.flatMap(path => [...(folders.get(path)?.files?.values() ?? [])]);
    try {
      await recall.build(files, AbortSignal.any([mine.signal, ending.signal]));
      broken.delete('recall');
    } catch (error) {
      if (mine.signal.aborted || ending.signal.aborted) return;
      log.error('Recall cannot be built; only open documents are drawn from.', error);
      broken.set('recall', error instanceof Failure ? describe(error) : 'Recall cannot be built; the log says why.');
    } finally {
      if (rebuild === mine) recallState = 'built';
    }
    changed();
  }

  async function removeFolder(path: string): Promise<void> {
    const folder = folders.get(path);
    if (folder === undefined) return;
    folders.delete(path);
    known.delete(path);
    broken.delete(path);
    folder.closing = true;
    const waitedForIt = folder.index !== null && folder.files === null;
    for (const file of [...(folder.files?.keys() ?? []), ...folder.added])
      if (!isHeld(file)) recall.updateFile(file, null);
    if (waitedForIt && folders.size > 0 && areAllScanned()) building = buildRecall();
    lookAnewAround(path);
    changed();
    const closed = Promise.resolve(folder.index?.close()).finally(() => {
      if (closing.get(path) === closed) closing.delete(path);
    });
    closing.set(path, closed);
    await closed;
  }

  function isHeld(file: string): boolean {
    return [...folders.values()].some(({ files, added }) => files?.has(file) === true || added.has(file));
  }

  function areAllScanned(): boolean {
    return [...folders.values()].every(({ index, files }) => index === null || files !== null);
  }

  /** A folder that came inside another takes its files from that one, and gives them back when it goes. */
  function lookAnewAround(inner: string): void {
    for (const [path, folder] of folders) if (path !== inner && isInside(path, inner)) lookAnew(path, folder);
  }

  function lookAnew(path: string, { index }: Folder): void {
    index?.reconcile().catch((error: unknown) => log.error(`${path} could not be looked at anew.`, error));
  }

  function exclusion(path: string): SkipReason | null {
    const folder = nearestFolder(path, [...folders.keys()]);
    const index = folder === null ? null : folders.get(folder)?.index;
    return index?.exclusion(path) ?? (index ? null : parts.exclusionByName(path));
  }

  function status(): CoreStatus {
    const shown = [...folders].map(([folder, { index, failure }]): FolderStatus => ({
      folder,
      index: index?.status() ?? { ...nothingIndexed, message: failure },
    }));
    const notices = [...parts.notices(), ...models.status().notices];
    const messages = new Set([
      ...notices,
      ...gate.notices(),
      ...shown.flatMap(({ index }) => index.message ?? []),
      ...broken.values(),
    ]);
    const isWorking =
      recallState === 'building' || shown.some(({ index }) => index.state === 'scanning' || index.state === 'indexing');
    const isDegraded = broken.size + notices.length > 0 || shown.some(({ index }) => index.state === 'degraded');
    const isOff = !isEnabled() || completer.switches.snoozedUntilMs() > 0;
    return {
      state: isOff ? 'disabled' : isWorking ? 'indexing' : isDegraded ? 'degraded' : 'ready',
      message: [...messages].join(' '),
      folders: shown,
    };
  }

  function changed(): void {
    try {
      openSources.review();
    } catch (error) {
      log.error('recall could not follow what is left out.', error);
    }
    tellListeners();
  }

  function tellListeners(): void {
    for (const listener of listeners) listener();
  }

  async function dispose(): Promise<void> {
    ending.abort();
    const indexes = [...folders.values()].map(({ index }) => index?.close());
    await settle([...indexes, models.dispose()]);
    await settle([recall.dispose(), trees.dispose(), parts.dispose()]);
  }

  async function settle(ends: readonly (Promise<void> | undefined)[]): Promise<void> {
    for (const end of await Promise.allSettled(ends))
      if (end.status === 'rejected') log.debug('A part did not end well.');
  }
}

type Follower = {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
};

const nothingIndexed: IndexStatus = {
  state: 'degraded',
  message: null,
  files: 0,
  indexed: 0,
  pending: 0,
  chunks: 0,
  symbols: 0,
  skipped: {},
};

/** Keeps the list of a folder's files true: a later build of recall goes by it, and must not bring back what was left out. */
function noteFile(folder: Folder | undefined, file: string, isThere: boolean): void {
  if (folder === undefined) return;
  if (!isThere) {
    folder.files?.delete(file);
    folder.added.delete(file);
  } else if (folder.files?.has(file) !== true) folder.added.add(file);
}

function describe({ message, remedy }: Failure): string {
  return remedy === null ? message : `${message} ${remedy}`;
}
