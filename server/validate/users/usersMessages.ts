import type { PackagesTaken } from '../packages/taken.js';
import type { SourceFile } from '../validator.js';

/** A file of a change, as far as others can tell. `after` is null where it goes, also by being moved. */
export interface ChangedFile {
  readonly path: string;
  readonly languageId: string;
  readonly before: string;
  readonly after: string | null;
}

export interface UsersRequest {
  readonly id: number;
  readonly files: readonly ChangedFile[];
  readonly packages: readonly PackagesTaken[];
  /** Real path of the workspace. */
  readonly folder: string;
  /** All that belongs to the change: it is judged anyway. */
  readonly changed: readonly string[];
  /** Patterns of the settings: what they hide is not read. */
  readonly exclude: readonly string[];
}

/** Who uses what a change takes away. */
export interface Users {
  /** What is taken away or altered, by name; empty where nothing is. */
  readonly names: readonly string[];
  /** Nearest first. */
  readonly files: readonly SourceFile[];
  /** How many more there are that were left out. */
  readonly more: number;
  /** Not all of the workspace was looked at. */
  readonly isCut: boolean;
}

export interface UsersReply {
  readonly id: number;
  readonly users: Users;
}
