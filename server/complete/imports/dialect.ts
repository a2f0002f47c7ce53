import type { TextEdit } from '../../base/snapshot.js';

/** One name that an import brings, as a language writes it. */
export interface Wanted {
  /** What it is imported from, as written: a specifier, a dotted module, a header. */
  readonly module: string;
  /** Its name there; null where the module itself is meant. */
  readonly name: string | null;
  /** What it is called here. */
  readonly local: string;
  readonly form: 'named' | 'default' | 'namespace' | 'module';
  /** Only its type is wanted. */
  readonly isType: boolean;
}

/** The document that lacks an import. */
export interface Target {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** The workspace as far as paths in imports depend on it. Files outside and excluded ones are not there. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  read(path: string): Promise<string | null>;
  exists(path: string): Promise<boolean>;
}

/** Where a name is defined. */
export interface DefiningFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** How one language imports. All texts have \n line ends. Pure, but for `define`, which looks at the project. */
export interface ImportDialect {
  /** Ids of the registry. */
  readonly languages: readonly string[];
  /** What the imports of a text bring, by local name. */
  bindings(text: string): readonly Wanted[];
  /** An import of one file as another has to write it; `same` tells which files' imports mean the same. */
  adapt(wanted: Wanted, from: string, target: Target): { readonly wanted: Wanted; readonly same: string };
  /** The import of what a file defines; null where it cannot be imported, or need not be. */
  define(
    name: string,
    member: string | null,
    file: DefiningFile,
    target: Target,
    project: Project,
  ): Promise<Wanted | null>;
  /** What the language's own library is imported from; null where the name is none of its. */
  standard(name: string, member: string | null): Wanted | null;
  /** Puts an import in its place; null where there is nothing to be done. */
  insert(text: string, wanted: Wanted): TextEdit | null;
}
