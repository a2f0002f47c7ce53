import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve as resolvePath, sep } from 'node:path';
import { Failure } from '../base/failure.js';
import { isInside } from '../base/paths.js';
import type { GitChange } from './gitChange.js';
import { readGitIndex, type IndexEntry } from './gitIndex.js';
import { openGitObjects, type GitObjects, type TreeChange } from './gitObjects.js';
import { pairRenames } from './gitRenames.js';
import { placeInside } from './paths.js';
import { readPlace } from './readPlace.js';
import { findRepository, type Repository } from './repository.js';

export interface GitChanges {
  readonly changes: readonly GitChange[];
  /** Changed too, and not read: binary, too large, no plain file. `why` is the end of a sentence that begins with the path. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
  /** Where the files on disk are looked at: the absolute paths of those that git knows; null else. */
  readonly tracked: ReadonlySet<string> | null;
}

const maxFileBytes = 4 * 1024 * 1024;
const maxIndexBytes = 512n * 1024n * 1024n;

/**
 * What changed in a folder of a git repository, as texts. `range` is `A..B`; `A...B` (from where they parted, to B); one
 * revision (to the files as they are on disk; only those that git knows, as `git diff` does); or `staged`, `--staged`,
 * `--cached` (from HEAD to what is staged).
 * For a command that the person started by hand, also where the workspace is not trusted: git reads objects only, and index and
 * files are read here, so that no monitor, filter, hook, external diff or text conversion of the repository is started.
 * Raises Failure: `bad-input` and `not-found` for the range, and those of `runGit` and `readGitIndex`.
 */
export async function gitChanges(folder: string, range: string, signal: AbortSignal): Promise<GitChanges> {
  const real = realpathSync.native(folder);
  const repository = findRepository(real);
  if (repository === null)
    throw new Failure('not-found', `${folder} is not in a git repository.`, {
      remedy: 'Run it in one, or without --diff, to check files as they are.',
    });
  const objects = openGitObjects(real, signal);
  const { changed, tracked } = await compare({ folder: real, repository, objects, signal }, range.trim());
  return {
    ...(await textsOf(changed, folder, objects)),
    tracked: tracked === null ? null : new Set(tracked.map(path => join(folder, ...path.split('/')))),
  };
}

interface Surroundings {
  readonly folder: string;
  readonly repository: Repository;
  readonly objects: GitObjects;
  readonly signal: AbortSignal;
}

/** A changed file: sides are a blob's id, what was read from disk, null where it is not there, or why it cannot be read. */
interface Changed {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly before: Side;
  readonly after: Side;
}

type Side = { readonly blob: string } | { readonly bytes: Buffer } | { readonly why: string } | null;

interface Compared {
  readonly changed: readonly Changed[];
  /** As in GitChanges, relative to the folder. */
  readonly tracked: readonly string[] | null;
}

async function compare(around: Surroundings, range: string): Promise<Compared> {
  const { objects } = around;
  if (/^(?:staged|--staged|--cached)$/.test(range)) return { changed: await compareStaged(around), tracked: null };
  const [, left, dots, right] = /^(.*?)(\.{2,3})(.*)$/s.exec(range) ?? [];
  if (dots === undefined) return compareOnDisk(around, await resolve(objects, range, 'tree'));
  const kind = dots === '...' ? 'commit' : 'tree';
  const [before, after] = [await resolve(objects, left || 'HEAD', kind), await resolve(objects, right || 'HEAD', kind)];
  const entries = await (dots === '...' ? objects.compareFromBase(before, after) : objects.compare(before, after));
  return { changed: entries.map(changedInTrees), tracked: null };
}

async function resolve(objects: GitObjects, name: string, kind: 'tree' | 'commit'): Promise<string> {
  if (name === '' || name.startsWith('-') || /[\0-\x1f]/.test(name) || name.length > 1000)
    throw new Failure('bad-input', `${JSON.stringify(name.slice(0, 80))} is no revision.`, { remedy: rangeRemedy });
  const id = await objects.resolve(`${name}^{${kind}}`);
  if (id !== null) return id;
  throw new Failure('not-found', `git knows no revision ${name}.`, { remedy: rangeRemedy });
}

