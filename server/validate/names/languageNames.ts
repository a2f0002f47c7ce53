import type { Finding, SourceFile } from '../validator.js';
import type { Disk } from './diskFolder.js';
import type { Machine } from './installed.js';
import type { Parse } from './parseTexts.js';

/** Finds names that nobody declares in the files of one language. */
export interface LanguageNames {
  /** Null where the file cannot be judged, as it does not parse. `all` stand as given, whatever is on disk. */
  judge(file: SourceFile, all: readonly SourceFile[]): readonly Finding[] | null;
  /** Whether of a file that was judged only part could be, as not all that its build needs is on this machine. */
  isJudgedInPart?(path: string): boolean;
}

export interface LanguageNamesOptions {
  readonly parse: Parse;
  readonly disk: Disk;
  readonly machine: Machine;
  /** Real path; null where there is none. */
  readonly workspace: string | null;
}
