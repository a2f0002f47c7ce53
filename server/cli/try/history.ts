import { Failure } from '../../base/failure.js';
import { runGit, type GitCommand, type GitLimits } from '../../trust/git.js';
import { diffLines, type Hunk } from '../../base/lineDiff.js';

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
  const commits = await listCommits(git);
  const trees = await findTrees(git, commits);
  const chosen = await chooseCommits(git, commits, trees, options);
  const first = chosen[0];
  if (first === undefined) throw new Failure('not-found', `No commit of ${folder} changes files that are completed.`);
  const questions = [`${trees.empty} ${trees.of(first.commit.parent)}`];
  for (const [index, { commit }] of chosen.entries()) {
    const previous = chosen[index - 1];
    if (previous) questions.push(`${trees.of(previous.commit.id)} ${trees.of(commit.parent)}`);
  }
  const [base = [], ...drifts] = await compareTrees(git, questions);
  // Drift first: it must not fall to the limit that the base tree may use up.
  const texts = await readBlobs(git, [...drifts.flat(), ...base], options);
  const textOf = (blob: string | null): string | null => (blob === null ? null : (texts.get(blob) ?? null));
  return {
    base: new Map(
      base.flatMap(({ path, newBlob }): [string, string][] => {
        const text = textOf(newBlob);
        return text === null ? [] : [[path, text]];
      }),
    ),
    changeSets: chosen.map(({ commit, files }, index) => ({
      id: commit.id,
      drift: (drifts[index - 1] ?? []).map(({ path, newBlob }) => ({ path, text: textOf(newBlob) })),
      files,
    })),
  };
}

/** Also for texts that are no git history: what changed in one file. */
export function describeChange(path: string, oldText: string | null, newText: string | null): FileChange {
  const split = (text: string | null): string[] => (text === null || text === '' ? [] : text.split('\n'));
  return { path, oldText, newText, hunks: newText === null ? [] : diffLines(split(oldText), split(newText)) };
}

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
    await runGit(this.#folder, command, args, input, this.#limits, chunk => void chunks.push(chunk), this.#signal);
    return Buffer.concat(chunks);
  }
}

interface Commit {
  readonly id: string;
  readonly parent: string | null;
}

interface ChosenCommit {
  readonly commit: Commit;
  readonly files: readonly FileChange[];
}

/** Newest first. */
async function listCommits(git: Git): Promise<Commit[]> {
  const args = ['--first-parent', '--no-merges', '--no-show-signature', '--format=%H %P', '--max-count=2000'];
  const output = await git.read('log', [...args, '--', '.'], '');
  return output
    .toString('latin1')
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [id = '', parent = ''] = line.split(' ');
      return { id, parent: parent === '' ? null : parent };
    });
}

/** The newest that add enough lines and not too many, oldest first. Lines are counted here, as blobs may be missing. */
async function chooseCommits(
  git: Git,
  commits: readonly Commit[],
  trees: Trees,
  options: HistoryOptions,
): Promise<ChosenCommit[]> {
  const chosen: ChosenCommit[] = [];
  for (let at = 0; at < commits.length && chosen.length < options.maxChangeSets; at += pageLength) {
    const page = commits.slice(at, at + pageLength);
    const answers = await compareTrees(
      git,
      page.map(({ id, parent }) => `${trees.of(parent)} ${trees.of(id)}`),
    );
    const small = answers.map(entries => (entries.length > maxFilesPerChange ? [] : entries));
    const texts = await readBlobs(git, small.flat(), options);
    for (const [index, commit] of page.entries()) {
      const files = (small[index] ?? []).flatMap(({ path, oldBlob, newBlob }) => {
        const oldText = oldBlob === null ? null : texts.get(oldBlob);
        const newText = newBlob === null ? null : texts.get(newBlob);
        return oldText === undefined || newText === undefined ? [] : [describeChange(path, oldText, newText)];
      });
      const added = files.flatMap(({ hunks }) => hunks).reduce((sum, { newCount }) => sum + newCount, 0);
      if (added >= options.minAddedLines && added <= options.maxAddedLines) chosen.push({ commit, files });
    }
  }
  return chosen.slice(0, options.maxChangeSets).reverse();
}

const pageLength = 150;
const maxFilesPerChange = 400;
const plainDiff = ['--no-ext-diff', '--no-textconv', '--no-renames', '--relative'];

interface TreeEntry {
  readonly path: string;
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

interface Trees {
  /** Of a commit; of none, the empty tree, which git knows without having it. */
  readonly of: (commit: string | null) => string;
  readonly empty: string;
}

async function findTrees(git: Git, commits: readonly Commit[]): Promise<Trees> {
  const ids = [...new Set(commits.flatMap(({ id, parent }) => (parent === null ? [id] : [parent, id])))];
  const output = await git.read('cat-file', ['--batch-check'], ids.map(id => `${id}^{tree}\n`).join(''));
  const trees = new Map<string, string>();
  for (const [index, line] of output.toString('latin1').split('\n').entries()) {
    // The parent of the oldest commit of a shallow clone is missing: what is there then counts as its first.
    const [tree = '', kind] = line.split(' ');
    if (kind === 'tree') trees.set(ids[index] ?? '', tree);
  }
  const empty = ids[0]?.length === 64 ? emptyTree256 : emptyTree1;
  return { of: commit => (commit === null ? undefined : trees.get(commit)) ?? empty, empty };
}

const emptyTree1 = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const emptyTree256 = '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';

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
  for (const { path, oldBlob, newBlob } of entries) {
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
