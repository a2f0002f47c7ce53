/**
 * Gathering what a model gets to see, in real files of a workspace of 1,000 and of 10,000 files, with the real index and
 * store: how long it takes against its deadline, which sources are late, how long it keeps the thread from anything else.
 */
import { mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createCodeIndex } from '../../index/createCodeIndex.js';
import { createRecallInProcess, type RecallInProcess } from '../../index/recall/createRecallInProcess.js';
import { createRanker } from '../../index/recall/ranker.js';
import { createStoreHost } from '../../index/store/storeHost.js';
import { createProcessPool } from '../../index/processPool.js';
import { defaultPoolSize } from '../../index/workerPool.js';
import { silentLog } from '../../server/base/log.js';
import { pathToUri } from '../../server/base/paths.js';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import type { Context, Gathered } from '../../server/context/context.js';
import { createContext } from '../../server/context/createContext.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { spread } from './spread.js';
import { filesOfLength, languageIdOf } from './typing.js';
import { largeWorkspace, smallWorkspace } from './workspaces.js';

export interface ContextResult {
  readonly small: WorkspaceFigures;
  readonly large: WorkspaceFigures;
}

export interface WorkspaceFigures {
  readonly files: number;
  /** The first prompt in a file, each for a line that is begun, and each for a key typed in it. */
  readonly firstMs: Percentiles;
  readonly lineMs: Percentiles;
  readonly keyMs: Percentiles;
  readonly all: Percentiles;
  /** The longest that the event loop stood still during one gathering. */
  readonly longestStallMs: Percentiles;
  /** The same without what the thread waited for a core that other processes had: this machine is shared. */
  readonly ownStallMs: Percentiles;
  /** How late an empty timer of the deadline's length fired meanwhile: what no code of ours can mend. */
  readonly timerMs: Percentiles;
  /** By source: how often it was asked, and how often it was late. */
  readonly sources: Readonly<Record<string, { readonly asked: number; readonly late: number }>>;
  /** Units of related passages and prefix that were the same as in the prompt before, by kind of step. */
  readonly keptShare: { readonly line: number; readonly key: number };
}

const deadlineMs = 40;
const budgetTokens = 4096;
const documents = 60;
const linesEach = 4;
const keysEach = 8;
const betweenKeysMs = 15;

export async function benchContext(): Promise<ContextResult> {
  return { small: await measure(smallWorkspace().folder, 60), large: await measure(largeWorkspace().folder, 300) };
}

async function measure(folder: string, minLines: number): Promise<WorkspaceFigures> {
  const home = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const root = new URL('../../../', import.meta.url);
  const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
  const entries = {
    indexProcess: at('index/indexProcess.js'),
    indexWorker: at('index/worker.js'),
    wasmFolder: new URL('grammars/wasm/', root),
    queryFolder: new URL('grammars/queries/', root),
  };
  const pool = createProcessPool({ entries, size: defaultPoolSize(availableParallelism()), log: silentLog });
  const host = createStoreHost({ storeProcess: at('index/storeProcess.js'), log: silentLog, idleMs: 600_000 });
  const index = createCodeIndex({
    folder,
    cacheFolder: null,
    store: host.store({ databaseFolder: join(home, 'store') }),
    entries,
    pool,
    settings: () => ({ exclude: [], maxFileKb: 1024 }),
    log: silentLog,
    onScanned: () => {},
    onFile: () => {},
    watch: false,
  });
  const never = new AbortController().signal;
  try {
    await index.start(() => {}, never);
    await index.settle();
    const ranker = createRanker(JSON.parse(readFileSync(new URL('index/recall/weights.json', root), 'utf8')));
    const files = filesOfLength(folder, minLines, 3_000);
    const texts = new Map(spread(files, 400).map(path => [path, readFileSync(path, 'utf8')]));
    const recall = createRecallInProcess({ ranker, files: texts });
    const context = createContext({
      folders: () => [folder],
      index: () => index,
      search: (query, options, signal) => index.search(query, options, signal),
      recall,
      exclusion: path => index.exclusion(path),
      isTrusted: () => false,
      log: silentLog,
      now: () => performance.now(),
      env: process.env,
    });
    const run = newRun();
    // Warms the compiler and the store up, as the first minute of a day does.
    for (const path of spread(files, 6)) await typeIn(context, recall, path, newRun());
    for (const path of spread(files, documents)) await typeIn(context, recall, path, run);
    context.dispose();
    return figuresOf(run, index.status().indexed);
  } finally {
    await index.close();
    await Promise.allSettled([pool.close(), host.dispose()]);
    rmSync(home, { recursive: true, force: true });
  }
}

interface Run {
  readonly firstMs: number[];
  readonly lineMs: number[];
  readonly keyMs: number[];
  readonly stallsMs: number[];
  readonly ownStallsMs: number[];
  readonly timerMs: number[];
  readonly sources: Map<string, { asked: number; late: number }>;
  readonly kept: { line: [number, number]; key: [number, number] };
}

