/**
 * The index on a real tree: the first pass against what one thread needs to read, hash and parse the same files,
 * stalls of the event loop meanwhile, a warm start, and the time from a save until a search finds it.
 */
import { mkdtempSync, cpSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { createGrammars } from '../../grammars/parse.js';
import { languageOf } from '../../grammars/registry.js';
import { createCodeIndex, type LocalCodeIndex } from '../../index/createCodeIndex.js';
import { readSource } from '../../index/readSource.js';
import { scan } from '../../index/scan.js';
import { createStoreHost } from '../../index/store/storeHost.js';
import { silentLog, type Log } from '../../server/base/log.js';

export interface IndexingFigures {
  readonly files: number;
  readonly megabytes: number;
  /** One thread: reads, hashes and parses all files that are indexed. */
  readonly floorMs: number;
  readonly firstIndexMs: number;
  readonly firstIndexToFloor: number;
  readonly referencesMs: number;
  readonly warmStartMs: number;
  readonly longestStallMs: { readonly firstIndex: number; readonly background: number; readonly warmStart: number };
  readonly saveToFindableMs: { readonly p50: number; readonly p95: number; readonly max: number };
}

const never = new AbortController().signal;
const root = pathToFileURL(`${process.cwd()}/`);
const entries = {
  indexWorker: new URL('out/index/worker.js', root),
  wasmFolder: new URL('grammars/wasm/', root),
  queryFolder: new URL('grammars/queries/', root),
};

/** Works on a copy of `folder`, as files are changed. */
export async function measureIndexing(folder: string, workers = 2, log: Log = silentLog): Promise<IndexingFigures> {
  const scratch = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  try {
    const workspace = join(scratch, 'workspace');
    cpSync(folder, workspace, { recursive: true });
    const floor = await oneThread(workspace);
    return { ...floor, ...(await wholeIndex(workspace, join(scratch, 'cache'), floor.floorMs, workers, log)) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function oneThread(folder: string): Promise<Pick<IndexingFigures, 'files' | 'megabytes' | 'floorMs'>> {
  const grammars = await createGrammars(entries);
  const { files } = scan({ folder, exclude: [], maxFileKb: 1024, except: [], maxFiles: 1e6, broad: false });
  const begin = performance.now();
  let read = 0;
  let bytes = 0;
  for (const { path } of files) {
    const source = readSource(folder, path, 1024);
    if (source.state !== 'read') continue;
    read++;
    bytes += source.record.size;
    const language = languageOf(path, '', source.text.slice(0, 4000));
    if (language !== null) grammars.withTree(language, source.text, () => null);
  }
  const floorMs = performance.now() - begin;
  grammars.dispose();
  return { files: read, megabytes: Math.round(bytes / 1e5) / 10, floorMs: Math.round(floorMs) };
}

async function wholeIndex(workspace: string, cacheFolder: string, floorMs: number, workers: number, log: Log) {
  const storeProcess = new URL('out/index/storeProcess.js', root);
  const told = new Map<string, string | null>();
  const host = createStoreHost({ storeProcess, log });
  const open = (): LocalCodeIndex =>
    createCodeIndex({
      folder: workspace,
      cacheFolder: null,
      store: host.store({ databaseFolder: join(cacheFolder, 'store') }),
      entries,
      settings: () => ({ exclude: [], maxFileKb: 1024 }),
      log,
      workers,
      onScanned: () => {},
      onFile: (path, text) => told.set(path, text),
    });

  const first = open();
  const firstIndex = await stalls(() => first.start(() => {}, never));
  const background = await stalls(() => first.settle());
  const saves = await saveAndFind(first, workspace);
  await first.close();
  const again = open();
  const warm = await stalls(() => again.start(() => {}, never));
  await again.close();
  await host.dispose();
  return {
    firstIndexMs: Math.round(firstIndex.ms),
    firstIndexToFloor: Math.round((firstIndex.ms / floorMs) * 100) / 100,
    referencesMs: Math.round(background.ms),
    warmStartMs: Math.round(warm.ms),
    longestStallMs: { firstIndex: firstIndex.stallMs, background: background.stallMs, warmStart: warm.stallMs },
    saveToFindableMs: saves,
  };
}

async function stalls(work: () => Promise<void>): Promise<{ readonly ms: number; readonly stallMs: number }> {
  const resolution = 5;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const begin = performance.now();
  await work();
  const ms = performance.now() - begin;
  delay.disable();
  return { ms, stallMs: Math.max(0, Math.round(delay.max / 1e6 - resolution)) };
}

const SAVES = 60;

/** Writes a new name into one file after the other, as another program would, and searches until it is found. */
async function saveAndFind(index: LocalCodeIndex, workspace: string): Promise<IndexingFigures['saveToFindableMs']> {
  const { files } = scan({ folder: workspace, exclude: [], maxFileKb: 64, except: [], maxFiles: 1e6, broad: false });
  const step = Math.max(1, Math.floor(files.length / SAVES));
  const times: number[] = [];
  for (let at = 0; at < files.length && times.length < SAVES; at += step) {
    const path = join(workspace, files[at]?.path ?? '');
    // Generated files and the like are not searched.
    if (index.exclusion(path) !== null) continue;
    const word = `savedword${at}x`;
    const text = readFileSync(path, 'utf8');
    const begin = performance.now();
    writeFileSync(path, `${text}\n${word}\n`);
    for (;;) {
      const hits = await index.search(word, { limit: 5, sources: ['text'] }, never);
      if (hits.some(hit => hit.text.includes(word))) break;
      if (performance.now() - begin > 10_000) break;
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    times.push(performance.now() - begin);
  }
  times.sort((left, right) => left - right);
  const quantile = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
  return { p50: quantile(0.5), p95: quantile(0.95), max: quantile(1) };
}
