import { createHash } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, openSync, readSync, constants, type Stats } from 'node:fs';
import { join } from 'node:path';
import { languageOf } from '../grammars/registry.js';
import type { SkipReason } from './codeIndex.js';
import type { FileRecord } from './store.js';
import { readableText } from './textCheck.js';

export type SourceRead =
  /** `folder`: there is one of this name instead. */
  | { readonly state: 'gone' | 'folder' }
  | { readonly state: 'skipped'; readonly reason: SkipReason; readonly size: number; readonly mtimeMs: number }
  | { readonly state: 'read'; readonly record: FileRecord; readonly text: string };

/** A file this young may change again within the same time stamp. */
const RACY_MS = 60;

/** Reads a file of the workspace, says what language it is in and whether a person may have written it. */
export function readSource(folder: string, path: string, maxFileKb: number): SourceRead {
  const absolute = join(folder, path);
  let bytes: Buffer;
  let stats: Stats;
  try {
    const before = lstatSync(absolute);
    if (!before.isFile()) return { state: before.isDirectory() ? 'folder' : 'gone' };
    if (before.size > maxFileKb * 1024) return skipped('too-large', before);
    ({ bytes, stats } = readWhole(absolute, before.size));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { state: 'gone' };
    return { state: 'skipped', reason: 'unreadable', size: -1, mtimeMs: -1 };
  }
  // It may have grown since it was looked at.
  if (bytes.length > maxFileKb * 1024) return skipped('too-large', stats);
  const readable = readableText(bytes);
  if ('reason' in readable) return skipped(readable.reason, stats);
  const { text } = readable;
  const language = languageOf(path, '', text.slice(0, 4000));
  if (language === null) return skipped('not-text', stats);
  const isRacy = Date.now() - stats.mtimeMs < RACY_MS || stats.size !== bytes.length;
  const record: FileRecord = {
    path,
    size: bytes.length,
    // A time that no file has, so that the next scan looks at it again.
    mtimeMs: isRacy ? 0 : stats.mtimeMs,
    hash: hashOf(bytes, language.id),
    language: language.id,
  };
  return { state: 'read', record, text };
}

/** The same bytes are another content in another language: a header of C and of C++. */
export function hashOf(bytes: Uint8Array, languageId: string): string {
  return createHash('sha256').update(languageId).update('\0').update(bytes).digest('hex').slice(0, 16);
}

function skipped(reason: SkipReason, { size, mtimeMs }: Stats): SourceRead {
  return { state: 'skipped', reason, size, mtimeMs };
}

/** Never through a link that took the file's place meanwhile, and never waiting for a pipe. */
function readWhole(absolute: string, expected: number): { readonly bytes: Buffer; readonly stats: Stats } {
  // Windows has neither flag; there they are undefined.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = openSync(absolute, flags);
  try {
    const parts: Buffer[] = [];
    for (let size = expected + 1; ; size = 65_536) {
      const part = Buffer.allocUnsafe(size);
      const length = readSync(file, part, 0, size, null);
      parts.push(part.subarray(0, length));
      if (length === 0) break;
    }
    const bytes = parts.length === 2 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    return { bytes, stats: fstatSync(file) };
  } finally {
    closeSync(file);
  }
}
