import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../server/base/log.js';
import type { Catalog } from './catalog.js';
import type { LiveFile, ReadAnswer, ReadOutcome, Want } from './jobs.js';
import type { Overlay } from './overlay.js';
import { cutIntoJobs } from './plan.js';
import type { ScannedFile } from './scan.js';
import type { FileRecord, Store, StoreBatch } from './store.js';
import { ThreadDied, type Urgency, type WorkerPool } from './workerPool.js';

export interface IndexerOptions {
  /** Real path. */
  readonly folder: string;
  readonly pool: WorkerPool;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly overlay: Overlay;
  readonly log: Log;
  maxFileKb(): number;
  /** Whether there was a folder of this path at the last scan. */
  wasFolder(path: string): boolean;
  onFile(path: string, text: string | null): void;
  /** Counts changed. */
  onProgress(): void;
}

export interface BulkOptions {
  /** The store may know contents of these files: they are asked for before anything is parsed. */
  readonly askStore: boolean;
  /** Whoever completes from the files has not seen these as they are now. */
  readonly tell: boolean;
}

/** Reads files in the threads and brings what they hold into the store or the overlay. */
export interface Indexer {
  /** Many files, straight into the store. Rejects with the store's Failure; what was committed by then stays. */
  bulk(files: readonly ScannedFile[], options: BulkOptions, signal: AbortSignal): Promise<void>;
  /** Files that were saved, into the overlay at once. Answers the paths that turned out to be folders. */
  live(paths: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Files that are gone or left out from now on. `tell`: whoever completes from them knew them. */
  remove(paths: readonly string[], tell: boolean, signal: AbortSignal): Promise<void>;
  /** As `remove`, where there is no store to write to. */
  forget(path: string, tell: boolean): void;
  /** Contents that were stored without their references, of files that the catalogue knows. */
  expectReferences(hashes: readonly string[]): void;
  /** Brings in the names that files use, where `bulk` has only brought their contents so far. */
  references(signal: AbortSignal): Promise<void>;
  /** Writes what waits in the overlay. */
  flush(): Promise<void>;
  readonly counts: { readonly chunks: number; readonly symbols: number };
  /** Batches handed to the store so far. */
  readonly commits: number;
  /** Files that a `bulk` under way has still to bring in. */
  readonly pending: number;
}

const JOB_FILES = 32;
const JOB_BYTES = 384 * 1024;
/** The first batch is small, so that a search finds something soon; each later one costs the store less a file. */
const FIRST_BATCH = { files: 200, bytes: 3 * 1024 * 1024 };
const BATCH = { files: 600, bytes: 6 * 1024 * 1024 };
const COMMITS_AHEAD = 2;

export function createIndexer(options: IndexerOptions): Indexer {
  const { folder, pool, store, catalog, overlay, log } = options;
  const counts = { chunks: 0, symbols: 0 };
  /** Files that have ended a thread: read without their grammar, and left alone if that does not help either. */
  const plain = new Set<string>();
  const hopeless = new Set<string>();
  /** Contents whose references are not stored yet, with a file that has each. */
  const unreferenced = new Map<string, FileRecord>();
  let pending = 0;
  let commits = 0;
  let lastCommit: Promise<void> = Promise.resolve();

  const commit = (batch: StoreBatch): Promise<void> => {
    commits++;
    const committed = lastCommit.catch(() => undefined).then(() => store.commit(batch));
    lastCommit = committed;
    return committed;
  };

  return {
    bulk,
    live,
    remove,
    forget,
    expectReferences,
    references,
    flush,
    counts,
    get commits() {
      return commits;
    },
    get pending() {
      return pending;
    },
  };

  async function bulk(
    files: readonly ScannedFile[],
    { askStore, tell }: BulkOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const writer = createBatchWriter();
    pending += files.length;
    try {
      await bringIn(files, writer, askStore, tell, signal);
      await writer.end();
    } finally {
      pending -= files.length;
      // What was counted down one by one on the way is part of it.
      pending += writer.done();
      options.onProgress();
    }
  }

  async function bringIn(
    files: readonly ScannedFile[],
    writer: ReturnType<typeof createBatchWriter>,
    askStore: boolean,
    tell: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    // What waits in the overlay would be written over what is committed here.
    await live(
      files.flatMap(({ path }) => (overlay.has(path) ? path : [])),
      signal,
    );
    const rest = files.filter(({ path }) => !overlay.has(path));
    // What was saved since a job began is newer than its outcome.
    const fresh = (outcomes: readonly ReadOutcome[]) => outcomes.filter(outcome => !overlay.has(pathOf(outcome)));
    await inParallel(cutIntoJobs(rest, JOB_FILES, JOB_BYTES), pool.size + 1, async job => {
      const paths = job.map(file => file.path);
      let toExtract: readonly string[] = paths;
      if (askStore) {
        const hashed = await read(paths, 'hash', tell, 'soon', signal);
        const known = await store.known(
          hashed.outcomes.flatMap(outcome => (outcome.state === 'read' ? outcome.record.hash : [])),
        );
        const settled = hashed.outcomes.filter(outcome => outcome.state !== 'read' || known.has(outcome.record.hash));
        await tellAll(hashed.outcomes, tell, signal);
        await writer.add(fresh(settled), null, signal);
        const done = new Set(settled.map(pathOf));
        toExtract = paths.filter(path => !done.has(path));
      }
      if (toExtract.length > 0) {
        const answer = await read(toExtract, 'contents', tell && !askStore, 'soon', signal);
        await tellAll(answer.outcomes, tell && !askStore, signal);
        await writer.add(fresh(answer.outcomes), answer.packed, signal);
      }
      options.onProgress();
    });
  }

  /** Collects outcomes into batches; waits where the store falls behind. */
  function createBatchWriter() {
    let files: FileRecord[] = [];
    let removedPaths: string[] = [];
    let packed: Uint8Array[] = [];
    let bytes = 0;
    let extracted: FileRecord[] = [];
    let shown: (() => void)[] = [];
    const underWay = new Set<Promise<void>>();
    let failed: unknown = null;
    let limit = FIRST_BATCH;
    let doneCount = 0;
    const countDown = (files: number): void => {
      pending -= files;
      doneCount += files;
    };

    const send = (): void => {
      if (files.length === 0 && removedPaths.length === 0) return;
      const batch = { files, removedPaths, contents: [], references: [], packed };
      const show = shown;
      const extractedNow = extracted;
      limit = BATCH;
      [files, removedPaths, packed, extracted, shown, bytes] = [[], [], [], [], [], 0];
      const sent = commit(batch)
        .then(() => {
          for (const record of batch.files) if (!overlay.has(record.path)) catalog.set(record);
          for (const record of extractedNow) unreferenced.set(record.hash, record);
          for (const done of show) done();
          countDown(batch.files.length);
          options.onProgress();
        })
        .catch((error: unknown) => {
          failed ??= error;
        })
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
    };

    return {
      async add(outcomes: readonly ReadOutcome[], contents: Uint8Array | null, signal: AbortSignal): Promise<void> {
        for (const outcome of outcomes) {
          if (outcome.state === 'read') {
            const { record } = outcome;
            const before = catalog.record(record.path);
            if (before !== null && before.hash !== record.hash) shown.push(overlay.hide(record.path));
            files.push(record);
            if (contents !== null) extracted.push(record);
            counts.chunks += outcome.chunks;
            counts.symbols += outcome.symbols;
          } else {
            const path = pathOf(outcome);
            if (catalog.record(path) !== null) {
              removedPaths.push(path);
              shown.push(overlay.hide(path));
            }
            if (outcome.state === 'skipped') catalog.set(outcome);
            else catalog.remove(path);
            countDown(1);
          }
        }
        if (contents !== null) {
          packed.push(contents);
          bytes += contents.byteLength;
        }
        if (files.length + removedPaths.length >= limit.files || bytes >= limit.bytes) send();
        while (underWay.size > COMMITS_AHEAD) await Promise.race(underWay);
        signal.throwIfAborted();
        if (failed !== null) throw failed;
      },
      done: () => doneCount,
      async end(): Promise<void> {
        send();
        await Promise.all(underWay);
        if (failed !== null) throw failed;
      },
    };
  }

  async function live(paths: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const folders: string[] = [];
    await inParallel(
      cutIntoJobs(
        paths.map(path => ({ path, size: 0 })),
        8,
        Infinity,
      ),
      pool.size,
      async job => {
        const { outcomes } = await read(
          job.map(file => file.path),
          'live',
          true,
          'now',
          signal,
        );
        for (const outcome of outcomes) {
          if (outcome.state === 'folder') folders.push(outcome.path);
          else if (outcome.state === 'read' && outcome.live !== null) putLive(outcome.live, outcome.text);
          else await dropLive(outcome);
        }
      },
    );
    return folders;
  }

  function putLive(file: LiveFile, text: string | null): void {
    const { record } = file;
    const before = catalog.record(record.path);
    catalog.set(record);
    if (before?.hash === record.hash) return;
    overlay.put(file);
    if (text !== null) options.onFile(record.path, text);
    options.onProgress();
  }

  async function dropLive(outcome: ReadOutcome): Promise<void> {
    const path = pathOf(outcome);
    // Also a folder that is gone: all that was in it is.
    const gone = catalog.known.has(path) ? [path] : options.wasFolder(path) ? catalog.below(path) : [];
    for (const each of gone) {
      const wasIndexed = catalog.record(each) !== null;
      catalog.remove(each);
      if (!wasIndexed) continue;
      overlay.remove(each);
      options.onFile(each, null);
    }
    if (outcome.state === 'skipped') catalog.set(outcome);
    if (gone.length > 50) await nextTurn();
    if (gone.length > 0) options.onProgress();
  }

  async function remove(paths: readonly string[], tell: boolean, signal: AbortSignal): Promise<void> {
    const indexed = paths.filter(path => catalog.record(path) !== null);
    for (const [at, path] of paths.entries()) {
      catalog.remove(path);
      if (at % 100 === 99) await nextTurn();
    }
    const shown = indexed.map(path => overlay.hide(path));
    for (const [at, path] of indexed.entries()) {
      if (overlay.has(path)) overlay.remove(path);
      if (tell) options.onFile(path, null);
      if (at % 20 === 19) await nextTurn();
    }
    options.onProgress();
    if (indexed.length === 0) return;
    signal.throwIfAborted();
    await commit({ files: [], contents: [], references: [], removedPaths: indexed });
    for (const done of shown) done();
  }

  function forget(path: string, tell: boolean): void {
    const wasIndexed = catalog.record(path) !== null;
    catalog.remove(path);
    if (!wasIndexed) return;
    overlay.remove(path);
    if (tell) options.onFile(path, null);
  }

  function expectReferences(hashes: readonly string[]): void {
    const wanted = new Set(hashes);
    if (wanted.size === 0) return;
    for (const file of catalog.known.values()) {
      if ('hash' in file && wanted.has(file.hash)) unreferenced.set(file.hash, file);
    }
  }

  async function references(signal: AbortSignal): Promise<void> {
    const files = [...unreferenced.values()].filter(record => catalog.record(record.path)?.hash === record.hash);
    let packed: Uint8Array[] = [];
    let records: FileRecord[] = [];
    const send = async (): Promise<void> => {
      const sent = records;
      const batch = { files: [], removedPaths: [], contents: [], references: [], packed };
      [packed, records] = [[], []];
      await commit(batch);
      for (const record of sent) unreferenced.delete(record.hash);
    };
    for (const job of cutIntoJobs(files, JOB_FILES, JOB_BYTES)) {
      const answer = await read(
        job.map(file => file.path),
        'references',
        false,
        'later',
        signal,
      );
      if (answer.packed !== null) packed.push(answer.packed);
      records.push(...job);
      if (records.length >= BATCH.files) await send();
      signal.throwIfAborted();
    }
    if (records.length > 0) await send();
    unreferenced.clear();
  }

  async function flush(): Promise<void> {
    if (overlay.waiting === 0) return;
    const { batch, settle } = overlay.batch();
    await commit(batch);
    settle();
  }

  /** Asks the threads; a file that ends one is read again without its grammar. */
  async function read(
    paths: readonly string[],
    want: Want,
    withText: boolean,
    urgency: Urgency,
    signal: AbortSignal,
  ): Promise<ReadAnswer> {
    for (let attempt = 1; ; attempt++) {
      const asked = paths.filter(path => !hopeless.has(path));
      const files = asked.map(path => ({ path, plain: plain.has(path) }));
      try {
        const maxFileKb = options.maxFileKb();
        const answer = await pool.run<'read'>(
          { kind: 'read', folder, maxFileKb, files, want, withText },
          urgency,
          signal,
        );
        const left = paths.filter(path => hopeless.has(path));
        return { ...answer, outcomes: [...answer.outcomes, ...left.map(unreadable)] };
      } catch (error) {
        if (!(error instanceof ThreadDied)) throw error;
        const culprit = asked[error.at];
        if (culprit === undefined && attempt >= 3) throw error;
        if (culprit === undefined) continue;
        log.warn(
          `${culprit} ended an index thread; it is indexed ${plain.has(culprit) ? 'no more' : 'as plain text'}.`,
        );
        (plain.has(culprit) ? hopeless : plain).add(culprit);
      }
    }
  }

  async function tellAll(outcomes: readonly ReadOutcome[], tell: boolean, signal: AbortSignal): Promise<void> {
    let sliceEndsMs = performance.now() + 5;
    for (const outcome of outcomes) {
      const path = pathOf(outcome);
      // It was in the list of the first scan, whose files are read without these checks.
      if (!tell && outcome.state === 'skipped') options.onFile(path, null);
      if (!tell) continue;
      const before = catalog.record(path);
      if (outcome.state === 'read' ? before?.hash === outcome.record.hash : before === null) continue;
      options.onFile(path, outcome.state === 'read' ? outcome.text : null);
      if (performance.now() < sliceEndsMs) continue;
      await nextTurn(undefined, { signal });
      sliceEndsMs = performance.now() + 5;
    }
  }
}

function unreadable(path: string): ReadOutcome {
  return { state: 'skipped', path, reason: 'unreadable', size: -1, mtimeMs: -1 };
}

function pathOf(outcome: ReadOutcome): string {
  return outcome.state === 'read' ? outcome.record.path : outcome.path;
}

/** Runs `work` for all items, at most `width` at once. After the first failure no more is begun. */
async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items].reverse();
  const lane = async (): Promise<void> => {
    try {
      for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
    } catch (error) {
      left.length = 0;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}
