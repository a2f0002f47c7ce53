import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Failure, fileFailure } from '../../base/failure.js';
import { withLock } from '../../base/lock.js';
import { isInside, realPathOfNearest } from '../../base/paths.js';
import type { Audit } from '../audit.js';
import { placeInside } from '../paths.js';
import { replacePlace } from '../replacePlace.js';
import { hashOf, versionOf, type Edit, type MadeEdit } from './edit.js';
import { openEntries, type Entry, type EntryFile } from './entries.js';
import { missingFolders, planEdit, stepsMade, type Step } from './planEdit.js';
import { contentOf, takeBack, type Kept } from './takeBack.js';

/** What was applied or taken back. */
export interface AppliedEdit {
  readonly id: string;
  /** ISO 8601: when it was applied. */
  readonly at: string;
  readonly task: string;
  /** Real paths of all files that changed, came or went. */
  readonly files: readonly string[];
}

/** What an editor has open: its text counts, not that of the disk, and only it can change it. */
export interface OpenFiles {
  textOf(path: string): string | null;
  /**
   * Gives open files their text of before; null for those that came and are to be removed. Resolves with the paths of those
   * that it has seen to: the others are changed on the disk. Rejects, and has changed nothing, where the editor would not.
   */
  replace(files: readonly { readonly path: string; readonly text: string | null }[]): Promise<ReadonlySet<string>>;
}

/** Changes files so that it can be taken back. One for a state folder; several processes may use it. */
export interface Journal {
  /**
   * Makes all changes of an edit or none, also when the process is killed in between: the next that comes takes back what was
   * begun. Raises Failure: see `planEdit`, `replacePlace`; `locked` where another process has been at it for too long.
   */
  apply(edit: Edit, signal: AbortSignal): Promise<AppliedEdit>;
  /** Keeps what an editor has changed at our request, so that it can be taken back too. Raises Failure as `apply`. */
  record(edit: MadeEdit, signal: AbortSignal): Promise<AppliedEdit>;
  /**
   * Takes back the last edit that was applied in `root` or a folder inside it, or in any workspace where it is null.
   * Raises Failure: `not-found` where there is none, `stale` where a file has changed since.
   */
  undo(root: string | null, open: OpenFiles | null, signal: AbortSignal): Promise<AppliedEdit>;
  /** Takes back what a killed process left half done; says what it could not, in sentences with what to do. */
  recover(signal: AbortSignal): Promise<readonly string[]>;
}