function newRun(): Run {
  return {
    firstMs: [],
    lineMs: [],
    keyMs: [],
    stallsMs: [],
    ownStallsMs: [],
    timerMs: [],
    sources: new Map(),
    kept: { line: [0, 0], key: [0, 0] },
  };
}

/** Opens a file without some of its lines in the middle, and types them in again. */
async function typeIn(context: Context, recall: RecallInProcess, path: string, run: Run): Promise<void> {
  const whole = readFileSync(path, 'utf8').split('\n');
  const middle = Math.floor(whole.length / 2);
  const taken = whole.slice(middle, middle + linesEach);
  const text = [...whole.slice(0, middle), '', ...whole.slice(middle + linesEach)].join('\n');
  let snapshot: DocSnapshot = { uri: pathToUri(path), path, languageId: languageIdOf(path), version: 1, text };
  let offset = whole.slice(0, middle).join('\n').length + 1;
  context.open(snapshot);
  recall.open(snapshot);
  let before: Gathered | null = null;
  const ask = async (into: number[], kept: [number, number] | null): Promise<void> => {
    const stall = watchLoop();
    const started = performance.now();
    const gathered = await context.gather({ snapshot, offset, budgetTokens, deadlineMs }, new AbortController().signal);
    into.push(performance.now() - started);
    const { wallMs, ownMs } = stall();
    run.stallsMs.push(wallMs);
    run.ownStallsMs.push(ownMs);
    for (const { name, late } of gathered.sources) {
      const own = run.sources.get(name) ?? { asked: 0, late: 0 };
      run.sources.set(name, { asked: own.asked + 1, late: own.late + (late ? 1 : 0) });
    }
    if (before !== null && kept !== null) {
      const [now, old] = [readFirst(gathered), readFirst(before)];
      kept[0] += sharedStart(now, old);
      kept[1] += now.length;
    }
    before = gathered;
    await pause(betweenKeysMs);
  };
  const type = (typed: string): void => {
    const edit = { start: offset, end: offset, text: typed };
    snapshot = {
      ...snapshot,
      version: snapshot.version + 1,
      text: snapshot.text.slice(0, offset) + typed + snapshot.text.slice(offset),
    };
    offset += typed.length;
    context.change(snapshot, [edit]);
    recall.change(snapshot, [edit]);
  };
  const timed = performance.now();
  await pause(deadlineMs);
  run.timerMs.push(performance.now() - timed);
  await ask(run.firstMs, null);
  for (const [at, line] of taken.entries()) {
    if (at > 0) {
      type('\n');
      await ask(run.lineMs, run.kept.line);
    }
    for (const key of line.slice(0, keysEach)) {
      type(key);
      await ask(run.keyMs, run.kept.key);
    }
    type(line.slice(keysEach));
  }
  context.close(snapshot.uri);
  recall.close(snapshot.uri);
}

/** What a model reads before the suffix. */
function readFirst({ prompt }: Gathered): string {
  return prompt.related.map(({ label, text }) => `${label}\n${text}`).join('') + prompt.prefix;
}

function sharedStart(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  return at;
}

/**
 * The longest time between two turns of the event loop, until it is called: by the clock, and without what the thread
 * waited for a core that others had.
 */
function watchLoop(): () => { readonly wallMs: number; readonly ownMs: number } {
  let wallMs = 0;
  let ownMs = 0;
  let last = performance.now();
  let waited = waitedForCoreMs();
  let watching = true;
  const look = (): void => {
    const now = performance.now();
    const waitedNow = waitedForCoreMs();
    wallMs = Math.max(wallMs, now - last);
    ownMs = Math.max(ownMs, now - last - (waitedNow - waited));
    last = performance.now();
    waited = waitedNow;
  };
  const turn = (): void => {
    look();
    if (watching) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    watching = false;
    look();
    return { wallMs, ownMs };
  };
}

const schedule = process.platform === 'linux' ? openSync('/proc/self/schedstat', 'r') : null;
const scheduleText = Buffer.alloc(100);

/** Of the main thread, since its start, as Linux counts it; 0 elsewhere. */
function waitedForCoreMs(): number {
  if (schedule === null) return 0;
  const length = readSync(schedule, scheduleText, 0, scheduleText.length, 0);
  return Number(scheduleText.toString('latin1', 0, length).split(' ')[1]) / 1e6;
}

function figuresOf(run: Run, files: number): WorkspaceFigures {
  const share = ([same, all]: [number, number]): number => Number((same / Math.max(1, all)).toFixed(3));
  return {
    files,
    firstMs: percentiles(run.firstMs),
    lineMs: percentiles(run.lineMs),
    keyMs: percentiles(run.keyMs),
    all: percentiles([...run.firstMs, ...run.lineMs, ...run.keyMs]),
    longestStallMs: percentiles(run.stallsMs),
    ownStallMs: percentiles(run.ownStallsMs),
    timerMs: percentiles(run.timerMs),
    sources: Object.fromEntries(run.sources),
    keptShare: { line: share(run.kept.line), key: share(run.kept.key) },
  };
}
