import { createTrees } from '../../grammars/treesClient.js';
import type { Trees } from '../../grammars/trees.js';
import type { LocalCodeIndex } from '../../index/createCodeIndex.js';
import { createCodeIndex } from '../../index/createCodeIndex.js';
import type { RecallInProcess } from '../../index/recall/createRecallInProcess.js';
import { createMemoryStore } from '../../index/store/memoryStore.js';
import type { WorkerPool } from '../../index/workerPool.js';
import { silentLog } from '../../server/base/log.js';
import { pathToUri } from '../../server/base/paths.js';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import type { History } from '../../server/cli/try/history.js';
import type { Completer } from '../../server/complete/completer.js';
import { createCompleter } from '../../server/complete/createCompleter.js';
import { createGround } from '../../server/complete/ground.js';
import { shapedCutter } from '../../server/complete/model/shapedCutter.js';
import { defaultSettings } from '../../server/config/resolve.js';
import type { Context } from '../../server/context/context.js';
import { createContext } from '../../server/context/createContext.js';
import type { Models } from '../../server/model/models.js';
import { ownEntries } from '../../server/createCore.js';
import { diskWorkspace } from './contextCases.js';
import { learntEngines } from './histories/engine.js';
import type { ReplayedLine } from './modelReplayCases.js';

/** A workspace on the disk with the real parts around it. What takes time is waited for: here it is not measured. */
export interface ReplayStage {
  readonly recall: RecallInProcess;
  readonly trees: Trees;
  /** Takes over what changed since the line before. */
  apply(line: ReplayedLine): Promise<void>;
  /** The same document where it lies on the disk. */
  placed(snapshot: DocSnapshot): DocSnapshot;
  newContext(): Context;
  newCompleter(models: Pick<Models, 'serving' | 'fillIn'> | null, context: Context): Completer;
  close(): Promise<void>;
}

const patientMs = 20_000;

export async function openReplayStage(history: History, pool: WorkerPool): Promise<ReplayStage> {
  const entries = ownEntries();
  const workspace = diskWorkspace(history);
  const index: LocalCodeIndex = createCodeIndex({
    folder: workspace.folder,
    cacheFolder: null,
    store: createMemoryStore(),
    entries,
    pool,
    settings: () => ({ exclude: [], maxFileKb: 1024 }),
    log: silentLog,
    onScanned: () => {},
    onFile: () => {},
    watch: false,
  });
  const recall = learntEngines(entries.weights)(
    new Map([...history.base].map(([path, text]) => [workspace.path(`/replayed/${path}`), text])),
  );
  const trees = createTrees({
    entry: entries.treeThread,
    wasmFolder: entries.wasmFolder,
    queryFolder: entries.queryFolder,
    deadlineMs: patientMs,
    log: silentLog,
  });
  const never = new AbortController().signal;
  await index.start(() => {}, never);
  const now = (): number => performance.timeOrigin + performance.now();
  const ground = createGround({ recall, index: () => index, deadlineMs: patientMs });
  const inline = { ...defaultSettings().inline, waitMs: 60_000, maxLines: 1 };

  return {
    recall,
    trees,
    async apply({ changed }) {
      if (changed.size === 0) return;
      const paths = workspace.apply(changed);
      for (const [path, text] of changed) recall.updateFile(workspace.path(path), text);
      for (const path of paths) index.fileChanged(path);
      await index.reconcile();
      await index.settle();
    },
    placed(snapshot) {
      const path = workspace.path(snapshot.path ?? '');
      return { ...snapshot, path, uri: pathToUri(path) };
    },
    newContext: () =>
      createContext({
        folders: () => [workspace.folder],
        index: () => index,
        search: (query, options, signal) => index.search(query, options, signal),
        recall,
        exclusion: path => index.exclusion(path),
        isTrusted: () => false,
        log: silentLog,
        now,
        env: process.env,
      }),
    newCompleter: (models, context) =>
      createCompleter({
        recall,
        trees,
        log: { ...silentLog, error: (message, error) => console.error(message, error) },
        settings: () => inline,
        exclusion: path => index.exclusion(path),
        now,
        ground,
        checkDeadlineMs: patientMs,
        ...(models === null
          ? {}
          : {
              model: {
                models,
                context,
                contextDeadlineMs: patientMs,
                cutterAt: (want, signal) => shapedCutter(trees, want, inline.maxLines, signal),
              },
            }),
      }),
    async close() {
      await index.close();
      workspace.dispose();
    },
  };
}
