import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Failure } from '../../server/base/failure.js';
import type { Log } from '../../server/base/log.js';
import type { BuildOrder, BuilderReport } from './builderMessages.js';
import type { ListedFile } from './buildTokens.js';
import { Engine } from './engine.js';
import { createRanker, type Ranker, type Weights } from './ranker.js';
import type { Recall } from './recall.js';
import { voteRanker } from './voteRanker.js';

export interface RecallOptions {
  /** Entry of the builder thread. */
  readonly recallBuilder: URL;
  /** Where the weights lie, or they themselves. */
  readonly weights: URL | Weights;
  /** Where token streams are kept from one start to the next; null keeps none. */
  readonly cacheFolder: string | null;
  /** Asked anew for each build, as settings change. */
  readonly maxTokens: () => number;
  readonly log: Log;
}

export interface LocalRecall extends Recall {
  /**
   * Builds the workspace's tokens in a thread; until they are there, only documents and `updateFile` count.
   * A later build takes the place of an earlier one. Raises a Failure of kind `unavailable` where the thread ends
   * too soon, and the signal's reason when it is aborted; what was there before stays in use then.
   */
  build(files: readonly ListedFile[], signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

/** So many tokens read on this thread, and at least this share of all, make a new build worth its while. */
const rebuildTokens = 300_000;
const rebuildShare = 0.25;
/** Work done in one go on this thread. */
const sliceMs = 4;

/** Recall with its workspace built in a thread, kept in `cacheFolder`, and built again when much has changed. */
export function createRecall(options: RecallOptions): LocalRecall {
  const { recallBuilder, cacheFolder, maxTokens, log } = options;
  const engine = new Engine({ ranker: lazyRanker(options), maxTokens: maxTokens(), isIndexing: false });
  /** Files that came in while a thread was building: it may have read them before. */
  let sinceBuildBegan = new Map<string, string | null>();
  /** The files of the last build, as they were packed for it. */
  let known = '';
  /** Those of them that are gone or left out since: another build must not read them again. */
  const gone = new Set<string>();
  /** The build that was asked for last, until it is done. */
  let current: symbol | null = null;
  let building: Builder | null = null;
  let saving: Promise<void> = Promise.resolve();
  let hasBase = false;
  let catchingUp: NodeJS.Immediate | null = null;
  const ending = new AbortController();

  return {
    open: snapshot => engine.open(snapshot),
    change: (snapshot, edits) => engine.change(snapshot, edits),
    close: uri => engine.close(uri),
    suggest: (snapshot, offset, asked) => engine.suggest(snapshot, offset, asked),
    knows: word => engine.knows(word),
    stats: () => engine.stats(),
    updateFile,
    build,
    dispose,
  };

  function updateFile(path: string, text: string | null): void {
    engine.updateFile(path, text);
    if (text === null) gone.add(path);
    else gone.delete(path);
    if (current !== null) {
      sinceBuildBegan.set(path, text);
      return;
    }
    const { changedTokens } = engine;
    if (changedTokens < Math.max(rebuildTokens, engine.stats().tokens * rebuildShare)) return;
    const changed = engine.changedPaths();
    const isChanged = new Set(changed);
    const paths = [...changed, ...unpack(known).filter(one => !isChanged.has(one) && !gone.has(one))];
    // Nobody waits for this one: what goes wrong leaves all as it is, and the next file tries again.
    void runBuild({ ...pack(paths.map(unknownState)), mayBeOutdated: true }, ending.signal).catch(() => {
      if (!ending.signal.aborted) log.warn('Recall could not be built again; what has changed is kept beside it.');
    });
  }

  async function build(files: readonly ListedFile[], signal: AbortSignal): Promise<void> {
    gone.clear();
    await runBuild({ ...pack(files), mayBeOutdated: false }, AbortSignal.any([signal, ending.signal]));
  }

  async function runBuild(
    order: Pick<BuildOrder, 'paths' | 'sizes' | 'mtimesMs' | 'mayBeOutdated'>,
    signal: AbortSignal,
  ): Promise<void> {
    const mine = Symbol();
    current = mine;
    sinceBuildBegan = new Map();
    engine.isIndexing = !hasBase;
    const startedMs = performance.now();
    let builder: Builder | null = null;
    const abort = () => void builder?.worker.terminate();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await stopBuilding();
      signal.throwIfAborted();
      if (current !== mine) throw superseded();
      known = order.paths;
      engine.maxTokens = maxTokens();
      building = builder = startBuilder({ ...order, maxTokens: engine.maxTokens, cacheFolder });
      const report = await builder.built;
      if (current !== mine) throw superseded();
      adopt(report);
      const { files, tokens } = engine.stats();
      const ms = Math.round(performance.now() - startedMs);
      log.info(`Recall holds ${files} files, ${tokens} tokens, ${report.reused} files as kept (${ms} ms).`);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      if (current === mine) {
        current = null;
        building = null;
        engine.isIndexing = false;
        if (builder !== null) saving = builder.ended;
      }
    }
  }

  function startBuilder(workerData: BuildOrder): Builder {
    const worker = new Worker(recallBuilder, { workerData });
    const ended = new Promise<void>(resolve => worker.once('exit', () => resolve()));
    const built = new Promise<BuiltReport>((resolve, reject) => {
      worker.on('message', (report: BuilderReport) => {
        if (report.kind === 'built') resolve(report);
        else log.warn(`The token streams could not be kept (${report.why}); the next start reads all files again.`);
      });
      worker.once('error', cause => {
        log.error('The thread that reads the workspace for recall failed.', cause);
        reject(new Failure('unavailable', 'The thread that reads the workspace for recall failed.', { cause }));
      });
      void ended.then(() => reject(superseded()));
    });
    return { worker, built, ended };
  }

  function adopt(report: BuiltReport): void {
    const paths = unpack(report.paths);
    const { vocabulary, segment, leftOut } = report;
    engine.adopt({ vocabulary, segment: { ...segment, files: { ...segment.files, paths } }, leftOut }, sinceBuildBegan);
    sinceBuildBegan = new Map();
    hasBase = true;
    engine.isIndexing = false;
    catchUp();
  }

  /** What `adopt` left to be read again is read in slices, so that no keystroke waits for all of it. */
  function catchUp(): void {
    catchingUp = null;
    const endMs = performance.now() + sliceMs;
    while (engine.catchUpOne()) {
      if (performance.now() < endMs) continue;
      catchingUp = setImmediate(catchUp);
      return;
    }
  }

  /** Ends a build that is under way; one that is only being saved is waited for. */
  async function stopBuilding(): Promise<void> {
    const running = building;
    building = null;
    await running?.worker.terminate();
    await saving;
  }

  async function dispose(): Promise<void> {
    ending.abort();
    if (catchingUp !== null) clearImmediate(catchingUp);
    await stopBuilding();
  }
}

type BuiltReport = Extract<BuilderReport, { kind: 'built' }>;

interface Builder {
  readonly worker: Worker;
  readonly built: Promise<BuiltReport>;
  /** The thread has saved what it built, and is gone. */
  readonly ended: Promise<void>;
}

function superseded(): Failure {
  return new Failure(
    'unavailable',
    'The workspace was not read for recall: another build took its place, or it ended.',
  );
}

/** Weights are read with the first question, not at the start of the process. */
function lazyRanker({ weights, log }: RecallOptions): Ranker {
  let ranker: Ranker | null = null;
  return { probability: row => (ranker ??= load()).probability(row) };

  function load(): Ranker {
    try {
      return createRanker(weights instanceof URL ? JSON.parse(readFileSync(weights, 'utf8')) : weights);
    } catch (error) {
      log.error('The weights of recall cannot be used; suggestions go by votes alone.', error);
      return voteRanker;
    }
  }
}

function pack(files: readonly ListedFile[]): Pick<BuildOrder, 'paths' | 'sizes' | 'mtimesMs'> {
  return {
    paths: files.map(({ path }) => path).join('\0'),
    sizes: Float64Array.from(files, ({ size }) => size),
    mtimesMs: Float64Array.from(files, ({ mtimeMs }) => mtimeMs),
  };
}

function unpack(paths: string): readonly string[] {
  return paths === '' ? [] : paths.split('\0');
}

function unknownState(path: string): ListedFile {
  return { path, size: -1, mtimeMs: -1 };
}
