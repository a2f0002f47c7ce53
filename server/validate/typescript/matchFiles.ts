import ts from 'typescript';
import type { ConfinedFiles } from './confinedFiles.js';

type MatchFiles = (
  folder: string,
  extensions: readonly string[] | undefined,
  excludes: readonly string[] | undefined,
  includes: readonly string[] | undefined,
  isCaseSensitive: boolean,
  currentFolder: string,
  depth: number | undefined,
  entries: (folder: string) => { readonly files: readonly string[]; readonly directories: readonly string[] },
  realpath: (path: string) => string,
) => string[];

/**
 * `include` and `exclude` as the compiler reads them, over files as we let it see them. The compiler exports the function
 * without declaring it; its version is pinned and bundled.
 */
export function matchFiles(
  files: ConfinedFiles,
  folder: string,
  extensions: readonly string[] | undefined,
  excludes: readonly string[] | undefined,
  includes: readonly string[] | undefined,
  depth: number | undefined,
): string[] {
  const { matchFiles: match } = ts as unknown as { readonly matchFiles: MatchFiles };
  return match(
    folder,
    extensions,
    excludes,
    includes,
    !files.foldsCase,
    files.root,
    depth,
    files.entries,
    files.realpath,
  );
}
