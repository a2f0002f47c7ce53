import type ts from 'typescript';
import type { Configuration } from './configuration.js';
import type { ConfinedFiles } from './confinedFiles.js';
import type { InstalledWords } from './installedWords.js';
import type { Packages } from './packages.js';
import type { ProjectWords } from './projectWords.js';

/** What a file is judged by. */
export interface FileState {
  readonly program: ts.Program;
  readonly configuration: Configuration;
  readonly packages: Packages;
  readonly words: ProjectWords;
  readonly installedWords: InstalledWords;
  /** Members of Node's modules that its types do not tell of. */
  readonly runtimeNames: ReadonlySet<string>;
  readonly files: ConfinedFiles;
}
