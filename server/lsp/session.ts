import type { Log } from '../base/log.js';
import type { Settings } from '../config/schema.js';
import type { Core } from '../core.js';
import type { ClientAbilities } from './clientAbilities.js';
import type { Documents } from './documents.js';
import type { TraceBook } from './traceBook.js';

/** One connected editor: its documents, abilities and settings, and the core behind it. Handed to every feature. */
export interface Session {
  readonly client: ClientAbilities;
  readonly documents: Documents;
  readonly trace: TraceBook;
  readonly log: Log;
  /** Absolute paths of the workspace's folders. */
  folders(): readonly string[];
  /** What the client tells of its folders, before or after the core was loaded. Paths. */
  changeFolders(added: readonly string[], removed: readonly string[]): Promise<void>;
  /** Settings of a document's folder, or of the session when null. Live: ask anew for each request. */
  settings(uri: string | null): Settings;
  /** Asks the client for its settings where it can be asked, else takes what it sent. */
  refreshConfiguration(sent: unknown): Promise<void>;
  /** Resolves when the client has told its settings for the first time, or could not. */
  readonly configured: Promise<void>;
  /** Reads the settings files again if `path` is one of them; says whether it is. */
  settingsFileChanged(path: string): boolean;
  onSettings(listener: () => void): void;
  /** Everything behind the protocol. Loaded after `initialize` was answered; the first requests wait some milliseconds for it. */
  core(): Promise<Core>;
  /** The core if it is loaded already. */
  loadedCore(): Core | null;
  /** The document that was last focused, opened or changed. */
  activeUri(): string | null;
  setActiveUri(uri: string): void;
  /** Called when a client may be spoken to freely: after `initialized`. */
  onInitialized(listener: () => void): void;
  /** Aborted when the session is over. */
  readonly ended: AbortSignal;
  /** Something that the status shows may have changed. */
  statusChanged(): void;
  onStatus(listener: () => void): void;
  notify(method: string, params: unknown): void;
  request(method: string, params: unknown): Promise<unknown>;
}
