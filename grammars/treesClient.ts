import { Worker } from 'node:worker_threads';
import type { Log } from '../server/base/log.js';
import { onAbort } from '../server/base/onAbort.js';
import type { DocSnapshot } from '../server/base/snapshot.js';
import type { GrammarFolders } from './parse.js';
import { languageOf } from './registry.js';
import type { TreeReply, TreeRequest, TreeThreadData } from './treeMessages.js';
import type { CheckRequest, CheckResult, Shape, Surroundings, Trees } from './trees.js';

export interface TreesOptions extends GrammarFolders {
  /** grammars/treeThread. */
  readonly entry: URL;
  readonly log: Log;
  /** How long a question may take before it is answered with `unknown` or null. */
  readonly deadlineMs?: number;
  /** How long the thread outlives the last call. */
  readonly idleMs?: number;
  /** Wait before the thread is started again after a failure; doubled with each further one. */
  readonly backOffMs?: number;
}

/**
 * Trees in a thread of their own, which starts at the first call, ends when idle and is replaced when it dies. Only
 * the snapshots of the open documents are held here, from which every new thread begins.
 */
export function createTrees(options: TreesOptions): Trees {
  return new ThreadedTrees(options);
}

interface Thread {
  readonly worker: Worker;
  ready: boolean;
}

interface Question {
  readonly thread: Thread;
  readonly askedAt: number;
  /** With null where there will be no answer. */
  settle(value: unknown): void;
}

const maxBackOffMs = 30_000;
/** A thread that has not answered for so long never will. */
const stuckMs = 10_000;
/** What a model says is asked more about, and has taken long enough that a few milliseconds more are not felt. */
const patience = 4;
/** A document that has killed this many threads gets no tree any more until it is opened again. */
const maxDeathsPerDocument = 2;

class ThreadedTrees implements Trees {
  readonly #options: Required<TreesOptions>;
  readonly #snapshots = new Map<string, DocSnapshot>();
  readonly #deaths = new Map<string, number>();
  readonly #questions = new Map<number, Question>();
  #thread: Thread | null = null;
  #nextId = 0;
  #failures = 0;
  #waitUntil = 0;
  #idleTimer: NodeJS.Timeout | null = null;
  #disposed = false;

  constructor(options: TreesOptions) {
    this.#options = { deadlineMs: 8, idleMs: 20_000, backOffMs: 250, ...options };
  }

