import type { Range } from '../base/position.js';
import type { DocSnapshot, TextEdit } from '../base/snapshot.js';
import type { FillInPrompt } from '../model/prompt.js';

export interface GatherRequest {
  readonly snapshot: DocSnapshot;
  readonly offset: number;
  /** For the whole prompt, estimated at 3.5 units a token. */
  readonly budgetTokens: number;
  /** Sources that have not answered by then are left behind; what they find serves the next request. */
  readonly deadlineMs: number;
  /**
   * Whether what is typed in the cursor's line may bring passages in: what is called there is then known, and all that
   * stands behind in the prompt is read anew by the model. For backends that read fast. False when absent.
   */
  readonly followsTyping?: boolean;
}

export interface Gathered {
  readonly prompt: FillInPrompt;
  /** For the trace: never code. */
  readonly sources: readonly {
    readonly name: string;
    readonly ms: number;
    /** How many of the prompt's passages it found. */
    readonly passages: number;
    readonly late: boolean;
  }[];
}

/** What another program said of a document: LSP's diagnostics, as far as a model has use for them. */
export interface KnownDiagnostic {
  readonly range: Range;
  readonly message: string;
}

/** What a model gets to see besides the file itself. Excluded files never. Never rejects but by its signal. */
export interface Context {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  /** All that is wrong with a document, as far as is known; an empty list when nothing is. */
  diagnostics(uri: string, list: readonly KnownDiagnostic[]): void;
  gather(request: GatherRequest, signal: AbortSignal): Promise<Gathered>;
  /** Files with instructions that are taken notice of, absolute: the status shows them. */
  instructionFiles(): readonly string[];
  dispose(): void;
}