export interface JournalOptions {
  /** The platform's state folder, `understudy`. */
  readonly stateRoot: string;
  readonly audit: Audit;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const lockLimitMs = 10_000;
const mostEntries = 50;
const mostBytes = 128 * 1024 * 1024;
const oldestMs = 30 * 24 * 3600 * 1000;

export function createJournal({ stateRoot, audit, now = Date.now }: JournalOptions): Journal {
  const folder = join(stateRoot, 'journal');
  const entries = openEntries(folder);
  return {
    async apply(edit, signal) {
      try {
        const applied = await alone(signal, () => apply(edit, signal));
        await audit.note({
          event: 'applied',
          task: edit.task,
          root: applied.root,
          files: auditedFiles(applied),
          id: applied.id,
        });
        return describe(applied);
      } catch (error) {
        if (error instanceof Failure)
          await audit.note({ event: 'refused', task: edit.task, root: edit.root, files: [], why: error.kind });
        throw error;
      }
    },
    async record(edit, signal) {
      const made = await alone(signal, async () => {
        const entry = entryOf(edit, stepsMade(edit), []);
        await entries.write(entry, 'done');
        prune();
        return entry;
      });
      await audit.note({ event: 'applied', task: edit.task, root: made.root, files: auditedFiles(made), id: made.id });
      return describe(made);
    },
    async undo(root, open, signal) {
      const undone = await alone(signal, () => undo(root === null ? null : realPathOfNearest(root), open));
      await audit.note({
        event: 'undone',
        task: undone.task,
        root: undone.root,
        files: auditedFiles(undone),
        id: undone.id,
      });
      return describe(undone);
    },
    async recover(signal) {
      if (entries.isAtRest()) return [];
      return alone(signal, () => Promise.resolve(troubles()));
    },
  };

  /** One at a time, and never on top of what somebody left half done. */
  async function alone<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await withLock(
        join(folder, 'lock'),
        lockLimitMs,
        () => {
          takeBackRemains();
          return work();
        },
        signal,
      );
    } catch (error) {
      throw fileFailure(error, folder);
    }
  }

  async function apply(edit: Edit, signal: AbortSignal): Promise<Entry> {
    const steps = planEdit(edit);
    const entry = entryOf(edit, steps, missingFolders(steps));
    signal.throwIfAborted();
    await entries.write(entry, 'pending');
    try {
      for (const made of entry.folders) mkdirSync(made);
      for (const [index, step] of steps.entries()) put(step, entry.files[index]?.draft ?? '', entry.root);
      // From here on it is there.
      entries.move(entry.id, 'pending', 'done');
    } catch (error) {
      takeBackRemains();
      throw error;
    }
    prune();
    return entry;
  }

  function entryOf(
    { root, task }: Pick<Edit, 'root' | 'task'>,
    steps: readonly Step[],
    folders: readonly string[],
  ): Entry {
    const newest = Number(entries.list().at(-1)?.id.split('-', 1)[0] ?? 0);
    const id = `${String(Math.max(Math.floor(now()), newest + 1)).padStart(15, '0')}-${randomUUID().slice(0, 8)}`;
    return {
      id,
      at: new Date(now()).toISOString(),
      task,
      root: steps[0]?.place.root ?? root,
      folders,
      files: steps.map(({ place, before, after, mode }, index) => ({
        path: place.path,
        before,
        after: after === null ? null : hashOf(after),
        version: after === null ? null : versionOf(after.toString('utf8')),
        mode,
        draft: `.understudy-${id}-${index}`,
      })),
    };
  }

  async function undo(root: string | null, open: OpenFiles | null): Promise<Entry> {
    const entry = lastDone(root);
    const shown = new Map<EntryFile, string>();
    const changed: string[] = [];
    for (const file of entry.files) {
      const text = open?.textOf(file.path) ?? null;
      if (text !== null) shown.set(file, text);
      // What came is removed from the disk, whatever an editor shows of it.
      const isOnDisk = text === null || file.before === null;
      const isAsApplied =
        (text === null || versionOf(text) === file.version) &&
        (!isOnDisk || hashOrNull(contentOf(entry.root, file.path)) === file.after);
      if (!isAsApplied) changed.push(relative(entry.root, file.path));
    }
    if (changed.length > 0) {
      throw new Failure('stale', `Nothing is taken back: ${changed.join(', ')} changed since the edit was applied.`, {
        remedy: `Bring ${changed.length === 1 ? 'it' : 'them'} back to that first (your editor's undo, or version control).`,
      });
    }
    entries.move(entry.id, 'done', 'undoing');
    let seenTo: ReadonlySet<string> = new Set();
    try {
      if (open !== null && shown.size > 0)
        seenTo = await open.replace([...shown.keys()].map(({ path, before }) => ({ path, text: textOf(before) })));
    } catch (error) {
      entries.move(entry.id, 'undoing', 'done');
      throw error;
    }
    const kept = takeBack({ ...entry, files: entry.files.filter(({ path }) => !seenTo.has(path)) });
    settle(entry.id, 'undoing', kept);
    if (kept.length > 0) throw halfBack(kept, entries.pathOf(entry.id, 'broken'));
    return entry;
  }

  function lastDone(root: string | null): Entry {
    for (const { id, state } of [...entries.list()].reverse()) {
      if (state !== 'done') continue;
      const entry = entries.read(id, state);
      if (entry !== null && (root === null || isInside(root, entry.root))) return entry;
    }
    throw new Failure(
      'not-found',
      root === null ? 'There is nothing to undo.' : `There is nothing to undo in ${root}.`,
    );
  }

  function takeBackRemains(): void {
    entries.sweep();
    for (const { id, state } of entries.list()) {
      if (state !== 'pending' && state !== 'undoing') continue;
      const entry = entries.read(id, state);
      // Written whole or not at all: one that cannot be read was damaged by others, and says nothing that could be done.
      if (entry === null) entries.move(id, state, 'broken');
      else settle(id, state, takeBack(entry));
    }
  }

  function settle(id: string, state: 'pending' | 'undoing', kept: readonly Kept[]): void {
    if (kept.length === 0) entries.remove(id, state);
    else entries.move(id, state, 'broken');
  }

  function troubles(): readonly string[] {
    return entries
      .list()
      .filter(({ state }) => state === 'broken')
      .map(({ id, state }) => {
        const entry = entries.read(id, state);
        const files = entry?.files.map(({ path }) => path).join(', ') ?? 'files that are not known';
        return `An edit of ${files} was interrupted and could not be taken back as a whole. Look at them; what they held before is kept in ${entries.pathOf(id, state)}, which can be removed then.`;
      });
  }

  function prune(): void {
    let count = 0;
    let bytes = 0;
    for (const { id, state, bytes: size, changedAtMs } of [...entries.list()].reverse()) {
      count += 1;
      bytes += size;
      const isLast = count === 1;
      if (!isLast && (count > mostEntries || bytes > mostBytes || changedAtMs < now() - oldestMs))
        entries.remove(id, state);
    }
  }
}

function halfBack(kept: readonly Kept[], record: string): Failure {
  const paths = kept.map(({ path }) => path).join(', ');
  return new Failure('stale', `Taken back, but for ${paths}: changed by somebody else in the same moment.`, {
    remedy: `What was there before the edit is kept in ${record}.`,
  });
}

/** Looked at anew: folders may have been made for it since, and whatever else may have happened. */
function put({ place, before, after, mode }: Step, draft: string, root: string): void {
  const now = placeInside(root, place.path, 'write');
  if (now.path !== place.path)
    throw new Failure('locked', `${place.path} leads elsewhere now.`, { remedy: 'Try again.' });
  replacePlace({ place: { ...now, found: place.found }, expected: before, bytes: after, mode, draft });
}

function textOf(bytes: Buffer | null): string | null {
  return bytes?.toString('utf8').replace(/^\uFEFF/, '') ?? null;
}

function hashOrNull(bytes: Buffer | null): string | null {
  return bytes === null ? null : hashOf(bytes);
}

function describe({ id, at, task, files }: Entry): AppliedEdit {
  return { id, at, task, files: files.map(({ path }) => path) };
}

function auditedFiles({
  root,
  files,
}: Entry): readonly { path: string; before: string | null; after: string | null }[] {
  return files.map(({ path, before, after }) => ({
    path: relative(root, path) || basename(path),
    before: hashOrNull(before),
    after,
  }));
}
