import type { FileContent, FileRecord } from './store.js';
import type { Reference, SkipReason } from './codeIndex.js';
import type { RuleFile } from './exclusions.js';
import type { ScanOptions } from './scan.js';

/** What the threads are asked; each job is whole in itself, so that any thread of any workspace can do it. */
export type Job = ScanJob | ReadJob;

/** Walks the folder. `near` are folders relative to it: files close to them come first. */
export interface ScanJob extends ScanOptions {
  readonly kind: 'scan';
  readonly near: readonly string[];
}

export interface ReadJob {
  readonly kind: 'read';
  readonly folder: string;
  readonly maxFileKb: number;
  readonly files: readonly FileToRead[];
  readonly want: Want;
  /** Whether texts come back as well: who completes from them must hear of changes. */
  readonly withText: boolean;
}

export interface FileToRead {
  readonly path: string;
  /** Without its grammar: it has ended a thread before. */
  readonly plain: boolean;
}

/**
 * `hash`: what its content is called. `contents`: chunks and symbols as well, packed. `references`: names it uses, packed.
 * `live`: all of it, unpacked, for a file that was just saved.
 */
export type Want = 'hash' | 'contents' | 'references' | 'live';

export interface Answers {
  readonly scan: ScanAnswer;
  readonly read: ReadAnswer;
}

/** The files in columns: thousands of small objects would take the main thread milliseconds to receive. */
export interface ScanAnswer {
  /** Relative paths, each ended by NUL. */
  readonly paths: string;
  readonly sizes: Float64Array;
  readonly mtimesMs: Float64Array;
  readonly folders: readonly string[];
  readonly skippedFolders: readonly (readonly [path: string, reason: SkipReason])[];
  readonly ruleFiles: readonly RuleFile[];
  readonly base: string;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly isCut: boolean;
}

export interface ReadAnswer {
  readonly outcomes: readonly ReadOutcome[];
  /** `PackedContents`, or null where nothing was wanted: the main thread passes it on unopened. */
  readonly packed: Uint8Array<ArrayBuffer> | null;
}

export type ReadOutcome =
  | { readonly state: 'gone' | 'folder'; readonly path: string }
  | {
      readonly state: 'skipped';
      readonly path: string;
      readonly reason: SkipReason;
      readonly size: number;
      readonly mtimeMs: number;
    }
  | {
      readonly state: 'read';
      readonly record: FileRecord;
      readonly chunks: number;
      readonly symbols: number;
      readonly text: string | null;
      readonly live: LiveFile | null;
    };

/** A saved file, as the overlay holds it. */
export interface LiveFile {
  readonly record: FileRecord;
  readonly content: FileContent;
  readonly references: readonly Reference[];
}

/** Messages between pool and thread. */
export interface JobMessage {
  readonly id: number;
  readonly job: Job;
}
export type AnswerMessage =
  | { readonly id: number; readonly answer: Answers[Job['kind']] }
  | { readonly id: number; readonly failed: string; readonly code: string | null };

export interface WorkerStart {
  /** URLs as text. */
  readonly wasmFolder: string;
  readonly queryFolder: string;
  /** [0]: number of the file at work, -1 before the first, so that whoever finds the thread dead knows which file it was. */
  readonly progress: Int32Array;
}
