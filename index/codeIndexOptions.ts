import type { Entries } from '../server/base/entries.js';
import type { Log } from '../server/base/log.js';
import type { CodeIndex } from './codeIndex.js';
import type { TextEmbedder } from './embed/textEmbedder.js';
import type { Store } from './store.js';
import type { StartWatcher } from './watch.js';
import type { WorkerPool } from './workerPool.js';

export interface CodeIndexOptions {
  /** Absolute, as the client names it; may be a link. */
  readonly folder: string;
  /** Where what need not be read again is remembered; null where there is no cache. */
  readonly cacheFolder: string | null;
  readonly store: Store;
  readonly entries: Pick<Entries, 'indexWorker' | 'wasmFolder' | 'queryFolder'>;
  settings(): { readonly exclude: readonly string[]; readonly maxFileKb: number };
  readonly log: Log;
  /** Shared by all folders of a session; without one the index has its own, of `workers` threads. */
  readonly pool?: WorkerPool;
  readonly workers?: number;
  /** Folders inside that are indexed by another one. Absolute. */
  readonly except?: () => readonly string[];
  /** Folders of open documents, absolute: files close to them come first. */
  near?(): readonly string[];
  /** Called once, after the first scan: all files that may be read, nearest first, absolute. */
  onScanned(files: readonly { readonly path: string; readonly size: number; readonly mtimeMs: number }[]): void;
  /** A file changed after the first scan: its text, or null when it is gone or may not be read any more. */
  onFile(path: string, text: string | null): void;
  /** Makes vectors of all chunks when there is nothing else to do; null: nobody does now. */
  embedder?(): TextEmbedder | null;
  /** How long nobody has typed, in milliseconds; always 0 where none are to be made. */
  quietForMs?(): number;
  readonly watch?: boolean;
  readonly startWatcher?: StartWatcher;
  readonly timing?: Partial<IndexTiming>;
  /** The user's home folder: it, and what lies above it, is too broad to be indexed whole. */
  readonly home?: string;
}

export interface IndexTiming {
  /** Between scans that make up for lost events. */
  readonly reconcileMs: number;
  /** What was saved waits so long for company before it is written to the store. */
  readonly flushMs: number;
  /** Between attempts to use a store that failed. */
  readonly retryMs: number;
  /** Between calls of `onProgress`. */
  readonly progressMs: number;
  /** Between looks whether a folder that is gone is back. */
  readonly missingMs: number;
  /** Hands have rested so long before vectors are made. */
  readonly restMs: number;
  /** Between looks whether vectors are missing, or have to wait. */
  readonly lookMs: number;
  /** How long another model has to be there before it makes all vectors anew. */
  readonly switchMs: number;
  /** After a failure of the model that makes vectors; doubled with each further one. */
  readonly modelRetryMs: number;
}

/** Beside CodeIndex: what its owner does with it. */
export interface LocalCodeIndex extends CodeIndex {
  /** Looks at the whole folder now: settings have changed, or events may be lost. Resolves when all is indexed. */
  reconcile(): Promise<void>;
  /** Resolves when changes by other programs are noticed from then on. */
  watching(): Promise<void>;
  /** Writes what waits, and resolves when nothing is under way, the background pass included. */
  settle(): Promise<void>;
}
