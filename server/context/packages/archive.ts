import { open, realpath, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { isInside } from '../../base/paths.js';

/** The texts in a zip archive, by name; null where there is none to be had. */
export interface Archive {
  read(name: string): Promise<string | null>;
}

interface Entry {
  readonly offset: number;
  readonly packedBytes: number;
  readonly isPacked: boolean;
}

const inflate = promisify(inflateRaw);
const maxDirectoryBytes = 8_000_000;
const maxTextBytes = 400_000;
/** The record at the end may have a comment behind it. */
const tailBytes = 22 + 65_535;
const endMark = 0x06054b50;
const entryMark = 0x02014b50;

/** Reads the list of an archive that really lies in `within`; null for what is none, or has too much in it. */
export async function openArchive(path: string, within: string): Promise<Archive | null> {
  try {
    const real = await realpath(path);
    if (!isInside(await realpath(within), real)) return null;
    const entries = await withFile(real, readDirectory);
    return entries === null ? null : { read: name => readEntry(real, entries.get(name) ?? null) };
  } catch {
    return null; // Not there, or no archive.
  }
}

async function readEntry(path: string, entry: Entry | null): Promise<string | null> {
  if (entry === null || entry.packedBytes > maxTextBytes) return null;
  try {
    return await withFile(path, async file => {
      const head = await readAt(file, entry.offset, 30);
      const start = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
      const packed = await readAt(file, start, entry.packedBytes);
      const bytes = entry.isPacked ? await inflate(packed, { maxOutputLength: maxTextBytes }) : packed;
      return bytes.toString('utf8');
    });
  } catch {
    return null; // Damaged, or larger than it may be.
  }
}

async function readDirectory(file: FileHandle): Promise<ReadonlyMap<string, Entry> | null> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - tailBytes), Math.min(size, tailBytes));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endMark) end--;
  if (end < 0) return null;
  const bytes = tail.readUInt32LE(end + 12);
  if (bytes > maxDirectoryBytes) return null;
  const directory = await readAt(file, tail.readUInt32LE(end + 16), bytes);
  const entries = new Map<string, Entry>();
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entryMark;) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    const method = directory.readUInt16LE(at + 10);
    if (method === 0 || method === 8) {
      const packedBytes = directory.readUInt32LE(at + 20);
      entries.set(name, { offset: directory.readUInt32LE(at + 42), packedBytes, isPacked: method === 8 });
    }
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function withFile<Result>(path: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'r');
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
