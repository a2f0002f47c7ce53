import type { Finding, SourceFile } from '../validator.js';

/** Rules for every keystroke, and those for what is proposed. */
export type CodeRuleSet = 'syntax' | 'security';

/** What each set of rules finds in a file; null: it cannot be parsed, or is nested too deeply. */
export type CodeFound = Readonly<Partial<Record<CodeRuleSet, readonly Finding[] | null>>>;

export interface CodeRequest {
  readonly id: number;
  readonly rules: readonly CodeRuleSet[];
  readonly file: SourceFile;
}

export interface CodeReply {
  readonly id: number;
  readonly found: CodeFound;
}
