import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { isRecord, type UnknownRecord } from '../base/record.js';

/** The store as it stands on disk. */
export interface TrustFile {
  /** Real path of a folder: whether it is trusted or revoked. */
  readonly folders: ReadonlyMap<string, boolean>;
  /** All that it holds, also what a later version wrote; null where it cannot be read as a store. */
  readonly record: UnknownRecord | null;
  /** Why nothing in it counts, in sentences with what to do; null where it does. */
  readonly problem: string | null;
  /** It could be read, and is no store: whoever writes it next keeps it beside the new one. */
  readonly isDamaged: boolean;
}

/** Longer files are no stores. */
const maxBytes = 4 * 1024 * 1024;

export function trustPath(configFolder: string): string {
  return join(configFolder, 'trust.json');
}

/** Reads the store again whenever it has changed: `understudy trust` takes effect in servers that run. */
export function createTrustReader(path: string): () => TrustFile {
  let known: { readonly stamp: string; readonly file: TrustFile } | null = null;
  return () => {
    const stamp = stampOf(path);
    if (known?.stamp !== stamp) known = { stamp, file: readTrustFile(path) };
    return known.file;
  };
}

/** Never throws: what cannot be read trusts nobody, and says why. */
export function readTrustFile(path: string): TrustFile {
  let text: string;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { folders: new Map(), record: {}, problem: null, isDamaged: false };
    const others = writableByOthers(path, found);
    if (others !== null) return unread(false, others);
    if (found.size > maxBytes) return unread(false, `${path} is too large for a store of trusted folders.`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return unread(false, `${path} cannot be read (${code}); no folder counts as trusted.`);
  }
  const record = parse(text);
  const folders = record === null ? null : foldersIn(record['folders'] ?? {});
  if (record !== null && folders !== null) return { folders, record, problem: null, isDamaged: false };
  return unread(
    true,
    `${path} is damaged; no folder counts as trusted. Put it right, or run understudy trust: it keeps the damaged file beside a new one.`,
  );
}

function unread(isDamaged: boolean, problem: string): TrustFile {
  return { folders: new Map(), record: null, problem, isDamaged };
}

/** Whoever can write the store can trust in the person's name. */
function writableByOthers(path: string, { mode, uid }: { readonly mode: number; readonly uid: number }): string | null {
  const own = process.getuid?.();
  if (own === undefined) return null;
  if (uid !== own && uid !== 0) return `${path} belongs to another user; no folder counts as trusted.`;
  if ((mode & 0o022) !== 0)
    return `Others can write ${path}, so that no folder counts as trusted. Look through it, then: chmod 600 '${path}'`;
  const folder = dirname(path);
  return (statSync(folder).mode & 0o1002) === 0o0002
    ? `Others can write ${folder}, so that no folder counts as trusted. Look through it, then: chmod 700 '${folder}'`
    : null;
}

function parse(text: string): UnknownRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** All of it or nothing: half a store could lack the very folder that was revoked. */
function foldersIn(value: unknown): ReadonlyMap<string, boolean> | null {
  if (!isRecord(value)) return null;
  const folders = new Map<string, boolean>();
  for (const [path, entry] of Object.entries(value)) {
    if (!isAbsolute(path) || !isRecord(entry) || typeof entry['trusted'] !== 'boolean') return null;
    folders.set(path, entry['trusted']);
  }
  return folders;
}

function stampOf(path: string): string {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join();
  } catch {
    return 'none';
  }
}
