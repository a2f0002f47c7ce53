import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { languageOf } from '../../../grammars/registry.js';
import { skipByName } from '../../../index/fileNames.js';
import { readableText } from '../../../index/textCheck.js';
import { Failure } from '../../base/failure.js';
import type { Settings } from '../../config/schema.js';
import { scanWorkspace } from '../scanWorkspace.js';
import { createRandom, pick } from './cursors.js';
import { describeChange, readGitHistory, type History } from './history.js';

export interface LoadedHistory {
  readonly history: History;
  /** `cut`: there is no history; lines are cut out of the files as they are. */
  readonly kind: 'git' | 'cut';
  /** Why there is no history, for a person; null with one. */
  readonly why: string | null;
}

/** So much is copied and indexed at most: it is all to be over within a minute. */
const maxBytes = 24_000_000;
const maxFileBytes = 400_000;
const maxChangeSets = 40;
const gitMs = 20_000;

/** What was last written in a folder, from git or made up from its files. */
export async function loadHistory(folder: string, settings: Settings, signal: AbortSignal): Promise<LoadedHistory> {
  try {
    const history = await readGitHistory(
      folder,
      {
        maxChangeSets,
        minAddedLines: 2,
        maxAddedLines: 400,
        maxFileBytes,
        maxTotalBytes: maxBytes,
        timeoutMs: gitMs,
        accepts: isWorthCopying,
      },
      signal,
    );
    return { history: withPlainLineEnds(history), kind: 'git', why: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { history: await cutLines(folder, settings, signal), kind: 'cut', why: error.message };
  }
}

function isWorthCopying(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === '.gitignore' || name === '.understudyignore') return true;
  return languageOf(path, '') !== null && skipByName(name) === null;
}

/** Where a line ends is not what is measured, and editors hand over texts with their own idea of it. */
function withPlainLineEnds({ base, changeSets }: History): History {
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

const cutFiles = 60;
const cutsPerFile = 2;
const longestCut = 3;

/** A history for a folder that has none: the files last written, each without some lines that are then written again. */
async function cutLines(folder: string, settings: Settings, signal: AbortSignal): Promise<History> {
  const found = scanWorkspace(folder, settings, 10_000);
  const newest = [...found.files].sort((a, b) => b.mtimeMs - a.mtimeMs);
  const texts = new Map<string, string>();
  let bytes = 0;
  for (const { path, size } of newest) {
    signal.throwIfAborted();
    if (bytes + size > maxBytes || !isWorthCopying(path)) continue;
    const read = await readText(join(folder, path));
    if (read === null) continue;
    texts.set(path, read);
    bytes += size;
  }
  const random = createRandom(1);
  const changeSets = [...texts]
    .filter(([path, text]) => isCode(path) && text.split('\n').length > 20)
    .slice(0, cutFiles)
    .flatMap(([path, text]) => {
      const cut = cutSome(text, random);
      return cut === text ? [] : [{ id: '', drift: [], files: [describeChange(path, cut, text)] }];
    });
  if (changeSets.length === 0) {
    throw new Failure('not-found', `${folder} has no code to try on.`, {
      remedy: 'Name a folder with source files: understudy try FOLDER',
    });
  }
  for (const { files } of changeSets) for (const { path, oldText } of files) texts.set(path, oldText ?? '');
  return { base: texts, changeSets };
}

async function readText(path: string): Promise<string | null> {
  try {
    if ((await stat(path)).size > maxFileBytes) return null;
    const read = readableText(await readFile(path));
    return 'text' in read ? read.text.replaceAll('\r\n', '\n') : null;
  } catch {
    return null; // It went away, or may not be read: there are others.
  }
}

function cutSome(text: string, random: () => number): string {
  const lines = text.split('\n');
  for (let cut = 0; cut < cutsPerFile; cut++) {
    const worthy = lines.flatMap((line, at) => (line.trim().length > 8 && at > 0 ? [at] : []));
    const start = pick(worthy, random);
    if (start !== undefined) lines.splice(start, 1 + Math.floor(random() * longestCut));
  }
  return lines.join('\n');
}

function isCode(path: string): boolean {
  const language = languageOf(path, '');
  return language !== null && !language.prose;
}
