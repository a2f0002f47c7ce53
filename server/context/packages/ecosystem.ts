import type { Import } from '../imports.js';
import type { Supplies } from '../source.js';
import type { PackageFile } from './collect.js';

export interface WantedImport {
  readonly import: Import;
  /** What of it is named in the file; the empty string stands for what the module is as a whole. */
  readonly names: readonly string[];
}

export interface ImportingFile {
  readonly path: string;
  readonly folder: string;
  readonly languageId: string;
}

/** Finds installed packages of one language's world, as data: nothing of them is run. */
export interface Ecosystem {
  readonly languages: readonly string[];
  /** The declarations that an import stands for; nothing for what is no package. */
  find(wanted: WantedImport, from: ImportingFile, supplies: Supplies): Promise<readonly PackageFile[]>;
  /** What is known of the packages without their code: their versions. */
  facts?(imports: readonly Import[], from: ImportingFile, supplies: Supplies): Promise<readonly string[]>;
}
