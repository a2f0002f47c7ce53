import { Failure } from '../../server/base/failure.js';
import type { Log } from '../../server/base/log.js';
import type { ChunkVectors, UnvectoredChunk, VectorBatch } from '../chunkVectors.js';
import type { VectorsStatus } from '../codeIndex.js';
import { servingShare } from '../fuse.js';
import { inWords } from '../storeAccess.js';
import { untilAborted } from '../../server/base/untilAborted.js';
import { askForVectors, newAsking, type Asking, type ChunkVector } from './askForVectors.js';
import type { TextEmbedder } from './textEmbedder.js';

export interface ModelVectorsOptions {
  readonly vectors: ChunkVectors;
  /** Who makes them now; null: nobody. */
  embedder(): TextEmbedder | null;
  /** Whether the index has nothing else to do, and may write. */
  isAtRest(): boolean;
  /** How long nobody has typed, in milliseconds. */
  quietForMs(): number;
  /** Of a path relative to the folder. */
  isExcluded(path: string): boolean;
  toAbsolute(path: string): string;
  onProgress(): void;
  readonly log: Log;
  readonly timing: ModelVectorsTiming;
}

export interface ModelVectorsTiming {
  /** Hands have rested so long before anything is computed. */
  readonly restMs: number;
  /** How often it is looked whether there is something to compute and, while a model works, whether somebody types. */
  readonly lookMs: number;
  /** After a failure; doubled with each further one. */
  readonly retryMs: number;
  /** Another model has been there so long before it begins anew: one that fails for a moment is not replaced. */
  readonly switchMs: number;
}

