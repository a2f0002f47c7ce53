import type { CodeIndex } from '../../index/codeIndex.js';
import type { Settings } from '../config/schema.js';
import type { PackagesTaken } from './packages/taken.js';
import type { Overlay } from './stateFiles.js';

/** Worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One file of a state that is judged: as it is on disk, as it is being edited, or as it would be. */
export interface SourceFile {
  /** Absolute. The file need not exist, nor hold this text. */
  readonly path: string;
  /** Of the registry of grammars where it knows the file, else the client's, else the empty string. */
  readonly languageId: string;
  readonly text: string;
}

/** Replaces [start, end) of a file's text, offsets in utf-16 units. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a validator objects to. */
export interface Finding {
  /** `validator/name`, kebab-case, such as `security/eval-of-built-string`. Stable: policies and baselines name it. */
  readonly rule: string;
  readonly severity: Severity;
  /** One of the files judged. */
  readonly path: string;
  /** [start, end) in the text judged, in utf-16 units; empty where something is missing. */
  readonly start: number;
  readonly end: number;
  /** What is wrong and, where it can be said, what to write instead; whole sentences, no Markdown. */
  readonly message: string;
  /** Edits of the same file that mend it, or null. */
  readonly fix: readonly Replacement[] | null;
}

/** Why a validator cannot tell. Never passed off as a pass. */
export interface Unknown {
  /** A sentence: "pyright is not installed." */
  readonly why: string;
  /** What the person can do: "Install it with npm install -g pyright."; null where nothing helps. */
  readonly remedy: string | null;
  /** Named once in status and doctor: a tool that is missing or fails, not a file that is too large. */
  readonly missing: string | null;
  /** Paths of those files of which nothing was judged, where that is known; others may be judged in part. */
  readonly files?: readonly string[];
}

/** All that is wrong with the files, old or new; with `unknown` where some or all of it could not be judged. */
export interface Examined {
  readonly findings: readonly Finding[];
  readonly unknown: Unknown | null;
}

/** Where files are judged. */
export interface Workplace {
  /** Real path of the workspace that holds the files; null where there is none. */
  readonly folder: string | null;
  /** Whether the person said that what lies in this workspace may run. */
  readonly isTrusted: boolean;
  /** Of the workspace; null where there is none, or none yet. */
  readonly index: CodeIndex | null;
  readonly gate: Settings['gate'];
  /**
   * The state that is judged, where it differs from what is on disk: whatever a validator reads of the workspace besides its own
   * files (manifests, configurations, modules that are imported) it reads by `stateFiles`. The gate fills it in.
   */
  readonly overlay?: Overlay;
  /** Of the state after a change: what its manifests declared before it and do not any more. The gate fills it in. */
  readonly packagesTaken?: readonly PackagesTaken[];
  /** Patterns of the person's settings, in .gitignore syntax: what they hide is not looked at beside a change. */
  readonly exclude?: readonly string[];
}

/**
 * When a validator runs. `typing`: for every completion, in at most a few milliseconds for files of 2,000 lines.
 * `edit`: for what a task proposes and for `understudy check`. `tests`: only where tests are run.
 */
export type Reach = 'typing' | 'edit' | 'tests';

/**
 * One part of the gate. It examines one state of some files and says all that is wrong with it; the gate asks for the state
 * before a change and for the one after, and keeps what is new. To add one is one file and one line in validators.ts.
 */
export interface Validator {
  /** Kebab-case; the first half of its rules' names. */
  readonly id: string;
  /** One line for the table of the README. */
  readonly judges: string;
  readonly reach: Reach;
  /** Whether it runs what lies in the workspace, and therefore only in one that is trusted. */
  readonly needsTrust: boolean;
  /** Whether what it says of a file depends on others: then files that use what a change takes away are handed to it too. */
  readonly looksAround?: boolean;
  /** Whether it has anything to say of such a file; others are not handed to it. */
  accepts(file: SourceFile): boolean;
  /**
   * `files` belong together: all of them stand as given, whatever is on disk. Throws nothing but the signal's reason: what goes
   * wrong is an `unknown`.
   */
  examine(files: readonly SourceFile[], workplace: Workplace, signal: AbortSignal): Promise<Examined>;
  /**
   * What tells one finding from another when two states are compared; rule, message and the text it marks where absent.
   * Must not depend on where it stands, which an edit above changes.
   */
  identity?(finding: Finding, file: SourceFile): string;
  /** Ends threads and processes; the next `examine` starts them again. */
  dispose?(): Promise<void>;
}

export const nothingWrong: Examined = { findings: [], unknown: null };

export function notKnown(why: string, remedy: string | null = null, missing: string | null = null): Examined {
  return { findings: [], unknown: { why, remedy, missing } };
}
