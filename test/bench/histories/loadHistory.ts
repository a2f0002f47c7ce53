import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import { Failure } from '../../../server/base/failure.js';
import {
  defaultHistoryOptions,
  describeChange,
  readGitHistory,
  type ChangeSet,
  type FileChange,
  type FileText,
  type History,
} from '../../../server/cli/try/history.js';
import { fetchPackage } from '../../support/registry/fetchPackage.js';
import { isCopied } from './copied.js';
import { languages, type ChainSource, type GitSource, type LanguageName } from './sources.js';

/** Lines of all histories end with a line feed alone: where a line ends is not what is measured. */
export async function loadGitHistory(source: GitSource, clones: string): Promise<History> {
  const folder = findClone(source, clones);
  const accepts = acceptsFilesOf(source.language);
  const { base, changeSets } = await readGitHistory(
    folder,
    { ...defaultHistoryOptions, accepts },
    new AbortController().signal,
  );
  const plain = (text: string | null): string | null => text?.replaceAll('\r\n', '\n') ?? null;
  return {
    base: new Map([...base].map(([path, text]) => [path, plain(text) ?? ''])),
    changeSets: changeSets.map(({ id, drift, files }) => ({
      id,
      drift: drift.map(({ path, text }) => ({ path, text: plain(text) })),
      files: files.map(({ path, oldText, newText }) => describeChange(path, plain(oldText), plain(newText))),
    })),
  };
}

/** Each new version is split into change sets of at most as many added lines as a commit may have. */
export async function loadChainHistory(source: ChainSource, cache: string): Promise<History> {
  const { registry, name, language } = source;
  const trees: Map<string, string>[] = [];
  for (const version of source.versions) {
    const folder = await fetchPackage({ registry, name, version }, cache);
    trees.push(readTree(folder, acceptsFilesOf(language)));
  }
  const changeSets: ChangeSet[] = [];
  let late: FileText[] = [];
  for (const [index, tree] of trees.entries()) {
    const previous = trees[index - 1];
    if (!previous) continue;
    const { sets, rest } = splitVersion(`${name}@${source.versions[index] ?? ''}`, previous, tree, late);
    changeSets.push(...sets);
    late = rest;
  }
  return { base: trees[0] ?? new Map<string, string>(), changeSets };
}

/** Files that were rewritten, copied or moved are taken over when all others are finished. */
function splitVersion(
  id: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  drift: readonly FileText[],
): { sets: ChangeSet[]; rest: FileText[] } {
  const { minAddedLines, maxAddedLines } = defaultHistoryOptions;
  const gone = [...before.keys()].filter(path => !after.has(path));
  const goneTexts = gone.map(path => before.get(path) ?? '');
  const rest: FileText[] = gone.map(path => ({ path, text: null }));
  const sets: ChangeSet[] = [];
  let batch: FileChange[] = [];
  let batchLines = 0;
  const finish = (): void => {
    if (batch.length > 0) sets.push({ id, drift: sets.length === 0 ? drift : [], files: batch });
    batch = [];
    batchLines = 0;
  };
  for (const [path, text] of [...after].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const oldText = before.get(path) ?? null;
    if (oldText === text) continue;
    const change = describeChange(path, oldText, text);
    const added = change.hunks.reduce((sum, { newCount }) => sum + newCount, 0);
    const copied = oldText === null && isCopied(text, goneTexts);
    if (copied || added < minAddedLines || added > maxAddedLines) {
      rest.push({ path, text });
      continue;
    }
    if (batchLines + added > maxAddedLines) finish();
    batch.push(change);
    batchLines += added;
  }
  finish();
  return sets.length === 0 ? { sets, rest: [...drift, ...rest] } : { sets, rest };
}

function readTree(folder: string, accepts: (path: string) => boolean): Map<string, string> {
  const tree = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join('/');
    if (!entry.isFile() || !accepts(path) || statSync(file).size > defaultHistoryOptions.maxFileBytes) continue;
    const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
    if (!text.includes('\0') && !looksGenerated(text)) tree.set(path, text);
  }
  return tree;
}

/** Bundles and minified files are nobody's typing. */
function looksGenerated(text: string): boolean {
  return text.length / (text.split('\n').length + 1) > 200;
}

function acceptsFilesOf(language: LanguageName): (path: string) => boolean {
  const extensions: readonly string[] = languages[language].extensions;
  const foreign = /(^|\/)(node_modules|vendor|dist|deps|third_party)\//;
  return path =>
    extensions.includes(extname(path)) &&
    !foreign.test(path) &&
    // Declarations in packages are made from the sources beside them.
    !(language === 'TypeScript' && /\.d\.[mc]?ts$/.test(basename(path)));
}

function findClone({ repository, commit }: GitSource, clones: string): string {
  const joined = repository.replace('/', '+');
  const candidates = [join(clones, joined, 'repo'), join(clones, joined), join(clones, repository)];
  const folder = candidates.find(candidate => existsSync(candidate));
  if (folder === undefined) {
    throw new Failure('not-found', `${clones} has no clone of ${repository}.`, {
      remedy: `Clone it as ${join(clones, repository)} and check out ${commit}.`,
    });
  }
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim();
  if (head !== commit) {
    throw new Failure('bad-input', `${folder} stands at ${head}, not at ${commit}.`, {
      remedy: 'Check that commit out, so that figures can be compared.',
    });
  }
  return folder;
}
