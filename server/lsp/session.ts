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
  /** Settings of a document's folder, or of the session when null. Live: ask anew for each request. */
  settings(uri: string | null): Settings;
  /** Everything behind the protocol. Loaded after `initialize` was answered; the first requests wait some milliseconds for it. */
  core(): Promise<Core>;
  /** The document that was last focused, opened or changed. */
  activeUri(): string | null;
  setActiveUri(uri: string): void;
  notify(method: string, params: unknown): void;
  request(method: string, params: unknown): Promise<unknown>;
}
