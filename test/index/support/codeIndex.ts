import { pathToFileURL } from 'node:url';
import { silentLog } from '../../../server/base/log.js';
import { createCodeIndex, type CodeIndexOptions, type LocalCodeIndex } from '../../../index/createCodeIndex.js';
import { createMemoryStore } from '../../../index/store/memoryStore.js';
import type { Store } from '../../../index/store.js';
import { createWorkerPool, type WorkerPool } from '../../../index/workerPool.js';

// Tests run in the root of the project.
const root = pathToFileURL(`${process.cwd()}/`);
export const testEntries = {
  indexProcess: new URL('out/index/indexProcess.js', root),
  indexWorker: new URL('out/index/worker.js', root),
  wasmFolder: new URL('grammars/wasm/', root),
  queryFolder: new URL('grammars/queries/', root),
};

/** Threads that fail where a text tells them to. */
export const fragileEntries = {
  ...testEntries,
  indexWorker: new URL('out/test/index/support/fragileWorker.js', root),
};

export interface TestIndex {
  readonly index: LocalCodeIndex;
  readonly store: Store;
  /** What `onFile` was told last of each path. */
  readonly told: Map<string, string | null>;
  readonly scanned: string[];
  start(): Promise<void>;
}

export function createTestPool(indexWorker = testEntries.indexWorker, size = 2): WorkerPool {
  return createWorkerPool({ entries: { ...testEntries, indexWorker }, size, log: silentLog });
}

/** An index over a memory store. It does not watch unless told to. */
export function createTestIndex(folder: string, options: Partial<CodeIndexOptions> = {}): TestIndex {
  const store = options.store ?? createMemoryStore();
  const told = new Map<string, string | null>();
  const scanned: string[] = [];
  const index = createCodeIndex({
    folder,
    cacheFolder: null,
    entries: testEntries,
    settings: () => ({ exclude: [], maxFileKb: 1024 }),
    log: silentLog,
    watch: false,
    onScanned: files => scanned.push(...files.map(file => file.path)),
    onFile: (path, text) => told.set(path, text),
    ...options,
    store,
  });
  return { index, store, told, scanned, start: () => index.start(() => {}, never) };
}

export const never = new AbortController().signal;

/** Waits until `holds`, by looking again and again. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, timeoutMs = 10_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`Waited in vain until ${what}.`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
