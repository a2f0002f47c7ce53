import type { Finding, SourceFile } from '../validator.js';

/** `workerData` of the code thread. */
export interface CodeThreadData {
  readonly wasmFolder: string;
  readonly queryFolder: string;
}

/** Rules for every keystroke, and those for what is proposed. */
export type CodeRuleSet = 'syntax' | 'security';

export interface CodeRequest {
  readonly id: number;
  readonly rules: CodeRuleSet;
  readonly file: SourceFile;
}

export interface CodeReply {
  readonly id: number;
  /** Null: it cannot be parsed. */
  readonly findings: readonly Finding[] | null;
}
