import type { Finding, Reach, SourceFile, Workplace } from './validator.js';

/** One file before and after. `before` is null where it is new, `after` where it goes. */
export interface FileChange {
  /** Absolute. */
  readonly path: string;
  /** Where it lay before, absolute, if it was moved; `before` is its text there. */
  readonly from?: string | null;
  readonly languageId: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** How one validator fared. */
export interface Check {
  readonly id: string;
  /** `skipped`: it has nothing to say of these files, or is not trusted to run; then it is no pass. */
  readonly state: 'passed' | 'found' | 'unknown' | 'skipped';
  /** Why it is unknown or skipped; null else. */
  readonly why: string | null;
  readonly remedy: string | null;
  readonly missing: string | null;
  /** Paths of those files of which it has judged nothing, where that is known. */
  readonly notJudged: readonly string[];
  readonly ms: number;
}

/** What is done about a finding: `refuse` keeps the change from the editor, `warn` shows it, `ignore` does neither. */
export type Consequence = 'refuse' | 'warn' | 'ignore';

export interface Issue extends Finding {
  readonly consequence: Exclude<Consequence, 'ignore'>;
}

/** What the gate says of a change. */
export interface Judgement {
  /** No issue is to be refused. That says nothing of what is unknown: `checks` does. */
  readonly valid: boolean;
  /** Worst first, then by file and place. */
  readonly issues: readonly Issue[];
  /** The same for a model to mend, compactly; the empty string where there is nothing. */
  readonly feedback: string;
  readonly checks: readonly Check[];
}

export interface Gate {
  /** What the change newly adds. */
  judge(change: readonly FileChange[], workplace: Workplace, reach: Reach, signal: AbortSignal): Promise<Judgement>;
  /** All that is wrong with files as they are. */
  examine(files: readonly SourceFile[], workplace: Workplace, reach: Reach, signal: AbortSignal): Promise<Judgement>;
  /** Tools that were missing so far, in sentences with what to do, each once. */
  notices(): readonly string[];
  /** Gives back what checkers hold, when nobody has asked for a while or at the end. */
  dispose(): Promise<void>;
}
