import type { ChunkVectors } from './chunkVectors.js';
import type { Chunk, CodeSymbol, IndexStatus, Reference } from './codeIndex.js';

/** What the catalogue knows of one file. `path` is relative to the folder, with `/`. */
export interface FileRecord {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** First 16 hex digits of the SHA-256 of the bytes: the key of its content. */
  readonly hash: string;
  readonly language: string;
}

/** What was extracted from one content; the same for every file that has these bytes and this language. */
export interface FileContent {
  readonly hash: string;
  readonly chunks: readonly Chunk[];
  readonly symbols: readonly CodeSymbol[];
}

export interface StoreBatch {
  readonly files: readonly FileRecord[];
  /** Contents that the store may not have yet. One it has already is left as it is. */
  readonly contents: readonly FileContent[];
  readonly references: readonly { readonly hash: string; readonly references: readonly Reference[] }[];
  readonly removedPaths: readonly string[];
  /** More contents and references, as the threads packed them (`packContents`): the main thread need not open them. */
  readonly packed?: readonly Uint8Array[];
}

export interface StoreHit {
  readonly path: string;
  readonly chunk: Chunk;
}

/** A name with so many definitions says nothing beside others. */
export const commonDefinitions = 40;

/** One ranking a source, best first. */
export interface StoreRankings {
  readonly text: readonly StoreHit[];
  readonly vector: readonly StoreHit[];
  readonly symbol: readonly StoreHit[];
}

export interface StoreQuery {
  readonly query: string;
  readonly limit: number;
  readonly sources: readonly ('text' | 'vector' | 'symbol')[];
}

export interface Opening {
  /** `rebuilt`: what was there was damaged or of another version, and has been set aside; `message` says so, once. */
  readonly state: 'created' | 'sound' | 'rebuilt';
  readonly message: string | null;
  /** Another process holds the writer's lock: queries see what it has committed, `commit` tries the lock again. */
  readonly readOnly: boolean;
  readonly files: readonly FileRecord[];
  readonly counts: Pick<IndexStatus, 'chunks' | 'symbols'>;
  /** Hashes of live contents whose references have not been committed yet. */
  readonly withoutReferences?: readonly string[];
}

/**
 * The store of one workspace folder, as the index sees it. The real one speaks to the child process that alone loads
 * LanceDB; the child starts at the first call that needs it and ends when idle. A second one, in memory, serves tests.
 * Rejects with a Failure: `locked` (another process writes; its pid in the message), `disk-full`, `read-only`,
 * `permission`, `unavailable` (LanceDB cannot be loaded), `damaged`.
 */
export interface Store {
  /** Takes the writer's lock. */
  open(): Promise<Opening>;
  /** All of it or nothing is seen afterwards, also when the process is killed in between. */
  commit(batch: StoreBatch): Promise<void>;
  /** Of these content hashes, those that are stored. */
  known(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  rankings(query: StoreQuery, signal: AbortSignal): Promise<StoreRankings>;
  /** Of several names, those with more than `commonDefinitions` are left out. */
  definitions(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (CodeSymbol & { readonly path: string })[]>;
  references(name: string, signal: AbortSignal): Promise<readonly (Reference & { readonly path: string })[]>;
  /**
   * Builds missing indexes, compacts, cleans up, drops contents that no file has had for long. Cheap when nothing is due.
   * Answers what the files have now; null where another process writes.
   */
  maintain(): Promise<Opening['counts'] | null>;
  /** Vectors of models; absent where nothing is kept, as they would have to be made anew each time. */
  readonly vectors?: ChunkVectors;
  /** Gives the lock back. */
  close(): Promise<void>;
}
