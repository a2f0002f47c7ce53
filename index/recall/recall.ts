import type { DocSnapshot, TextEdit } from '../../server/base/snapshot.js';

/** A continuation that the workspace's own code makes likely. */
export interface Suggestion {
  /** Replaces [start, end) of the snapshot. `text` begins with what is already typed of the token at the cursor. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Calibrated probability that all of `text` is what comes next. */
  readonly confidence: number;
  /** For each end of a token in `text`, in order: where it ends, and the probability that all up to there is right. */
  readonly steps: readonly { readonly end: number; readonly confidence: number }[];
  readonly origin: Origin;
}

/** Where the longest piece of a suggestion was seen. */
export interface Origin {
  readonly kind: 'workspace' | 'document' | 'deleted' | 'scope';
  /** Absolute path, or the document's own; null where none applies. */
  readonly path: string | null;
  /** From 1; 0 where none applies. */
  readonly line: number;
}

export type Silence = 'unsure' | 'inside-word' | 'in-string' | 'in-comment' | 'indexing' | 'excluded';

export interface SuggestOptions {
  /** The text ends where the probability of all of it falls below this. */
  readonly minConfidence: number;
  /** Shorter suggestions, counted in units right of the cursor, are not made. */
  readonly minChars: number;
  readonly maxLines: number;
  /** Text that must not be offered at this place: what was just rejected there. */
  readonly rejected?: readonly string[];
}

/**
 * The model-free engine. Synchronous, bounded, on the main thread; what is heavy is built elsewhere and handed over.
 * Never throws for any snapshot and offset that is inside it.
 */
export interface Recall {
  open(snapshot: DocSnapshot): void;
  /** `edits` lead from the version before to `snapshot`, in order; deleted text becomes a source. */
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  suggest(snapshot: DocSnapshot, offset: number, options: SuggestOptions): Suggestion | { readonly silence: Silence };
  /** A file on disk is new or changed (text) or gone (null). Cheap: at most some milliseconds for one file. */
  updateFile(path: string, text: string | null): void;
  /** Whether a word stands in the workspace's files, in an open document or in what was just deleted from one. Fast. */
  knows(word: string): boolean;
  stats(): RecallStats;
}

export interface RecallStats {
  readonly files: number;
  readonly tokens: number;
  readonly vocabulary: number;
  readonly bytes: number;
  /** Files left out because memory is capped. */
  readonly leftOut: number;
}
