import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure, fileFailure } from '../server/base/failure.js';
import { createCatalog } from './catalog.js';
import { createChangeQueue } from './changeQueue.js';
import type { IndexStatus, SkipReason } from './codeIndex.js';
import type { CodeIndexOptions, IndexTiming, LocalCodeIndex } from './codeIndexOptions.js';
import { createModelQuestions } from './embed/modelQuestion.js';
import { createModelVectors } from './embed/modelVectors.js';
import { createExclusionCheck } from './exclusionCheck.js';
import { isRuleFileName } from './exclusions.js';
import { servingShare } from './fuse.js';
import { createIndexSearch } from './indexSearch.js';
import { createIndexer } from './indexer.js';
import type { ScanAnswer } from './jobs.js';
import { createOverlay } from './overlay.js';
import { planScan } from './plan.js';
import { isInside, type ScannedFile } from './scan.js';
import { readSkippedFiles, writeSkippedFiles } from './skippedFiles.js';
import type { Opening } from './store.js';
import { createStoreAccess, inWords } from './storeAccess.js';
import { createTimers } from './timers.js';
import { startChokidar, type Watcher } from './watch.js';
import { startFolderWatcher } from './watchFolders.js';
import { createWorkerPool, defaultPoolSize } from './workerPool.js';
import { homeFolder } from '../server/base/homeFolder.js';

export type { CodeIndexOptions, LocalCodeIndex };

const DEFAULT_TIMING: IndexTiming = {
  reconcileMs: 5 * 60_000,
  flushMs: 20_000,
  retryMs: 60_000,
  progressMs: 100,
  missingMs: 2000,
  restMs: 5000,
  lookMs: 500,
  switchMs: 60_000,
  modelRetryMs: 5000,
};
const MAX_FILES = 200_000;
const MAX_FILES_BROAD = 50_000;
const FLUSH_FILES = 50;
const FLUSH_BYTES = 8_000_000;
const BURST = 200;
const SLICE_FILES = 1000;
const AFTER_BURST_MS = 300;
const AFTER_GIT_MS = 700;
const DAMAGED_RETRY_MS = 500;
/** Without a store, changed files are kept in memory up to so many. */
const MAX_LIVE_WITHOUT_STORE = 2000;