  open(snapshot: DocSnapshot): void {
    this.#deaths.delete(snapshot.uri);
    if (!hasGrammar(snapshot)) return;
    this.#snapshots.set(snapshot.uri, snapshot);
    if (this.#thread !== null) this.#tell({ type: 'open', snapshot });
    else this.#wake();
    this.#postponeRest();
  }

  change(snapshot: DocSnapshot, edits: Parameters<Trees['change']>[1]): void {
    const { uri, version, text } = snapshot;
    if (!this.#snapshots.has(uri)) return;
    this.#snapshots.set(uri, snapshot);
    if (this.#thread !== null) this.#tell({ type: 'change', uri, version, edits, length: text.length });
    else this.#wake();
    this.#postponeRest();
  }

  close(uri: string): void {
    this.#deaths.delete(uri);
    if (this.#snapshots.delete(uri)) this.#tell({ type: 'close', uri });
  }

  async check(request: CheckRequest, signal: AbortSignal): Promise<CheckResult> {
    const isModels = (request.mayLeaveOpen ?? 'anything') !== 'anything';
    const deadlineMs = this.#options.deadlineMs * (isModels ? patience : 1);
    const value = await this.#ask(request.uri, id => ({ type: 'check', id, request, deadlineMs }), signal, deadlineMs);
    return isCheckResult(value) ? value : { keep: request.text.length, verdict: 'unknown' };
  }

  async surroundings(uri: string, version: number, offset: number, signal: AbortSignal): Promise<Surroundings | null> {
    const value = await this.#ask(uri, id => ({ type: 'surroundings', id, uri, version, offset }), signal);
    return isSurroundings(value) ? value : null;
  }

  async shape(uri: string, version: number, offset: number, signal: AbortSignal): Promise<Shape | null> {
    const value = await this.#ask(uri, id => ({ type: 'shape', id, uri, version, offset }), signal);
    return isShape(value) ? value : null;
  }

  async rest(): Promise<void> {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    const thread = this.#thread;
    if (thread === null) return;
    this.#drop(thread);
    await thread.worker.terminate();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#snapshots.clear();
    await this.rest();
  }

  /** Null where there is no answer in time. Rejects only with the signal's reason. */
  #ask(
    uri: string,
    request: (id: number) => TreeRequest,
    signal: AbortSignal,
    deadlineMs = this.#options.deadlineMs,
  ): Promise<unknown> {
    signal.throwIfAborted();
    if (!this.#snapshots.has(uri)) return Promise.resolve(null);
    this.#endIfStuck();
    this.#wake();
    this.#postponeRest();
    const thread = this.#thread;
    if (thread?.ready !== true) return Promise.resolve(null);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const settle = (value: unknown): void => {
        clearTimeout(timer);
        stop();
        resolve(value);
      };
      const timer = setTimeout(() => settle(null), deadlineMs);
      const stop = onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
      // Kept past the deadline: that it is never answered shows that the thread is stuck.
      this.#questions.set(id, { thread, askedAt: performance.now(), settle });
      thread.worker.postMessage(request(id));
    });
  }

  #tell(request: TreeRequest): void {
    this.#thread?.worker.postMessage(request);
  }

  #wake(): void {
    if (this.#thread !== null || this.#disposed || performance.now() < this.#waitUntil) return;
    const workerData: TreeThreadData = {
      wasmFolder: this.#options.wasmFolder.href,
      queryFolder: this.#options.queryFolder.href,
    };
    const thread: Thread = { worker: new Worker(this.#options.entry, { workerData }), ready: false };
    this.#thread = thread;
    thread.worker.unref();
    thread.worker.on('message', (reply: TreeReply) => this.#hear(thread, reply));
    thread.worker.on('error', error => this.#fail(thread, 'it threw', error));
    thread.worker.on('exit', () => this.#fail(thread, 'it ended'));
    for (const snapshot of this.#snapshots.values()) {
      if ((this.#deaths.get(snapshot.uri) ?? 0) < maxDeathsPerDocument) this.#tell({ type: 'open', snapshot });
    }
  }

  #hear(thread: Thread, reply: TreeReply): void {
    if (thread !== this.#thread) return;
    switch (reply.type) {
      case 'ready':
        thread.ready = true;
        return;
      case 'answer':
        this.#failures = 0;
        this.#questions.get(reply.id)?.settle(reply.value);
        this.#questions.delete(reply.id);
        return;
      case 'lost': {
        const snapshot = this.#snapshots.get(reply.uri);
        if (snapshot !== undefined) this.#tell({ type: 'open', snapshot });
        return;
      }
      case 'unloadable':
        this.#options.log.warn(`The grammar ${reply.grammar} cannot be loaded: ${reply.message}`);
        return;
      case 'aborted':
        if (reply.uri !== null) this.#deaths.set(reply.uri, (this.#deaths.get(reply.uri) ?? 0) + 1);
        this.#fail(thread, `the grammar ${reply.grammar} aborted`);
    }
  }

  /** The thread is gone or must go; the next call after a wait starts another. */
  #fail(thread: Thread, why: string, error?: unknown): void {
    if (thread !== this.#thread) return;
    this.#drop(thread);
    void thread.worker.terminate(); // Nothing waits for a thread that is given up.
    const waitMs = Math.min(maxBackOffMs, this.#options.backOffMs * 2 ** this.#failures);
    this.#failures++;
    this.#waitUntil = performance.now() + waitMs;
    this.#options.log.warn(`The syntax thread failed (${why}); it is started again after ${waitMs} ms.`, error);
  }

  #drop(thread: Thread): void {
    this.#thread = null;
    for (const [id, question] of this.#questions) {
      if (question.thread !== thread) continue;
      this.#questions.delete(id);
      question.settle(null);
    }
  }

  #endIfStuck(): void {
    const [oldest] = this.#questions.values();
    if (oldest !== undefined && performance.now() - oldest.askedAt > stuckMs) this.#fail(oldest.thread, 'it was stuck');
  }

  #postponeRest(): void {
    if (this.#idleTimer !== null) return void this.#idleTimer.refresh();
    // Nothing waits for the end of an idle thread.
    this.#idleTimer = setTimeout(() => void this.rest(), this.#options.idleMs);
    this.#idleTimer.unref();
  }
}

function hasGrammar({ path, languageId, text }: DocSnapshot): boolean {
  return (languageOf(path, languageId, text.slice(0, 4000))?.grammar ?? null) !== null;
}

function isCheckResult(value: unknown): value is CheckResult {
  return typeof value === 'object' && value !== null && 'keep' in value;
}

function isSurroundings(value: unknown): value is Surroundings {
  return typeof value === 'object' && value !== null && 'scopes' in value;
}

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && 'extent' in value;
}