const rangeRemedy = 'A range is A..B, A...B, one revision such as HEAD, or the word staged.';

function changedInTrees({ path, oldMode, newMode, oldBlob, newBlob }: TreeChange): Changed {
  return { path, before: sideOf(oldMode, oldBlob), after: sideOf(newMode, newBlob) };
}

function sideOf(mode: number, blob: string | null): Side {
  if (blob === null) return null;
  return isPlain(mode) ? { blob } : { why: mode === 0o120000 ? 'is a symbolic link' : 'is another repository' };
}

function isPlain(mode: number): boolean {
  return (mode & 0o170000) === 0o100000;
}

async function compareStaged(around: Surroundings): Promise<readonly Changed[]> {
  const head = await around.objects.resolve('HEAD^{tree}');
  const { entries } = readIndex(around, head);
  return differences(await treeOf(around, head), entries, entry =>
    entry.isIntended ? null : sideOf(entry.mode, entry.blob),
  );
}

async function compareOnDisk(around: Surroundings, tree: string): Promise<Compared> {
  const { entries, writtenNs } = readIndex(around, tree);
  const changed = differences(await treeOf(around, tree), entries, entry => sideOnDisk(around, entry, writtenNs));
  return { changed, tracked: [...entries.keys()] };
}

/** All files of a tree below the folder, by path. */
async function treeOf({ objects }: Surroundings, tree: string | null): Promise<ReadonlyMap<string, TreeChange>> {
  if (tree === null) return new Map();
  const empty = tree.length === 64 ? emptyTree256 : emptyTree1;
  return new Map((await objects.compare(empty, tree)).map(entry => [entry.path, entry]));
}

/** git knows these without having them. */
const emptyTree1 = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const emptyTree256 = '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';

function differences(
  tree: ReadonlyMap<string, TreeChange>,
  entries: ReadonlyMap<string, IndexEntry>,
  sideNow: (entry: IndexEntry) => Side,
): readonly Changed[] {
  const changed: Changed[] = [];
  for (const path of new Set([...tree.keys(), ...entries.keys()])) {
    const old = tree.get(path);
    const entry = entries.get(path);
    const before = old === undefined ? null : sideOf(old.newMode, old.newBlob);
    const after = entry === undefined ? null : entry.stage > 0 ? { why: 'has conflicts' } : sideNow(entry);
    if (before === null && after === null) continue;
    if (before !== null && after !== null && idOf(before) !== null && idOf(before) === idOf(after, old?.newBlob))
      continue;
    changed.push({ path, before, after });
  }
  return changed;
}

