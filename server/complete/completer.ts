import type { Origin } from '../../index/recall/recall.js';
import type { DocSnapshot, TextEdit } from '../base/snapshot.js';
import type { OutcomeCounts } from '../learn/outcomes.js';
import type { CurrentText, RenewedImports } from './importBook.js';
import type { Switches } from './switches.js';

/** Why there is no suggestion. These names are the contract's: add freely, rename never. */
export type ReasonCode =
  | 'indexing'
  | 'excluded'
  | 'disabled'
  | 'in-comment'
  | 'in-string'
  | 'in-secret'
  | 'inside-word'
  | 'unsure'
  | 'superseded'
  | 'cancelled'
  | 'recently-rejected'
  | 'no-backend'
  | 'budget-reached'
  | 'filtered'
  | 'failed'
  | 'manual-only'
  | 'snoozed'
  | 'not-open'
  | 'popup-differs'
  /** The model has not answered yet; what it says serves the next request. */
  | 'waiting';

export interface CompletionRequest {
  readonly snapshot: DocSnapshot;
  readonly offset: number;
  readonly trigger: 'invoked' | 'automatic';
  /** The item selected in the editor's own popup: a suggestion must begin with `text` and replace the same range. */
  readonly selected: { readonly start: number; readonly end: number; readonly text: string } | null;
  /** The client puts imports in by itself, so that they are needed with the answer. */
  readonly withImports?: boolean;
}

export interface Completion {
  /** Stable for the life of the suggestion, also while it is typed along. */
  readonly id: string;
  /** Replaces [start, end) of the snapshot; start ≤ offset ≤ end, all on the line of the cursor. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly confidence: number;
  readonly source: 'recall' | 'model';
  readonly origin: CompletionOrigin;
  /** What the text needs and the document does not import, where the request wants it: changes elsewhere in the document. */
  readonly imports: readonly TextEdit[];
}

/** Where recall has seen it, or which model wrote it, as `backend/model`. */
export type CompletionOrigin =
  Origin | { readonly kind: 'model'; readonly path: null; readonly line: 0; readonly model: string };

export interface CompletionAnswer {
  readonly items: readonly Completion[];
  /** Null exactly when there are items. */
  readonly reason: ReasonCode | null;
  /** Steps with their milliseconds, for the trace. Never code. */
  readonly steps: readonly { readonly name: string; readonly ms: number }[];
}

/** The inline pipeline. Documents are fed to it; requests name one of their versions. */
export interface Completer {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  complete(request: CompletionRequest, signal: AbortSignal): Promise<CompletionAnswer>;
  /** The client says so itself, by command or by notification; otherwise it is inferred from the text that follows. */
  accepted(id: string): void;
  /** `length` units of the text, counted from its start, are in the document now. */
  partlyAccepted(id: string, length: number): void;
  /** What an accepted text needs and its document does not import: edits of the document as it is then. */
  importsOf(id: string, current: CurrentText): Promise<RenewedImports | null>;
  /** The client has drawn it now, not when it was answered. */
  shown(id: string): void;
  /** What became of suggestions since the start, by language id. Counts only, never code. */
  outcomes(): Readonly<Record<string, OutcomeCounts>>;
  /** A model has answered after its request was over: asked again there, it would be shown. */
  onReady(listener: (uri: string) => void): () => void;
  /** Off and on for a file, a language or all, and the snooze. */
  readonly switches: Switches;
}
