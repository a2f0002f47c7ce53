import { Failure } from '../../base/failure.js';
import { runGit, type GitCommand, type GitLimits } from './git.js';
import { diffLines, type Hunk } from './lineDiff.js';

/** What was written in a folder, oldest first: the tree before the first change set, and how each went on from there. */
export interface History {
  /** Paths are relative to the folder, with slashes. */
  readonly base: ReadonlyMap<string, string>;
  readonly changeSets: readonly ChangeSet[];
}

export interface ChangeSet {
  /** A commit, or a version. */
  readonly id: string;
  /** What else changed since the change set before (merges, large commits): to be taken over, not replayed. */
  readonly drift: readonly FileText[];
  readonly files: readonly FileChange[];
}

/** Text null: the file is gone. */
export interface FileText {
  readonly path: string;
  readonly text: string | null;
}

export interface FileChange {
  readonly path: string;
  readonly oldText: string | null;
  readonly newText: string | null;
  /** Differing lines, top to bottom; empty for a file that is gone. Lines are what stands between line feeds. */
  readonly hunks: readonly Hunk[];
}

export interface HistoryOptions {
  readonly maxChangeSets: number;
  /** Change sets that add fewer or more lines are drift. */
  readonly minAddedLines: number;
  readonly maxAddedLines: number;
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
  readonly timeoutMs: number;
  /** By path relative to the folder. */
  readonly accepts: (path: string) => boolean;
}

export const defaultHistoryOptions: HistoryOptions = {
  maxChangeSets: 100,
  minAddedLines: 2,
  maxAddedLines: 400,
  maxFileBytes: 400_000,
  maxTotalBytes: 256_000_000,
  timeoutMs: 60_000,
  accepts: () => true,
};

/**
 * The last first-parent, non-merge commits of the repository around `folder`, limited to that folder.
 * Only log, diff-tree and cat-file are run. Raises Failure (see runGit); a folder without such commits: not-found.
 */
export async function readGitHistory(folder: string, options: HistoryOptions, signal: AbortSignal): Promise<History> {
  const git = new Git(folder, options, signal);
  const commits = await listCommits(git, options);
  const first = commits[0];
  if (first === undefined) throw new Failure('not-found', `No commit of ${folder} changes files that are completed.`);
  // Two trees a question. A first commit is compared with the empty tree, which git knows without having it.
  const emptyTree = first.id.length === 64 ? emptyTree256 : emptyTree1;
  const trees = await findTrees(git, commits);
  const treeOf = (commit: string | null): string => (commit === null ? null : trees.get(commit)) ?? emptyTree;
  const questions = [`${emptyTree} ${treeOf(first.parent)}`];
  for (const [index, { id, parent }] of commits.entries()) {
    const previous = commits[index - 1];
    if (previous) questions.push(`${treeOf(previous.id)} ${treeOf(parent)}`);
    questions.push(`${treeOf(parent)} ${treeOf(id)}`);
  }
  const answers = await compareTrees(git, questions);
  const texts = await readBlobs(git, answers.flat(), options);
  const textOf = (blob: string | null): string | null => (blob === null ? null : (texts.get(blob) ?? null));
  const base = new Map<string, string>();
  for (const { path, newBlob } of answers[0] ?? []) {
    const text = textOf(newBlob);
    if (text !== null) base.set(path, text);
  }
  const changeSets = commits.map(({ id }, index) => ({
    id,
    drift: index === 0 ? [] : (answers[2 * index] ?? []).map(({ path, newBlob }) => ({ path, text: textOf(newBlob) })),
    files: (answers[2 * index + 1] ?? [])
      .map(({ path, oldBlob, newBlob }) => describeChange(path, textOf(oldBlob), textOf(newBlob)))
      .filter(({ oldText, newText }) => oldText !== null || newText !== null),
  }));
  return { base, changeSets };
}

/** Also for texts that are no git history: what changed in one file. */
export function describeChange(path: string, oldText: string | null, newText: string | null): FileChange {
  const split = (text: string | null): string[] => (text === null || text === '' ? [] : text.split('\n'));
  return { path, oldText, newText, hunks: newText === null ? [] : diffLines(split(oldText), split(newText)) };
}

const emptyTree1 = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const emptyTree256 = '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';

class Git {
  readonly #folder: string;
  readonly #limits: GitLimits;
  readonly #signal: AbortSignal;

  constructor(folder: string, options: HistoryOptions, signal: AbortSignal) {
    this.#folder = folder;
    this.#limits = { maxBytes: options.maxTotalBytes * 2, timeoutMs: options.timeoutMs };
    this.#signal = signal;
  }

  async read(command: GitCommand, args: readonly string[], input: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    await this.stream(command, args, input, chunk => {
      chunks.push(chunk);
      return false;
    });
    return Buffer.concat(chunks);
  }