/** Vectors of a model for all chunks of a folder: made when there is nothing else to do, a batch at a time. */
export interface ModelVectors {
  /** Goes on with what is missing, if this is the time for it. To be called again and again. */
  goOn(): void;
  /** What the store holds, or what may be read of it, has changed. */
  changed(): void;
  /** Somebody waits for the model: what is under way is given up, and goes on after the returned function was called. */
  giveWay(): () => void;
  /** Null where nobody makes vectors. */
  status(): VectorsStatus | null;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** So many texts are held here at once. */
const chunksAhead = 128;
/** How much longer than after the first failure it waits at most: five minutes by default. */
const mostPatience = 64;

/** All about one embedder, until another takes its place. */
interface Course extends Asking {
  status: VectorsStatus;
  /** Something may be missing. */
  isDue: boolean;
  waiting: readonly UnvectoredChunk[];
  /** Contents that are passed over until something changes. */
  readonly passed: Set<string>;
  failuresInARow: number;
  notBeforeMs: number;
}

export function createModelVectors(options: ModelVectorsOptions): ModelVectors {
  const { vectors, isAtRest, quietForMs, isExcluded, toAbsolute, onProgress, log, timing } = options;
  /** Of every model that there was: what was learnt of one holds when it is back. */
  const courses = new Map<string, Course>();
  let course: Course | null = null;
  let next: { readonly id: string; readonly sinceMs: number } | null = null;
  let run: Promise<void> | null = null;
  let batchUnderWay: AbortController | null = null;
  let waitingForModel = 0;
  let isClosed = false;
  const said = new Set<string>();

  return {
    goOn() {
      if (run !== null || isClosed) return;
      const embedder = options.embedder();
      const own = embedder === null ? null : courseOf(embedder);
      if (embedder === null || own === null || !isTime(own)) return;
      run = work(embedder, own).finally(() => (run = null));
    },
    changed() {
      for (const each of courses.values()) {
        each.isDue = true;
        each.waiting = [];
        each.passed.clear();
      }
    },
    giveWay() {
      waitingForModel++;
      batchUnderWay?.abort();
      return () => waitingForModel--;
    },
    status: () => (options.embedder() === null ? null : (course?.status ?? null)),
    settled: async () => run ?? undefined,
    async close() {
      isClosed = true;
      batchUnderWay?.abort();
      await run;
    },
  };

  /** Null while it is not sure yet that this one is to stay. */
  function courseOf(embedder: TextEmbedder): Course | null {
    const { id } = embedder;
    if (course?.status.model === id) {
      next = null;
      return course;
    }
    const nowMs = performance.now();
    if (next?.id !== id) next = { id, sinceMs: nowMs };
    if (course !== null && course.status.done > 0 && nowMs - next.sinceMs < timing.switchMs) return null;
    next = null;
    course = courses.get(id) ?? newCourse(embedder);
    // Its vectors may have gone in between.
    course.isDue = true;
    courses.set(id, course);
    onProgress();
    return course;
  }

  function isTime({ isDue, waiting, notBeforeMs }: Course): boolean {
    return !isClosed && (isDue || waiting.length > 0) && performance.now() >= notBeforeMs && isQuiet();
  }

  function isQuiet(): boolean {
    return waitingForModel === 0 && isAtRest() && quietForMs() >= timing.restMs;
  }

  async function work(embedder: TextEmbedder, own: Course): Promise<void> {
    try {
      while (isTime(own) && options.embedder()?.id === embedder.id) {
        if (own.waiting.length === 0) await look(own);
        if (own.waiting.length === 0) return;
        await makeBatch(embedder, own);
      }
    } catch (error) {
      fail(own, error);
    }
  }

  /** Asks the store what is missing; when nothing is and this model serves, the vectors of others go. */
  async function look(own: Course): Promise<void> {
    own.isDue = false;
    const { model } = own.status;
    const { chunks, done, all } = await vectors.missing(model, chunksAhead, [...own.passed]);
    tell(own, { done, all });
    const left = chunks.filter(({ key, path }) => own.hopeless.has(key) || isExcluded(path));
    own.waiting = chunks.filter(chunk => !left.includes(chunk));
    if (own.waiting.length > 0) return;
    for (const { hash } of left) own.passed.add(hash);
    // Behind what is passed over there may be more.
    if (left.length > 0) await look(own);
    else if (done > 0 && done >= all * servingShare && !own.isDue) await vectors.settle(model);
  }

  async function makeBatch(embedder: TextEmbedder, own: Course): Promise<void> {
    const taken = own.waiting.slice(0, own.pace.size);
    const allowed = taken.filter(({ path }) => !isExcluded(path));
    const asked = allowed.map(chunk => ({ ...chunk, path: toAbsolute(chunk.path) }));
    const made = await whileQuiet(signal => askForVectors(embedder, own, asked, signal));
    if (made === null) return;
    // A model that keeps changing is asked less and less.
    own.failuresInARow = own.changes;
    if (made.rows.length > 0) tell(own, { ...(await vectors.put(batchOf(own.status.model, made.rows))), why: '' });
    // What was left out, or not answered, is passed over for now.
    const kept = new Set(made.rows.map(({ key }) => key));
    for (const { hash, key } of taken)
      if (!kept.has(key) && !made.again.has(key) && !own.hopeless.has(key)) own.passed.add(hash);
    own.waiting = own.waiting.filter(
      ({ hash, key }) => !kept.has(key) && !own.hopeless.has(key) && !own.passed.has(hash),
    );
    if (own.waiting.length === 0) own.isDue = true;
  }

  /** Null: given up, as somebody types, or waits for the model. */
  async function whileQuiet<Result>(ask: (signal: AbortSignal) => Promise<Result>): Promise<Result | null> {
    const underWay = new AbortController();
    batchUnderWay = underWay;
    const looking = setInterval(() => {
      if (!isQuiet()) underWay.abort();
    }, timing.lookMs).unref();
    try {
      // A model that does not listen must not keep the rest from going on.
      return await untilAborted(ask(underWay.signal), underWay.signal);
    } catch (error) {
      if (underWay.signal.aborted) return null;
      throw error;
    } finally {
      clearInterval(looking);
      batchUnderWay = null;
    }
  }

  function fail(own: Course, error: unknown): void {
    const waitMs = timing.retryMs * Math.min(mostPatience, 2 ** own.failuresInARow);
    own.failuresInARow++;
    own.notBeforeMs = performance.now() + waitMs;
    own.isDue = true;
    const why = error instanceof Failure ? inWords(error) : 'Vectors could not be made; the log says why.';
    tell(own, { why });
    if (said.has(why)) return;
    said.add(why);
    if (error instanceof Failure) log.warn(`Search goes on without vectors of ${own.status.model}. ${why}`);
    else log.error('Vectors could not be made.', error);
  }

  function tell(own: Course, news: Partial<VectorsStatus>): void {
    own.status = { ...own.status, ...news };
    onProgress();
  }
}

function newCourse({ id, contextTokens }: TextEmbedder): Course {
  return {
    ...newAsking(contextTokens ?? null),
    status: { model: id, done: 0, all: 0, why: '' },
    isDue: true,
    waiting: [],
    passed: new Set(),
    failuresInARow: 0,
    notBeforeMs: 0,
  };
}

function batchOf(embedder: string, rows: readonly ChunkVector[]): VectorBatch {
  const dimensions = rows[0]?.vector.length ?? 0;
  const vectors = new Float32Array(rows.length * dimensions);
  for (const [index, { vector }] of rows.entries()) vectors.set(vector, index * dimensions);
  return { embedder, dimensions, vectors, chunks: rows.map(({ hash, ordinal, key }) => ({ hash, ordinal, key })) };
}