/** The id of a blob as git would name it; null where it is none. `like` says which hash the repository uses. */
function idOf(side: Side, like: string | null = null): string | null {
  if (side === null || 'why' in side) return null;
  if ('blob' in side) return side.blob;
  const hash = createHash(like?.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${side.bytes.length}\0`).update(side.bytes).digest('hex');
}

/** Entries below the folder, by path relative to it. */
function readIndex(
  { folder, repository }: Surroundings,
  tree: string | null,
): { readonly entries: ReadonlyMap<string, IndexEntry>; readonly writtenNs: bigint } {
  const path = indexOf(repository);
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return { entries: new Map(), writtenNs: 0n };
  // A pipe or a device would be waited for without end.
  if (!found.isFile() || found.size > maxIndexBytes) throw new Failure('damaged', `${path} is no index of git.`);
  const prefix = relative(repository.root, folder)
    .split(sep)
    .filter(name => name !== '')
    .join('/');
  const start = prefix === '' ? '' : `${prefix}/`;
  const entries = new Map<string, IndexEntry>();
  for (const entry of readGitIndex(readFileSync(path), tree?.length === 64 ? 32 : 20))
    if (entry.path.startsWith(start)) entries.set(entry.path.slice(start.length), entry);
  return { entries, writtenNs: found.mtimeNs };
}

/** Within `git commit -a` and `git commit FILE` the index is another, which git names to its hooks. */
function indexOf({ root, gitFolder }: Repository): string {
  const named = process.env['GIT_INDEX_FILE'];
  const path = named === undefined || named === '' ? null : resolvePath(root, named);
  return path !== null && isInside(gitFolder, path) ? path : join(gitFolder, 'index');
}

/** What git has noted of a file spares reading it, unless it may have been written within the same tick of the clock. */
function sideOnDisk({ folder, repository, signal }: Surroundings, entry: IndexEntry, writtenNs: bigint): Side {
  signal.throwIfAborted();
  if (!isPlain(entry.mode) || entry.isTakenAsUnchanged) return sideOf(entry.mode, entry.blob);
  const path = join(repository.root, ...entry.path.split('/'));
  const now = isProper(entry.path) ? lstatSync(path, { bigint: true, throwIfNoEntry: false }) : undefined;
  if (now === undefined) return null;
  const notedNs = BigInt(entry.mtimeSeconds) * 1_000_000_000n + BigInt(entry.mtimeNanoseconds);
  const isAsNoted =
    now.mtimeNs === notedNs &&
    notedNs < writtenNs &&
    (now.ino & 0xffffffffn) === BigInt(entry.inode) &&
    (now.size & 0xffffffffn) === BigInt(entry.size);
  if (isAsNoted && now.isFile()) return { blob: entry.blob };
  try {
    return { bytes: readPlace(placeInside(folder, path, 'read'), maxFileBytes).bytes };
  } catch (error) {
    if (error instanceof Failure) return { why: 'is no plain file of this folder, or is too large' };
    throw error;
  }
}

/** Names in objects and index are a stranger's: none may lead anywhere else. */
function isProper(path: string): boolean {
  return path.split('/').every(name => !/^(?:\.{0,2}|\.git)$/i.test(name)) && !/[\0\\]/.test(path);
}

async function textsOf(
  known: readonly Changed[],
  folder: string,
  objects: GitObjects,
): Promise<Omit<GitChanges, 'tracked'>> {
  const blobs = await objects.blobs(
    known.flatMap(({ before, after }) =>
      [before, after].flatMap(side => (side !== null && 'blob' in side ? [side.blob] : [])),
    ),
    maxFileBytes,
  );
  const changes: GitChange[] = [];
  const leftOut: { path: string; why: string }[] = [];
  for (const { path, before, after } of known) {
    if (!isProper(path)) {
      leftOut.push({ path, why: 'is no name of a file here' });
      continue;
    }
    const [old, now] = [textOf(before, blobs), textOf(after, blobs)];
    const absolute = join(folder, ...path.split('/'));
    if (typeof old === 'object' && old !== null) leftOut.push({ path: absolute, why: old.why });
    else if (typeof now === 'object' && now !== null) leftOut.push({ path: absolute, why: now.why });
    else {
      const likewise = sameLineEnds(old, now);
      if (likewise !== now) changes.push({ path: absolute, from: null, before: likewise, after: now });
    }
  }
  return { changes: pairRenames(changes), leftOut };
}

function textOf(side: Side, blobs: ReadonlyMap<string, Buffer>): string | { readonly why: string } | null {
  if (side === null || 'why' in side) return side;
  const bytes = 'bytes' in side ? side.bytes : blobs.get(side.blob);
  if (bytes === undefined) return { why: 'is too large, or missing in the repository' };
  if (bytes.includes(0)) return { why: 'is binary' };
  if (!isUtf8(bytes)) return { why: 'is not UTF-8' };
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  return text.startsWith('version https://git-lfs.github.com/') ? { why: 'is kept by Git LFS' } : text;
}

/** git may turn line ends round when it writes files: where all differ, that is no change of anybody's. */
function sameLineEnds(before: string | null, after: string | null): string | null {
  if (before === null || after === null || before.includes('\r\n') === after.includes('\r\n')) return before;
  return after.includes('\r\n') && !/[^\r]\n/.test(after)
    ? before.replaceAll('\n', '\r\n')
    : before.includes('\r\n') && !/[^\r]\n/.test(before)
      ? before.replaceAll('\r\n', '\n')
      : before;
}