  stream(
    command: GitCommand,
    args: readonly string[],
    input: string,
    onOutput: (chunk: Buffer) => boolean,
  ): Promise<void> {
    return runGit(this.#folder, command, args, input, this.#limits, onOutput, this.#signal);
  }
}

interface Commit {
  readonly id: string;
  readonly parent: string | null;
  added: number;
}

/** Newest first from git, until there are enough; returned oldest first. */
async function listCommits(git: Git, options: HistoryOptions): Promise<Commit[]> {
  const chosen: Commit[] = [];
  let current: Commit | null = null;
  let pending = '';
  const finish = (): void => {
    if (current && current.added >= options.minAddedLines && current.added <= options.maxAddedLines)
      chosen.push(current);
    current = null;
  };
  const take = (field: string): void => {
    if (field.startsWith(commitMark)) {
      finish();
      const [id, parent] = field.slice(commitMark.length).split(' ');
      current = { id: id ?? '', parent: parent ? parent : null, added: 0 };
      return;
    }
    const [added, , path] = field.replace(/^\n/, '').split('\t');
    if (current && path !== undefined && options.accepts(path)) current.added += Number.parseInt(added ?? '', 10) || 0;
  };
  const args = ['--first-parent', '--no-merges', '--no-show-signature', ...plainDiff, '--numstat', '-z'];
  await git.stream('log', [...args, `--format=%x01%H %P`, '--max-count=3000', '--', '.'], '', chunk => {
    const fields = (pending + chunk.toString('utf8')).split('\0');
    pending = fields.pop() ?? '';
    for (const field of fields) {
      take(field);
      if (chosen.length >= options.maxChangeSets) return true;
    }
    return false;
  });
  finish();
  return chosen.slice(0, options.maxChangeSets).reverse();
}

const commitMark = '\u0001';
const plainDiff = ['--no-ext-diff', '--no-textconv', '--no-renames', '--relative'];

interface TreeEntry {
  readonly path: string;
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

async function findTrees(git: Git, commits: readonly Commit[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(commits.flatMap(({ id, parent }) => (parent === null ? [id] : [parent, id])))];
  const output = await git.read('cat-file', ['--batch-check'], ids.map(id => `${id}^{tree}\n`).join(''));
  const lines = output.toString('latin1').split('\n');
  return new Map(
    ids.flatMap((id, index): [string, string][] => {
      // The parent of the oldest commit of a shallow clone is missing: what is there then counts as its first.
      const [tree, kind] = (lines[index] ?? '').split(' ');
      return tree !== undefined && kind === 'tree' ? [[id, tree]] : [];
    }),
  );
}

/** One answer per question, in order. */
async function compareTrees(git: Git, questions: readonly string[]): Promise<TreeEntry[][]> {
  const input = questions.map(question => `${question}\n`).join('');
  const output = await git.read('diff-tree', ['--stdin', '-r', '-z', '--raw', ...plainDiff], input);
  const answers: TreeEntry[][] = [];
  const fields = output.toString('utf8').split('\0');
  for (let at = 0; at < fields.length; at++) {
    // A question is repeated on a line of its own, before the first entry of its answer if it has one.
    for (const line of (fields[at] ?? '').split('\n')) {
      if (!line.startsWith(':')) {
        if (line !== '') answers.push([]);
        continue;
      }
      const [oldMode, newMode, oldBlob, newBlob] = line.slice(1).split(' ');
      const path = fields[++at] ?? '';
      const blob = (mode: string | undefined, id: string | undefined): string | null =>
        mode?.startsWith('100') && id !== undefined ? id : null;
      answers.at(-1)?.push({ path, oldBlob: blob(oldMode, oldBlob), newBlob: blob(newMode, newBlob) });
    }
  }
  return answers;
}

/** Texts by blob id, of accepted paths, as long as they are text, not too large, and together within the limit. */
async function readBlobs(
  git: Git,
  entries: readonly TreeEntry[],
  options: HistoryOptions,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set<string>();
  // Later entries are what was changed: they must not fall to the limit that the base tree uses up.
  for (const { path, oldBlob, newBlob } of [...entries].reverse()) {
    if (!options.accepts(path)) continue;
    for (const blob of [newBlob, oldBlob]) if (blob !== null) wanted.add(blob);
  }
  const sizes = await git.read('cat-file', ['--batch-check'], [...wanted].map(blob => `${blob}\n`).join(''));
  const chosen: string[] = [];
  let total = 0;
  for (const line of sizes.toString('utf8').split('\n')) {
    const [blob, kind, size] = line.split(' ');
    const bytes = Number(size);
    if (blob === undefined || kind !== 'blob' || !(bytes <= options.maxFileBytes)) continue;
    if (total + bytes > options.maxTotalBytes) break;
    total += bytes;
    chosen.push(blob);
  }
  const output = await git.read('cat-file', ['--batch'], chosen.map(blob => `${blob}\n`).join(''));
  return splitBatch(output);
}

function splitBatch(output: Buffer): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf(10, at);
    if (lineEnd < 0) break;
    const [blob, kind, size] = output.toString('latin1', at, lineEnd).split(' ');
    at = lineEnd + 1;
    if (kind !== 'blob') continue;
    const end = at + Number(size);
    const body = output.subarray(at, end);
    if (!body.includes(0)) texts.set(blob ?? '', body.toString('utf8'));
    at = end + 1;
  }
  return texts;
}
