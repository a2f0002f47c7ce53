import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../base/record.js';
import { writeAtomically } from '../../base/writeAtomically.js';

/**
 * How far an applied edit is. `pending`: under way, to be taken back when nobody is at it any more. `undoing`: being taken back.
 * `broken`: could not be taken back, as somebody else changed a file meanwhile.
 */
export type EntryState = 'pending' | 'done' | 'undoing' | 'broken';

export interface EntryFile {
  /** Real path. */
  readonly path: string;
  /** The bytes before; null where there was nothing. */
  readonly before: Buffer | null;
  /** Hash of the bytes after; null where there is nothing. */
  readonly after: string | null;
  /** `versionOf` the text after, as an editor has it; null where there is none. */
  readonly version: string | null;
  readonly mode: number | null;
  /** Name of the file beside it that is written first. */
  readonly draft: string;
}

/** What is known of an applied edit, and what it takes to undo it. */
export interface Entry {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly task: string;
  /** Real path of the workspace. */
  readonly root: string;
  /** Folders that were made for it, outer ones first. */
  readonly folders: readonly string[];
  readonly files: readonly EntryFile[];
}

/** The journal's folder: one file an edit, whose name says how far it is, so that each step of it is one rename. */
export interface Entries {
  /** Oldest first. */
  list(): readonly {
    readonly id: string;
    readonly state: EntryState;
    readonly bytes: number;
    readonly changedAtMs: number;
  }[];
  write(entry: Entry, state: EntryState): Promise<void>;
  /** Null for one that cannot be read. */
  read(id: string, state: EntryState): Entry | null;
  move(id: string, from: EntryState, to: EntryState): void;
  remove(id: string, state: EntryState): void;
  pathOf(id: string, state: EntryState): string;
  /** Whether nothing is under way or was left half done. */
  isAtRest(): boolean;
  /** Removes what killed processes left beside the entries. Only for who holds the lock: nobody else writes here then. */
  sweep(): void;
}

/** Whoever waits for the lock has a file of its own beside it for so long at most. */
const longestWaitMs = 60_000;

export function openEntries(folder: string): Entries {
  const pathOf = (id: string, state: EntryState): string => join(folder, `${id}.${state}.json`);
  return {
    list() {
      const found = namesIn(folder).flatMap(name => {
        const [, id, state] = /^(\d{15}-[0-9a-f]{8})\.(pending|done|undoing|broken)\.json$/.exec(name) ?? [];
        if (id === undefined || !isState(state)) return [];
        const file = statSync(join(folder, name), { throwIfNoEntry: false });
        return file === undefined ? [] : [{ id, state, bytes: file.size, changedAtMs: file.mtimeMs }];
      });
      return found.sort((left, right) => (left.id < right.id ? -1 : 1));
    },
    write: (entry, state) => writeAtomically(pathOf(entry.id, state), serialise(entry)),
    read(id, state) {
      try {
        return parse(readFileSync(pathOf(id, state), 'utf8'));
      } catch {
        return null;
      }
    },
    move: (id, from, to) => renameSync(pathOf(id, from), pathOf(id, to)),
    remove: (id, state) => rmSync(pathOf(id, state), { force: true }),
    pathOf,
    isAtRest: () => namesIn(folder).every(name => name.endsWith('.done.json') || name.startsWith('lock')),
    sweep() {
      for (const name of namesIn(folder)) {
        const path = join(folder, name);
        const isOld = (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Date.now() - longestWaitMs;
        if (name.endsWith('.new') || (name.startsWith('lock.') && isOld)) rmSync(path, { force: true });
      }
    },
  };
}

function isState(text: string | undefined): text is EntryState {
  return text === 'pending' || text === 'done' || text === 'undoing' || text === 'broken';
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function serialise(entry: Entry): string {
  const files = entry.files.map(file => ({ ...file, before: file.before?.toString('base64') ?? null }));
  return JSON.stringify({ ...entry, files });
}

/** Written by ourselves, and yet read as anything from a disk. */
function parse(text: string): Entry | null {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) return null;
  const { id, at, task, root, folders, files } = value;
  if (
    typeof id !== 'string' ||
    typeof at !== 'string' ||
    typeof task !== 'string' ||
    typeof root !== 'string' ||
    !Array.isArray(folders) ||
    !folders.every((folder): folder is string => typeof folder === 'string') ||
    !Array.isArray(files)
  )
    return null;
  const read = files.map(parseFile);
  return read.every(file => file !== null) ? { id, at, task, root, folders, files: read } : null;
}

function parseFile(value: unknown): EntryFile | null {
  if (!isRecord(value)) return null;
  const { path, before, after, version, mode, draft } = value;
  const isTextOrNull = (text: unknown): text is string | null => text === null || typeof text === 'string';
  if (
    typeof path !== 'string' ||
    typeof draft !== 'string' ||
    !isTextOrNull(before) ||
    !isTextOrNull(after) ||
    !isTextOrNull(version) ||
    (mode !== null && typeof mode !== 'number')
  )
    return null;
  return { path, before: before === null ? null : Buffer.from(before, 'base64'), after, version, mode, draft };
}
