import type { DocSnapshot, TextEdit } from '../base/snapshot.js';
import type { FillInPrompt } from '../model/prompt.js';

export interface GatherRequest {
  readonly snapshot: DocSnapshot;
  readonly offset: number;
  /** For the whole prompt, estimated at 3.5 units a token. */
  readonly budgetTokens: number;
  /** Sources that have not answered by then are left behind; what they find serves the next request. */
  readonly deadlineMs: number;
}

export interface Gathered {
  readonly prompt: FillInPrompt;
  /** For the trace: never code. */
  readonly sources: readonly {
    readonly name: string;
    readonly ms: number;
    readonly passages: number;
    readonly late: boolean;
  }[];
}

/** What a model gets to see besides the file itself. Excluded files never. Never rejects but by its signal. */
export interface Context {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  gather(request: GatherRequest, signal: AbortSignal): Promise<Gathered>;
  /** Files with instructions that are taken notice of, absolute: the status shows them. */
  instructionFiles(): readonly string[];
  dispose(): void;
}
