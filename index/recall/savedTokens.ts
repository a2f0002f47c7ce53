import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOutcome, ListedFile, SavedTokens } from './buildTokens.js';
import { Vocabulary } from './vocabulary.js';

/** Raised whenever tokens are read or laid out otherwise than before: older files are then of no use. */
const formatVersion = 1;
const magic = 'understudy-recall';
const fileName = 'recall.tokens';
/** A file changed this shortly before it was read may have changed again within the same tick of its clock. */
const settledMs = 2000;
const checksumBytes = 20;

interface Header {
  readonly magic: string;
  readonly version: number;
  readonly bigEndian: boolean;
  readonly length: number;
  readonly vocabularySize: number;
  readonly unitsUsed: number;
  readonly paths: readonly string[];
  readonly sizes: readonly number[];
  /** -1 where the file had only just been changed. */
  readonly mtimesMs: readonly number[];
  readonly starts: readonly number[];
}

/**
 * Writes what was built: a line of JSON, padding, the arrays, a checksum over all of it.
 * Atomic: another process sees the file before or the file after. Readable by its owner only.
 */
export function saveTokens(folder: string, outcome: BuildOutcome, now: number): void {
  const { segment, vocabulary, inOrder } = outcome;
  const header: Header = {
    magic,
    version: formatVersion,
    bigEndian: isBigEndian(),
    length: segment.length,
    vocabularySize: vocabulary.size,
    unitsUsed: vocabulary.unitsUsed,
    paths: inOrder.map(({ path }) => path),
    sizes: inOrder.map(({ size }) => size),
    mtimesMs: inOrder.map(({ mtimeMs }) => (now - mtimeMs < settledMs ? -1 : mtimeMs)),
    starts: [...segment.files.starts],
  };
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const padded = Buffer.alloc(aligned(text.length + 4) - 4, ' ');
  text.copy(padded);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(padded.length);
  const { size: entries, unitsUsed } = vocabulary;
  const sections = [
    segment.words.subarray(0, segment.length),
    vocabulary.starts.subarray(0, entries + 1),
    vocabulary.hashes.subarray(0, entries),
    vocabulary.units.subarray(0, unitsUsed),
    vocabulary.kinds.subarray(0, entries),
    segment.gaps.subarray(0, segment.length),
  ].map(array => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${fileName}.${process.pid}.${randomUUID()}`);
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      const sum = createHash('sha1');
      for (const part of [size, padded, ...sections.flatMap(section => [section, padding(section.length)])]) {
        sum.update(part);
        writeAll(file, part);
      }
      writeAll(file, sum.digest());
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, join(folder, fileName));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** What was saved, or null where there is nothing, or nothing sound: then all is read anew. */
export function loadTokens(folder: string): SavedTokens | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, fileName));
  } catch {
    return null; // The first time, or unreadable: both mean the same here.
  }
  try {
    return parse(bytes);
  } catch {
    return null; // Damaged in a way that the checks below did not name.
  }
}

function parse(bytes: Buffer): SavedTokens | null {
  if (bytes.length < checksumBytes + 8) return null;
  const body = bytes.subarray(0, bytes.length - checksumBytes);
  if (!createHash('sha1').update(body).digest().equals(bytes.subarray(body.length))) return null;
  const headerBytes = body.readUInt32LE(0);
  const header = JSON.parse(body.toString('utf8', 4, 4 + headerBytes)) as Header;
  if (header.magic !== magic || header.version !== formatVersion || header.bigEndian !== isBigEndian()) return null;
  // Arrays need their alignment, which a buffer out of a pool may not have.
  const start = 4 + headerBytes;
  const whole = (body.byteOffset + start) % 8 === 0 ? body : Buffer.from(new Uint8Array(body).buffer);
  let at = whole.byteOffset + start;
  const section = (length: number) => {
    const from = at;
    at += aligned(length);
    if (at > whole.byteOffset + whole.length) throw new RangeError('shorter than it says');
    return from;
  };
  const { buffer } = whole;
  const { length, vocabularySize: entries, unitsUsed } = header;
  const words = new Int32Array(buffer, section(length * 4), length);
  const starts = new Int32Array(buffer, section((entries + 1) * 4), entries + 1);
  const hashes = new Int32Array(buffer, section(entries * 4), entries);
  const units = new Uint16Array(buffer, section(unitsUsed * 2), unitsUsed);
  const kinds = new Uint8Array(buffer, section(entries), entries);
  const gaps = new Uint8Array(buffer, section(length), length);
  const files = new Map(header.paths.map((path, file) => [path, file]));
  return {
    vocabulary: Vocabulary.restore({ size: entries, unitsUsed, units, starts, hashes, kinds }),
    words,
    gaps,
    count: files.size,
    find({ path, size, mtimeMs }: ListedFile) {
      const file = files.get(path);
      if (file === undefined || header.sizes[file] !== size || header.mtimesMs[file] !== mtimeMs) return null;
      return { start: header.starts[file] ?? 0, end: (header.starts[file + 1] ?? length) - 1 };
    },
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function padding(bytes: number): Buffer {
  return Buffer.alloc(aligned(bytes) - bytes);
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at);
}

function isBigEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;
}
