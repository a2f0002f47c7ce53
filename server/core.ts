import type { CodeIndex, IndexStatus, SearchHit, SearchOptions, SkipReason } from '../index/codeIndex.js';
import type { Recall } from '../index/recall/recall.js';
import type { Trees } from '../grammars/trees.js';
import type { Entries } from './base/entries.js';
import type { Log } from './base/log.js';
import type { DocSnapshot, TextEdit } from './base/snapshot.js';
import type { Completer } from './complete/completer.js';
import type { Settings } from './config/schema.js';
import type { Context } from './context/context.js';
import type { Gate } from './validate/gate.js';
import type { Workplace } from './validate/validator.js';
import type { Models } from './model/models.js';
import type { Found } from './model/probing.js';
import type { Audit } from './trust/audit.js';
import type { Journal } from './trust/journal/createJournal.js';
import type { Trust } from './trust/trust.js';

export interface CoreOptions {
  /** Absolute paths. */
  readonly folders: readonly string[];
  readonly entries: Entries;
  /** Settings that hold for a file or a folder (absolute path), or for the session when null. Asked anew each time. */
  readonly settings: (path: string | null) => Settings;
  /** Where caches go: the platform's cache folder, `understudy`. */
  readonly cacheRoot: string;
  /** What a person would miss: ledger, spending. The platform's state folder, `understudy`. */
  readonly stateRoot: string;
  /** Who said that what lies in a folder may run; nobody where it is not given. */
  readonly trust?: Trust;
  /** The environment that keys are taken from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Finds servers with models on this machine; the usual places where it is not given. */
  readonly discover?: (signal: AbortSignal) => Promise<readonly Found[]>;
  /** False for a command that is over soon. */
  readonly watch: boolean;
}

export interface FolderStatus {
  readonly folder: string;
  readonly index: IndexStatus;
}

export interface CoreStatus {
  readonly state: 'ready' | 'indexing' | 'degraded' | 'disabled';
  /** What is missing, in sentences a person can act on; the empty string when all is well. */
  readonly message: string;
  readonly folders: readonly FolderStatus[];
}

/** Everything behind the protocol, for the language server and the command line alike. */
export interface Core {
  readonly completer: Completer;
  readonly recall: Recall;
  readonly trees: Trees;
  readonly models: Models;
  readonly context: Context;
  /** What everything that is generated has to pass. */
  readonly gate: Gate;
  /** Where a file (absolute path) is judged. */
  workplace(path: string): Workplace;
  readonly trust: Trust;
  /** Applies edits of several files so that they can be taken back. */
  readonly journal: Journal;
  /** What was proposed, checked, applied, refused. */
  readonly audit: Audit;
  /** Starts scanning all folders. Resolves when the first pass of each is done and recall has been built. */
  start(onProgress: (status: CoreStatus) => void, signal: AbortSignal): Promise<void>;
  addFolder(folder: string): void;
  removeFolder(folder: string): Promise<void>;
  index(folder: string): CodeIndex | null;
  /** Best first, over all folders. */
  search(query: string, options: SearchOptions, signal: AbortSignal): Promise<readonly SearchHit[]>;
  /** Why a file is neither indexed nor completed, or null. Files outside all folders are judged by their name alone. */
  exclusion(path: string): SkipReason | null;
  fileChanged(path: string): void;
  /** Settings that decide what is indexed may have changed. */
  settingsChanged(): void;
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  status(): CoreStatus;
  onStatus(listener: () => void): () => void;
  /** Ends every thread and process of ours. */
  dispose(): Promise<void>;
}
