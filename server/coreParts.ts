import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { SkipReason } from '../index/codeIndex.js';
import { openCacheFolder } from '../index/cacheFolder.js';
import { createCodeIndex, type LocalCodeIndex } from '../index/createCodeIndex.js';
import { skipByPath } from '../index/exclusions.js';
import { skipByName } from '../index/fileNames.js';
import { createRecall } from '../index/recall/createRecall.js';
import type { Store } from '../index/store.js';
import { createStoreHost } from '../index/store/storeHost.js';
import { createMemoryStore } from '../index/store/memoryStore.js';
import { createProcessPool } from '../index/processPool.js';
import { defaultPoolSize } from '../index/workerPool.js';
import { createTrees } from '../grammars/treesClient.js';
import type { CoreParts, CoreSurroundings } from './assembleCore.js';
import { Failure } from './base/failure.js';
import { nearestFolder, realPathOr, uriToPath } from './base/paths.js';
import { createCompleter } from './complete/createCompleter.js';
import { isRefused } from './complete/steps/enabled.js';
import { createGround } from './complete/ground.js';
import { shapedCutter } from './complete/model/shapedCutter.js';
import { findImports, namesToImport } from './complete/missingImports.js';
import { createContext } from './context/createContext.js';
import type { CoreOptions } from './core.js';
import { lateModels } from './model/lateModels.js';
import { createCodeExaminer } from './validate/code/codeExaminer.js';
import { createInsertionJudge } from './validate/security/createInsertionJudge.js';
import { auditedGate } from './validate/auditedGate.js';
import { lateGate } from './validate/lateGate.js';
import { createAudit } from './trust/audit.js';
import { createJournal } from './trust/journal/createJournal.js';
import { nobodyTrusted } from './trust/trust.js';

/** Recall's part of the memory that the settings allow: beside it stand the first index's threads and the store. */
const recallShare = 0.25;
/** Streams, chains and vocabulary together. */
const bytesPerToken = 30;

/** How long a model is kept waiting for what it gets to see. */
const contextDeadlineMs = 40;

const now = (): number => performance.timeOrigin + performance.now();

