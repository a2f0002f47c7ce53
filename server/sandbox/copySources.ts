import { constants } from 'node:fs';
import { chmod, chown, copyFile, lchown, lstat, mkdir, opendir, readlink, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Failure } from '../base/failure.js';
import { isInside } from '../base/paths.js';

export interface CopyRules {
  /** What stays out for being secret. `path` is relative to the folder, with `/`. */
  readonly leaveOut: (path: string, isFolder: boolean) => boolean;
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** To whom the copy belongs; null: to whom it is made by. */
  readonly owner: number | null;
}

export interface SourceCopy {
  /** Secrets that the copy lacks, relative to the folder. */
  readonly leftOut: readonly string[];
  /** Folders of installed packages, not copied: where each really lies, and where it is to be seen. Absolute. */
  readonly packages: readonly PackageFolder[];
}

export interface PackageFolder {
  readonly source: string;
  readonly path: string;
}

/**
 * Copies what a program may see of a folder: no version control, no secrets, no caches; installed packages are only listed.
 * Links are kept where they lead to something inside, and made relative, so that the copy never leads to the original; what leads
 * outside is left out. Raises Failure `bad-input` where there is too much.
 */
export async function copySources(
  folder: string,
  destination: string,
  rules: CopyRules,
  signal: AbortSignal,
): Promise<SourceCopy> {
  const leftOut: string[] = [];
  const packages: PackageFolder[] = [];
  const links: { readonly at: string; readonly way: string }[] = [];
  const own = async (path: string): Promise<void> => {
    if (rules.owner !== null) await chown(path, rules.owner, rules.owner);
  };
  let files = 0;
  let bytes = 0;

  const copyPlain = async ({ path, target }: { readonly path: string; readonly target: string }): Promise<void> => {
    const { size, mode } = await lstat(path);
    files++;
    bytes += size;
    if (files > rules.maxFiles || bytes > rules.maxBytes) throw tooMuch(rules);
    await copyFile(path, target, constants.COPYFILE_FICLONE);
    if ((mode & 0o200) === 0) await chmod(target, mode | 0o200);
    await own(target);
  };

  const copyFolder = async (from: string, to: string): Promise<void> => {
    signal.throwIfAborted();
    await mkdir(to, { recursive: true });
    const names: { readonly name: string; readonly type: 'file' | 'folder' | 'link' }[] = [];
    for await (const entry of await opendir(from)) {
      if (entry.isFile()) names.push({ name: entry.name, type: 'file' });
      else if (entry.isDirectory()) names.push({ name: entry.name, type: 'folder' });
      else if (entry.isSymbolicLink()) names.push({ name: entry.name, type: 'link' });
    }
    const plain: { readonly path: string; readonly target: string }[] = [];
    const isCache = from !== folder && names.some(({ name }) => name === 'CACHEDIR.TAG');
    for (const { name, type } of isCache ? [] : names) {
      const path = join(from, name);
      const target = join(to, name);
      const way = relative(folder, path).split(sep).join('/');
      if (name === 'node_modules' && (await isPackages(path))) {
        packages.push({ source: await realpath(path), path });
        await mkdir(target);
        await own(target);
      } else if (type === 'folder' && (await isEnvironment(path))) {
        packages.push({ source: path, path });
        await mkdir(target);
        await own(target);
      } else if (isLeftBehind(name)) continue;
      else if (rules.leaveOut(way, type === 'folder')) leftOut.push(way);
      else if (type === 'link') links.push({ at: path, way });
      else if (type === 'folder') {
        if (name === 'target' && names.some(other => other.name === 'Cargo.toml')) continue;
        await copyFolder(path, target);
      } else {
        plain.push({ path, target });
      }
    }
    for (let at = 0; at < plain.length; at += atOnce) await Promise.all(plain.slice(at, at + atOnce).map(copyPlain));
    await own(to);
  };

  await copyFolder(folder, destination);
  for (const { at, way } of links) {
    const target = await innerTarget(folder, at);
    const to = join(destination, way);
    // What a link leads to is not more public under the link's name.
    if (target === null || rules.leaveOut(relative(folder, target).split(sep).join('/'), false)) {
      leftOut.push(way);
      continue;
    }
    await symlink(relative(dirname(at), target) || '.', to);
    if (rules.owner !== null) await lchown(to, rules.owner, rules.owner);
  }
  return { leftOut, packages };
}

const atOnce = 16;

/** Where a link leads to, if what it leads to really lies inside the folder. */
async function innerTarget(folder: string, link: string): Promise<string | null> {
  try {
    const text = await readlink(link);
    const named = isAbsolute(text) ? text : resolve(dirname(link), text);
    const real = await realpath(named);
    return isInside(folder, real) ? real : null;
  } catch {
    // It leads nowhere.
    return null;
  }
}

/** A link of that name may lead to packages elsewhere, but to nothing else. */
async function isPackages(path: string): Promise<boolean> {
  try {
    const real = await realpath(path);
    return basename(real) === 'node_modules' && (await lstat(real)).isDirectory();
  } catch {
    return false;
  }
}

async function isEnvironment(path: string): Promise<boolean> {
  try {
    return (await lstat(join(path, 'pyvenv.cfg'))).isFile();
  } catch {
    return false;
  }
}

const notCopied: ReadonlySet<string> = new Set(
  (
    '.git .hg .svn .jj .bzr CVS .idea .vs __pycache__ .tox .nox .mypy_cache .pytest_cache .ruff_cache .hypothesis ' +
    '.gradle .terraform .next .nuxt .svelte-kit .turbo .parcel-cache .angular .nyc_output .cache'
  ).split(' '),
);

/** History and caches: large, of no use to a program, and git's configuration may hold tokens. */
function isLeftBehind(name: string): boolean {
  return notCopied.has(name) || notCopied.has(name.toLowerCase());
}

function tooMuch(rules: CopyRules): Failure {
  return new Failure(
    'bad-input',
    `The folder holds more than ${rules.maxFiles} files or ${Math.round(rules.maxBytes / 1024 / 1024)} MiB, too much to copy for a run.`,
  );
}