export function createCodeIndex(options: CodeIndexOptions): LocalCodeIndex {
  const { folder, cacheFolder, store, log, settings } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const realFolder = realpathOr(folder);
  const isBroad = isInside(realFolder, realpathOr(options.home ?? homeFolder()));
  const except = (): readonly string[] => (options.except?.() ?? []).map(realpathOr);
  const pool =
    options.pool ??
    createWorkerPool({
      entries: options.entries,
      size: options.workers ?? defaultPoolSize(availableParallelism()),
      log,
    });
  const catalog = createCatalog();
  const overlay = createOverlay();
  const exclusions = createExclusionCheck({ folder, realFolder, except, settings });
  const ending = new AbortController();
  const timers = createTimers();
  const access = createStoreAccess(store, log, () => {
    // A damaged store is built anew when it is opened again.
    if (access.failure?.kind === 'damaged') timers.once(DAMAGED_RETRY_MS, 'damaged', () => void retryStore());
    report();
  });
  const indexer = createIndexer({
    folder: realFolder,
    pool,
    store,
    catalog,
    overlay,
    log,
    maxFileKb: () => settings().maxFileKb,
    wasFolder: path => folders.has(path),
    onFile: (path, text) => options.onFile(join(folder, path), text),
    onProgress: () => report(),
  });
  const modelVectors =
    store.vectors === undefined || options.embedder === undefined
      ? null
      : createModelVectors({
          vectors: store.vectors,
          embedder: options.embedder,
          isAtRest: () => state === 'ready' && access.canWrite && indexer.pending === 0 && passesBehind === 0,
          quietForMs: options.quietForMs ?? (() => Infinity),
          isExcluded: path => exclusions.file(path) !== null,
          toAbsolute: path => join(folder, path),
          onProgress: () => report(),
          log,
          timing: { ...timing, retryMs: timing.modelRetryMs },
        });
  const questions = createModelQuestions({
    embedder: () => options.embedder?.() ?? null,
    isServing: id => isServing(id),
    giveWay: () => modelVectors?.giveWay() ?? (() => {}),
    log,
  });
  const changes = createChangeQueue({ burst: BURST, take: takeChanges, onBurst: () => reconcileSoon(AFTER_BURST_MS) });

  let state: IndexStatus['state'] = 'idle';
  let skippedByScan: ScanAnswer['skipped'] = {};
  let isCut = false;
  let folders: ReadonlySet<string> = new Set();
  let stored: Opening['counts'] = { chunks: 0, symbols: 0 };
  let folderFailure: Failure | null = null;
  let watcher: Watcher | null = null;
  /** Which folder is watched, as its path may come to lead to another. */
  let watched: string | null = null;
  let watchFailed = false;
  let watchStarted: Promise<void> = Promise.resolve();
  let onProgress: (status: IndexStatus) => void = () => {};
  let lastPass: Promise<void> = Promise.resolve();
  let nextReconcile: Promise<void> | null = null;
  let maintainedCommits = 0;
  let background: Promise<void> = Promise.resolve();
  /** Background passes that are waiting or under way. */
  let passesBehind = 0;
  let unsavedSkips = false;
  let reported: IndexStatus['state'] = 'idle';

  return {
    start,
    ...createIndexSearch({
      folder,
      store,
      access,
      overlay,
      isGone: () => folderFailure !== null,
      isExcluded: path => exclusions.file(path) !== null,
      ask: (query, patienceMs, signal) => questions.ask(query, patienceMs, signal),
    }),
    fileChanged(path) {
      const relativePath = exclusions.toRelative(path);
      if (relativePath !== null) touch(relativePath);
    },
    exclusion(path) {
      const relativePath = exclusions.toRelative(path);
      // Rules may be newer than what is known of the file.
      if (relativePath !== null && catalog.record(relativePath) !== null) return exclusions.file(relativePath);
      return exclusions.document(path) ?? (relativePath === null ? null : catalog.skipReason(relativePath));
    },
    status,
    reconcile,
    watching: () => watchStarted,
    settle,
    close,
  };

  async function start(progress: (status: IndexStatus) => void, signal: AbortSignal): Promise<void> {
    onProgress = progress;
    state = 'scanning';
    report();
    const both = AbortSignal.any([signal, ending.signal]);
    try {
      const [opening, scan] = await Promise.all([access.open(), scanFolder(both)]);
      loadOpening(opening);
      const files = learnScan(scan);
      options.onScanned(await readable(files, both));
      state = 'indexing';
      report();
      if (options.watch !== false) watchStarted = startWatching();
      await alone(() => bringUpToDate(files, false, both));
      state = 'ready';
    } catch (error) {
      if (!ending.signal.aborted) state = 'idle';
      throw error;
    } finally {
      report();
    }
    finishInBackground();
    timers.every(timing.reconcileMs, 'reconcile', () => void reconcile());
    timers.every(timing.retryMs, 'retry', () => void retryStore());
    if (modelVectors !== null) timers.every(timing.lookMs, 'vectors', () => modelVectors.goOn());
  }

  async function scanFolder(signal: AbortSignal): Promise<ScanAnswer> {
    const { exclude, maxFileKb } = settings();
    const near = (options.near?.() ?? []).flatMap(path => exclusions.toRelative(path) ?? []);
    try {
      if (!(await stat(realFolder)).isDirectory()) throw new Failure('bad-input', `${folder} is no folder.`);
      const maxFiles = isBroad ? MAX_FILES_BROAD : MAX_FILES;
      const answer = await pool.run<'scan'>(
        { kind: 'scan', folder: realFolder, exclude, maxFileKb, except: except(), maxFiles, broad: isBroad, near },
        'soon',
        signal,
      );
      folderFailure = null;
      return answer;
    } catch (error) {
      const failure = fileFailure(error, folder);
      if (failure instanceof Failure) folderFailure = failure;
      throw failure;
    }
  }

  function loadOpening(opening: Opening | null): void {
    catalog.clear();
    if (opening === null) return;
    for (const record of opening.files) catalog.set(record);
    stored = opening.counts;
    indexer.expectReferences(opening.withoutReferences ?? []);
    if (opening.state === 'sound' && cacheFolder !== null) {
      for (const file of readSkippedFiles(cacheFolder)) if (!catalog.known.has(file.path)) catalog.set(file);
    }
  }

  function learnScan(scan: ScanAnswer): ScannedFile[] {
    exclusions.learn(scan);
    folders = new Set(scan.folders);
    skippedByScan = scan.skipped;
    isCut = scan.isCut;
    return filesOf(scan);
  }

  /** Reads what differs from what is known. `tell`: changes are news for who completes from the files. */
  async function bringUpToDate(files: readonly ScannedFile[], tell: boolean, signal: AbortSignal): Promise<void> {
    const { toRead, removed } = planScan(catalog.known, files);
    if (!access.canWrite) return withoutStore(toRead, removed, tell, signal);
    const leftOut = removed.filter(path => exclusions.file(path) !== null);
    const hashes = leftOut.flatMap(path => catalog.record(path)?.hash ?? []);
    try {
      await indexer.remove(removed, tell, signal);
      if (hashes.length > 0) await store.vectors?.forget(hashes);
      await indexer.bulk(toRead, { askStore: catalog.indexed > 0, tell }, signal);
    } catch (error) {
      access.noteFailure(error);
      await withoutStore(
        toRead.filter(file => catalog.known.get(file.path)?.mtimeMs !== file.mtimeMs),
        [],
        false,
        signal,
      );
    }
    if (toRead.length > 0) unsavedSkips = true;
  }

  /** The files are only known to be there, so that a change of one is noticed. */
  async function withoutStore(
    toRead: readonly ScannedFile[],
    removed: readonly string[],
    tell: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    for (const path of removed) indexer.forget(path, tell);
    if (tell) {
      const changed = toRead.slice(0, MAX_LIVE_WITHOUT_STORE).map(file => file.path);
      await indexer.live(changed, signal);
      return;
    }
    for (const file of toRead) catalog.set({ ...file, hash: '', language: '' });
  }

  function finishInBackground(): void {
    passesBehind++;
    background = background
      .then(async () => {
        if (!access.canWrite) return;
        await indexer.references(ending.signal);
        await maintain();
        saveSkips();
      })
      .catch(noteUnlessEnding)
      .finally(() => {
        passesBehind--;
        modelVectors?.changed();
      });
  }

  /** The store's process is not woken where nothing was written. */
  async function maintain(): Promise<void> {
    const { commits } = indexer;
    if (commits === maintainedCommits) return;
    maintainedCommits = commits;
    const { chunks, symbols } = indexer.counts;
    const counts = await store.maintain();
    if (counts === null || indexer.commits !== commits) return;
    // The store knows what replaced files had; here only what came is added up.
    stored = { chunks: counts.chunks - chunks, symbols: counts.symbols - symbols };
    report();
  }

  function saveSkips(): void {
    if (cacheFolder === null || !unsavedSkips) return;
    unsavedSkips = false;
    try {
      writeSkippedFiles(cacheFolder, catalog.skippedFiles());
    } catch (error) {
      log.debug(`The list of skipped files is not kept: ${String(error)}`);
    }
  }

  function touch(path: string): void {
    if (state === 'closed') return;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (isRuleFileName(name)) {
      if (name !== '.git') reconcileSoon(0);
      return;
    }
    if (path === '') return reconcileSoon(AFTER_BURST_MS);
    if (catalog.known.has(path) || folders.has(path) || exclusions.file(path) === null) changes.add(path);
  }

  async function takeChanges(paths: readonly string[]): Promise<void> {
    try {
      const found = await indexer.live(paths, ending.signal);
      if (found.some(path => !folders.has(path) && exclusions.folder(path) === null)) reconcileSoon(0);
      if (overlay.waiting >= FLUSH_FILES || overlay.bytes >= FLUSH_BYTES) void flush();
      else if (overlay.waiting > 0) timers.once(timing.flushMs, 'flush', () => void flush());
    } catch (error) {
      noteUnlessEnding(error);
    }
  }

  async function flush(): Promise<void> {
    timers.cancel('flush');
    if (!access.canWrite || overlay.waiting === 0) return;
    try {
      await indexer.flush();
      modelVectors?.changed();
      await maintain();
    } catch (error) {
      noteUnlessEnding(error);
    }
  }

  function reconcileSoon(afterMs: number): void {
    // What goes on happening puts it off, but not for ever.
    timers.postpone(afterMs, Math.max(2000, afterMs), 'soon', () => void reconcile());
  }

  function reconcile(): Promise<void> {
    if (state === 'closed' || state === 'idle') return Promise.resolve();
    // A pass that is under way may have gone by what changed since, one that has not begun has not.
    nextReconcile ??= alone(() => {
      nextReconcile = null;
      return reconcileOnce();
    });
    return nextReconcile;
  }

  /** Passes over the whole folder come one after the other. */
  function alone(pass: () => Promise<void>): Promise<void> {
    const before = lastPass;
    const own = before.then(pass, pass);
    lastPass = own.catch(() => undefined);
    return own;
  }

  function isKnownAsSkipped(file: ScannedFile): boolean {
    const known = catalog.known.get(file.path);
    return known !== undefined && 'reason' in known && known.size === file.size && known.mtimeMs === file.mtimeMs;
  }

  /** In slices: joining ten thousand paths takes long enough to be felt by who types. */
  async function readable(files: readonly ScannedFile[], signal: AbortSignal): Promise<ScannedFile[]> {
    const found: ScannedFile[] = [];
    for (let at = 0; at < files.length; at += SLICE_FILES) {
      await nextTurn(undefined, { signal });
      for (const file of files.slice(at, at + SLICE_FILES)) {
        if (isKnownAsSkipped(file)) continue;
        found.push({ path: join(folder, file.path), size: file.size, mtimeMs: file.mtimeMs });
      }
    }
    await nextTurn(undefined, { signal });
    return found;
  }

  async function reconcileOnce(): Promise<void> {
    const wasMissing = folderFailure !== null;
    try {
      const files = learnScan(await scanFolder(ending.signal));
      if (state === 'ready') state = 'indexing';
      if (options.watch !== false && watched !== (await identityOf(realFolder))) watchStarted = startWatching();
      await bringUpToDate(files, true, ending.signal);
      finishInBackground();
    } catch (error) {
      // It is said once, not with every look.
      if (!wasMissing || error !== folderFailure) noteUnlessEnding(error);
    } finally {
      if (folderFailure !== null) lookForFolder();
      if (state === 'indexing') state = 'ready';
      report();
    }
  }

  function lookForFolder(): void {
    if (state === 'closed') return;
    watched = null;
    timers.once(timing.missingMs, 'missing', () => {
      void stat(realFolder).then(() => reconcile(), lookForFolder);
    });
  }

  /** A full disk is emptied, another server ends: then all is compared anew. */
  async function retryStore(): Promise<void> {
    if (state !== 'ready' || access.canWrite || access.failure?.kind === 'unavailable') return;
    const opening = await access.open();
    if (opening === null || !access.canWrite) return;
    loadOpening(opening);
    await flush();
    await reconcile();
  }

  async function startWatching(): Promise<void> {
    try {
      const before = watcher;
      watcher = null;
      watched = await identityOf(realFolder);
      await before?.close();
      const started = await (
        options.startWatcher ?? (process.platform === 'linux' ? startFolderWatcher : startChokidar)
      )({
        folder: realFolder,
        isWatched(path) {
          const relativePath = exclusions.toRelative(path);
          return relativePath !== null && (folders.has(relativePath) || exclusions.folder(relativePath) === null);
        },
        onEvent(path) {
          const relativePath = exclusions.toRelative(path);
          if (relativePath !== null) touch(relativePath);
        },
        onTrouble(kind, error) {
          if (kind === 'root') return void lookAtRoot();
          if (kind === 'error') watchBadly(error);
          reconcileSoon(kind === 'git' ? AFTER_GIT_MS : 0);
        },
      });
      watcher = started;
      if (state === 'closed') return await started.close();
      await started.ready;
      // What changed between the scan and this moment was seen by neither.
      reconcileSoon(0);
    } catch (error) {
      watchBadly(error);
    }
  }

  async function lookAtRoot(): Promise<void> {
    if (watched !== null && watched !== (await identityOf(realFolder))) reconcileSoon(AFTER_BURST_MS);
  }

  function watchBadly(error: unknown): void {
    if (watchFailed || state === 'closed') return;
    watchFailed = true;
    log.warn(WATCH_MESSAGE, error);
    timers.every(timing.reconcileMs / 10, 'reconcile', () => void reconcile());
    report();
  }

  /** Asks the store where nobody has looked yet: a search may come before all else. */
  async function isServing(model: string): Promise<boolean> {
    const status = modelVectors?.status() ?? null;
    const known = status?.model === model && status.all > 0 ? [status] : [];
    const { vectors } = store;
    const counts = known.length > 0 || vectors === undefined ? known : await access.read(() => vectors.counts(), []);
    return counts.some(count => count.model === model && count.done > 0 && count.done >= count.all * servingShare);
  }

  function status(): IndexStatus {
    const message = statusMessage();
    const vectors = modelVectors?.status() ?? null;
    const skipped = { ...skippedByScan };
    for (const [reason, count] of Object.entries(catalog.skippedCounts()) as [SkipReason, number][]) {
      skipped[reason] = (skipped[reason] ?? 0) + count;
    }
    const { pending, counts } = indexer;
    return {
      state: message !== null && state === 'ready' ? 'degraded' : state,
      message,
      files: catalog.indexed + pending,
      indexed: catalog.indexed,
      pending,
      chunks: stored.chunks + counts.chunks,
      symbols: stored.symbols + counts.symbols,
      skipped,
      ...(vectors === null ? {} : { vectors }),
    };
  }

  function statusMessage(): string | null {
    if (folderFailure !== null) return inWords(folderFailure);
    if (access.failure !== null) return inWords(access.failure);
    if (isBroad)
      return `${folder} is too broad to be indexed whole${isCut ? '; files deep inside are left out' : ''}. ${OPEN_A_PROJECT}`;
    if (isCut)
      return `${folder} has more than ${MAX_FILES} files; those deepest inside are left out. ${OPEN_A_PROJECT}`;
    return watchFailed ? WATCH_MESSAGE : null;
  }

  function report(): void {
    if (state === 'closed') return;
    timers.once(timing.progressMs, 'progress', () => onProgress(status()));
    if (state !== reported) {
      reported = state;
      onProgress(status());
    }
  }

  function noteUnlessEnding(error: unknown): void {
    if (state === 'closed' || (error instanceof Error && error.name === 'AbortError')) return;
    if (error instanceof Failure && error === folderFailure) return log.warn(inWords(error));
    if (error instanceof Failure) access.noteFailure(error);
    else log.error('Indexing went wrong.', error);
  }

  async function settle(): Promise<void> {
    await changes.settle();
    if (timers.fire('soon')) await nextTurn();
    while (nextReconcile !== null) await nextReconcile;
    await lastPass;
    await background;
    await flush();
    await modelVectors?.settled();
  }

  async function close(): Promise<void> {
    if (state === 'closed') return;
    const wasOpen = state !== 'idle';
    changes.close();
    timers.clear();
    await watcher?.close();
    await modelVectors?.close();
    if (wasOpen) await flush();
    state = 'closed';
    ending.abort();
    await background;
    saveSkips();
    if (options.pool === undefined) await pool.close();
    await store.close().catch((error: unknown) => log.debug(`The store did not close well: ${String(error)}`));
  }
}

const OPEN_A_PROJECT = 'Open the folder of a project instead.';
const WATCH_MESSAGE =
  'Changes by other programs are noticed late: the system watches no more folders. ' +
  'Raise its limit (on Linux fs.inotify.max_user_watches).';

function filesOf({ paths, sizes, mtimesMs }: ScanAnswer): ScannedFile[] {
  const names = paths.split('\0');
  names.pop();
  return names.map((path, at) => ({ path, size: sizes[at] ?? 0, mtimeMs: mtimesMs[at] ?? 0 }));
}

/** The same only as long as it is the same folder, even where its number is given to the next one. Null when it is gone. */
async function identityOf(folder: string): Promise<string | null> {
  try {
    const { dev, ino, birthtimeMs } = await stat(folder);
    return `${dev} ${ino} ${birthtimeMs}`;
  } catch {
    return null; // Whoever reads it says why.
  }
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