/** The real parts: threads and the store's process start when they are first needed. */
export function createCoreParts(options: CoreOptions, surroundings: CoreSurroundings): CoreParts {
  const { entries, settings, cacheRoot, log, watch, trust = nobodyTrusted } = options;
  const pool = createProcessPool({ entries, size: defaultPoolSize(availableParallelism()), log });
  const storeHost = createStoreHost({ storeProcess: entries.storeProcess, log });
  const cacheFolders = new Map<string, string | null>();
  const notices = new Set<string>();
  const recallFolder = cacheFolderOf(options.folders[0] ?? null);
  const recall = createRecall({
    recallBuilder: entries.recallBuilder,
    weights: entries.weights,
    cacheFolder: recallFolder,
    maxTokens: () => recallTokens(options),
    log,
  });
  const trees = createTrees({
    entry: entries.treeThread,
    wasmFolder: entries.wasmFolder,
    queryFolder: entries.queryFolder,
    log,
  });
  const models = lateModels(async () => {
    const { createModels } = await import('./model/createModels.js');
    return createModels({
      settings,
      env: options.env,
      stateRoot: options.stateRoot,
      log,
      now,
      isAllowed: path => mayLeave(path, surroundings.exclusion(path)) && !isOpenOutside(path),
      ...(options.discover === undefined ? {} : { discover: options.discover }),
    });
  }, log);
  const { codeThread, wasmFolder, queryFolder } = entries;
  const code = createCodeExaminer({ entry: codeThread, wasmFolder, queryFolder, log });
  const audit = createAudit({ stateRoot: options.stateRoot, now, log });
  const openedLate = lateGate(async () => {
    const { openGate } = await import('./validate/openGate.js');
    return openGate({ entries, env: options.env, log, now, code });
  });
  const gate = auditedGate(openedLate, audit);
  const context = createContext({
    folders: surroundings.folders,
    index: surroundings.index,
    search: surroundings.search,
    recall,
    exclusion: surroundings.exclusion,
    exclude: folder => settings(folder).privacy.exclude,
    isTrusted: folder => trust.isTrusted(folder),
    log,
    now,
    env: options.env,
  });
  const completer = createCompleter({
    recall,
    trees,
    log,
    settings: uri => settings(uriToPath(uri)).inline,
    exclusion: path => surroundings.exclusion(path),
    now,
    async findImports(snapshot, inserted, signal) {
      const folder = snapshot.path === null ? null : nearestFolder(snapshot.path, surroundings.folders());
      const index = folder === null ? null : surroundings.index(folder);
      if (folder === null || index === null) return [];
      const names = namesToImport(snapshot, inserted.text, inserted.offset);
      if (names.length === 0) return [];
      const found = await findImports(snapshot, inserted, names, { index, folder }, signal);
      return found.map(({ edit }) => edit);
    },
    judgeInsertion: createInsertionJudge({
      examiner: code,
      folderOf: path => nearestFolder(path, surroundings.folders()),
    }),
    ground: createGround({
      recall,
      index(path) {
        const folder = nearestFolder(path, surroundings.folders());
        return folder === null ? null : surroundings.index(folder);
      },
    }),
    model: {
      models,
      context,
      contextDeadlineMs,
      cutterAt: (want, signal) => shapedCutter(trees, want, settings(want.snapshot.path).inline.maxLines, signal),
    },
  });

  return {
    recall,
    trees,
    completer,
    models,
    context,
    gate,
    gateSettings: folder => settings(folder).gate,
    excludedPatterns: folder => [...settings(folder).index.exclude, ...settings(folder).privacy.exclude],
    trust,
    journal: createJournal({ stateRoot: options.stateRoot, audit }),
    audit,
    createIndex(folder, hooks): LocalCodeIndex {
      const cacheFolder = cacheFolderOf(folder);
      return createCodeIndex({
        folder,
        cacheFolder,
        store: storeIn(cacheFolder),
        entries,
        pool,
        settings() {
          const { index, privacy } = settings(folder);
          return { exclude: [...index.exclude, ...privacy.exclude], maxFileKb: index.maxFileKb };
        },
        log,
        except: () => surroundings.foldersInside(folder),
        near: () => surroundings.openPaths().map(path => dirname(path)),
        embedder: () => models.embedder(),
        // A command is over before it would be of use.
        quietForMs: watch ? surroundings.quietForMs : () => 0,
        onScanned: hooks.onScanned,
        onFile: hooks.onFile,
        watch,
      });
    },
    notices: () => [...notices, ...trust.notices()],
    exclusionByName: path => skipByPath(path) ?? skipByName(basename(path)),
    async dispose() {
      context.dispose();
      await Promise.allSettled([pool.close(), storeHost.dispose(), gate.dispose(), code.dispose()]);
    },
  };

  /** Without a cache all of it works, only not from one start to the next. */
  function cacheFolderOf(folder: string | null): string | null {
    if (folder === null) return null;
    const known = cacheFolders.get(folder);
    if (known !== undefined) return known;
    const made = makeCacheFolder(folder);
    cacheFolders.set(folder, made);
    return made;
  }

  function makeCacheFolder(folder: string): string | null {
    try {
      return openCacheFolder(realPathOr(folder), cacheRoot);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const notice = `Nothing is kept for the next start. ${error.message} ${error.remedy ?? ''}`.trimEnd();
      notices.add(notice);
      log.warn(notice);
      return null;
    }
  }

  /** What is open beside the workspace belongs to something else, whose rules nobody has read. Without a folder all is open so. */
  function isOpenOutside(path: string): boolean {
    const folders = surroundings.folders();
    const isOutside = folders.length > 0 && nearestFolder(path, folders) === null;
    return isOutside && !installed.test(path) && surroundings.openPaths().includes(path);
  }

  function storeIn(cacheFolder: string | null): Store {
    return cacheFolder === null ? createMemoryStore() : storeHost.store({ databaseFolder: join(cacheFolder, 'store') });
  }
}

/** Ignore rules leave out what is installed, too: what packages declare is what a model needs to know of them. */
function mayLeave(path: string, reason: SkipReason | null): boolean {
  return !isRefused(reason) || (reason === 'ignored' && installed.test(path));
}

const installed = /[\\/](?:node_modules|site-packages|vendor)[\\/]/;

/** What recall may hold. One memory for all folders: the strictest of them decides. */
export function recallTokens({ folders, settings }: Pick<CoreOptions, 'folders' | 'settings'>): number {
  const maxMemoryMb = Math.min(...[null, ...folders].map(folder => settings(folder).index.maxMemoryMb));
  return Math.floor((maxMemoryMb * recallShare * 1024 * 1024) / bytesPerToken);
}
