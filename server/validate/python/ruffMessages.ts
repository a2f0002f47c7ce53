/** What is asked of the thread; `id` tells its answer. */
export type RuffRequest =
  | { readonly type: 'check'; readonly id: number; readonly text: string; readonly select: readonly string[] }
  | { readonly type: 'format'; readonly id: number; readonly text: string; readonly style: RuffStyle };

export type RuffReply =
  | { readonly type: 'checked'; readonly id: number; readonly diagnostics: readonly RuffDiagnostic[] }
  | { readonly type: 'formatted'; readonly id: number; readonly text: string | null }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

export interface RuffDiagnostic {
  /** Such as F821; `invalid-syntax` for what is no Python. */
  readonly code: string;
  readonly message: string;
  /** [start, end) in utf-16 units. */
  readonly start: number;
  readonly end: number;
}

/** How text is laid out; what is absent is as Ruff has it. */
export interface RuffStyle {
  readonly lineLength?: number;
  readonly indentWidth?: number;
  readonly indentStyle?: 'space' | 'tab';
  readonly quoteStyle?: 'single' | 'double' | 'preserve';
  readonly magicTrailingComma?: 'respect' | 'ignore';
}
