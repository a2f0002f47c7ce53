import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Repository {
  /** Real path of the work tree. */
  readonly root: string;
  /** Where HEAD and the index lie: `.git`, or what a `.git` file of a linked work tree or a submodule names. */
  readonly gitFolder: string;
}

/** The git repository around a folder, or null. Only looks; what it finds is the workspace's word and nothing more. */
export function findRepository(folder: string): Repository | null {
  let at: string;
  try {
    at = realpathSync(folder);
  } catch {
    return null;
  }
  for (;;) {
    const gitFolder = gitFolderIn(at);
    if (gitFolder !== null) return { root: at, gitFolder };
    if (dirname(at) === at) return null;
    at = dirname(at);
  }
}

function gitFolderIn(root: string): string | null {
  const path = join(root, '.git');
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return path;
  if (!found?.isFile() || found.size > 10_000) return null;
  const named = /^gitdir: (.+?)\s*$/.exec(readFileSync(path, 'utf8'))?.[1];
  return named === undefined ? null : resolve(root, named);
}
