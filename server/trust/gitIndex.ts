import { Failure } from '../base/failure.js';

/** One file of git's index: what is staged, and what its file on disk looked like then. */
export interface IndexEntry {
  /** From the root of the work tree, with slashes. Whatever the file says: nothing here says that it lies inside. */
  readonly path: string;
  /** Octal mode of git, such as 0o100644. */
  readonly mode: number;
  readonly blob: string;
  /** 0, or which side of a conflict it is. */
  readonly stage: number;
  /** git was told not to look at the file on disk. */
  readonly isTakenAsUnchanged: boolean;
  /** Only announced: nothing is staged of it yet. */
  readonly isIntended: boolean;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly inode: number;
  /** Modulo 2^32. */
  readonly size: number;
}

/**
 * Reads git's index without git: asking git itself for the state of a work tree runs monitors and filters that the repository
 * configures. Format: gitformat-index(5), versions 2 to 4. Raises Failure `damaged`, and `unavailable` for an index in parts.
 */
export function readGitIndex(bytes: Buffer, blobBytes: 20 | 32): readonly IndexEntry[] {
  try {
    return parse(bytes, blobBytes);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('damaged', "git's index cannot be read.", { remedy: 'Run `git status` there.', cause: error });
  }
}

function parse(bytes: Buffer, blobBytes: number): readonly IndexEntry[] {
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) throw new Error('This is no index.');
  const entries: IndexEntry[] = [];
  let at = 12;
  let path = Buffer.alloc(0);
  for (let index = 0; index < count; index++) {
    const start = at;
    const flags = bytes.readUInt16BE(start + 40 + blobBytes);
    const isExtended = version >= 3 && (flags & 0x4000) !== 0;
    const extended = isExtended ? bytes.readUInt16BE(start + 42 + blobBytes) : 0;
    at = start + 42 + blobBytes + (isExtended ? 2 : 0);
    let kept = 0;
    if (version === 4) {
      const shortened = readOffset(bytes, at);
      at = shortened.next;
      kept = path.length - shortened.value;
      if (kept < 0) throw new Error('A name is shorter than nothing.');
    }
    const end = bytes.indexOf(0, at);
    if (end < 0) throw new Error('A name does not end.');
    path = Buffer.concat([path.subarray(0, kept), bytes.subarray(at, end)]);
    // Versions 2 and 3 fill up with 1 to 8 NULs to a multiple of eight.
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
    entries.push({
      path: path.toString('utf8'),
      mode: bytes.readUInt32BE(start + 24),
      blob: bytes.toString('hex', start + 40, start + 40 + blobBytes),
      stage: (flags >> 12) & 3,
      isTakenAsUnchanged: (flags & 0x8000) !== 0 || (extended & 0x4000) !== 0,
      isIntended: (extended & 0x2000) !== 0,
      mtimeSeconds: bytes.readUInt32BE(start + 8),
      mtimeNanoseconds: bytes.readUInt32BE(start + 12),
      inode: bytes.readUInt32BE(start + 20),
      size: bytes.readUInt32BE(start + 36),
    });
  }
  refuseParts(bytes, at, blobBytes);
  return entries;
}

/** A split index keeps most entries in another file; then those here are not all. */
function refuseParts(bytes: Buffer, from: number, blobBytes: number): void {
  for (let at = from; at + 8 <= bytes.length - blobBytes;) {
    if (bytes.toString('latin1', at, at + 4) === 'link') {
      throw new Failure('unavailable', "git's index is split in parts, which cannot be read here.", {
        remedy: 'Run `git update-index --no-split-index` there.',
      });
    }
    at += 8 + bytes.readUInt32BE(at + 4);
  }
}

/** The variable width of pack files ("offset encoding"). */
function readOffset(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}
