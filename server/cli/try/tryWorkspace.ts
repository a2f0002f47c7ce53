import { mkdtemp, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, isAbsolute, sep } from 'node:path';
import type { FileText } from './history.js';

/** A private copy of a workspace as it was before the first change, removed afterwards. */
export interface TryWorkspace {
  readonly folder: string;
  /** A cache folder of its own: the real one knows what is to be hidden. */
  readonly cacheHome: string;
  /** Paths are relative to the folder, with slashes; the answer has the absolute ones that were written or removed. */
  write(files: readonly FileText[]): Promise<readonly { readonly path: string; readonly isGone: boolean }[]>;
  remove(): Promise<void>;
}

export async function createTryWorkspace(original: string, base: ReadonlyMap<string, string>): Promise<TryWorkspace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'understudy-try-')));
  const folder = join(root, basename(original) || 'workspace');
  const cacheHome = join(root, 'cache');
  const workspace: TryWorkspace = {
    folder,
    cacheHome,
    async write(files) {
      const written: { path: string; isGone: boolean }[] = [];
      for (const { path, text } of files) {
        const absolute = join(folder, ...path.split('/'));
        // Names come from a repository that nobody vouches for.
        if (!isBelow(folder, absolute)) continue;
        if (text === null) await rm(absolute, { force: true });
        else {
          await mkdir(dirname(absolute), { recursive: true });
          await writeFile(absolute, text);
        }
        written.push({ path: absolute, isGone: text === null });
      }
      return written;
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
  try {
    await mkdir(folder);
    await mkdir(cacheHome, { mode: 0o700 });
    await workspace.write([...base].map(([path, text]) => ({ path, text })));
  } catch (error) {
    await workspace.remove();
    throw error;
  }
  return workspace;
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
}
