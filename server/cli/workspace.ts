import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../base/paths.js';
import { homeFolder } from '../base/homeFolder.js';

const repositoryMarks = ['.git', '.hg', '.understudy'];
const packageMarks = [
  'package.json',
  'pyproject.toml',
  'setup.py',
  'go.mod',
  'Cargo.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'CMakeLists.txt',
  'composer.json',
  'Gemfile',
];

/** The workspace around a folder: the nearest repository, else the nearest package, else the folder itself. */
export function findWorkspace(from: string): string {
  return nearest(from, repositoryMarks) ?? nearest(from, packageMarks) ?? from;
}

/**
 * The workspace around a file. Where no marks are found: the current folder if the file lies in it, as for the other
 * commands, else the file's own.
 */
export function findWorkspaceOfFile(path: string, currentFolder: string): string {
  const own = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
  const marked = nearest(own, repositoryMarks) ?? nearest(own, packageMarks);
  if (marked !== null) return marked;
  const isBroad = isInside(currentFolder, homeFolder());
  return isInside(currentFolder, own) && !isBroad ? currentFolder : own;
}

function nearest(from: string, marks: readonly string[]): string | null {
  const home = homeFolder();
  for (let folder = from; ; folder = dirname(folder)) {
    // Some keep their home folder in git: everything below it would then be one workspace.
    if (folder === home && folder !== from) return null;
    if (marks.some(mark => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return null;
  }
}
