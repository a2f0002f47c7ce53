import type { DocSnapshot, TextEdit } from '../server/base/snapshot.js';

/** Where a suggestion is to be put: `text` replaces [start, end) of the version named. */
export interface CheckRequest {
  readonly uri: string;
  readonly version: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What the text may leave open at its end; `anything` where nothing is said. */
  readonly mayLeaveOpen?: LeftOpen;
}

/**
 * `anything`: the person types on from wherever it ends. `brackets`: more is on its way, but no comment and no string may
 * swallow what follows. `nothing`: it is all there is, and stands on its own, or opens a body that is to be written next.
 */
export type LeftOpen = 'anything' | 'brackets' | 'nothing';

export interface CheckResult {
  /** How many utf-16 units of `text`, from its start, may be shown; 0: none. Always at a token boundary. */
  readonly keep: number;
  /** `unknown`: no grammar, the thread was busy past the deadline, or it is being restarted. Then `keep` is the whole text. */
  readonly verdict: 'passed' | 'cut' | 'refused' | 'unknown';
}

/** What the syntax tree says of a place. */
export interface Surroundings {
  readonly inComment: boolean;
  readonly inString: boolean;
  /** Names of the enclosing definitions, outermost first. */
  readonly scopes: readonly string[];
}

/** How much may be written at a place, as far as syntax tree and text tell. */
export interface Shape {
  /**
   * `none`: inside a word, or in finished code that goes on right of the cursor. `line`: a statement, or the rest of one.
   * `block`: the body of what has just been opened, or the end of one.
   */
  readonly extent: 'none' | 'line' | 'block';
  /** Where the construct begins whose body would be written, else the cursor's line, in columns: a tab counts four. */
  readonly blockColumn: number;
  /** The bracket, `:` or word that opened the body; null where `extent` is not `block`. */
  readonly opener: string | null;
  /** Inside a comment or a string: what is written there is no code, and ends with its line. */
  readonly isQuoted: boolean;
}

/**
 * Trees of open documents, in a thread that can be restarted: an aborted grammar kills its whole wasm module.
 * Calls for versions that the thread has not seen answer `unknown` or null. Nothing here rejects but by its signal.
 */
export interface Trees {
  open(snapshot: DocSnapshot): void;
  /** `edits` lead from the version before to `snapshot`, in order. */
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  check(request: CheckRequest, signal: AbortSignal): Promise<CheckResult>;
  surroundings(uri: string, version: number, offset: number, signal: AbortSignal): Promise<Surroundings | null>;
  /** Null also where there is no grammar: `shapeByText` says then what the text alone tells. */
  shape(uri: string, version: number, offset: number, signal: AbortSignal): Promise<Shape | null>;
  /** Ends the thread when it has been idle; the next call starts it again from the snapshots it holds. */
  rest(): Promise<void>;
  dispose(): Promise<void>;
}
