import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Failure, fileFailure } from '../base/failure.js';
import { changedMeanwhile, isSameFile, type Place } from './paths.js';

/** What a file held when it was opened, and its mode. */
export interface PlaceContent {
  readonly bytes: Buffer;
  /** Permission bits. */
  readonly mode: number;
  readonly mtimeNs: bigint;
}

/**
 * Reads the very file that was looked at: what was put in its place since, by a link or otherwise, is refused.
 * Raises Failure: `not-found`, `permission`, `locked` where it was replaced, `bad-input` for more than `maxBytes` or no plain file.
 */
export function readPlace(place: Place, maxBytes: number): PlaceContent {
  const { path, found } = place;
  if (found === null) throw new Failure('not-found', `${path} does not exist.`);
  let descriptor: number;
  try {
    // A pipe must not be waited for; where a system has no such flag, it is undefined.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') throw changedMeanwhile(path);
    throw fileFailure(error, path);
  }
  try {
    const opened = fstatSync(descriptor, { bigint: true });
    if (!isSameFile(found, { device: opened.dev, inode: opened.ino })) throw changedMeanwhile(path);
    if (!opened.isFile()) throw new Failure('bad-input', `${path} is no plain file.`);
    if (opened.size > BigInt(maxBytes)) throw tooLarge(path, maxBytes);
    return { bytes: readAll(descriptor, path, maxBytes), mode: Number(opened.mode & 0o777n), mtimeNs: opened.mtimeNs };
  } finally {
    closeSync(descriptor);
  }
}

/** It may grow while it is read, so that its size says little. */
function readAll(descriptor: number, path: string, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let bytes = 0; ;) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks);
    bytes += count;
    if (bytes > maxBytes) throw tooLarge(path, maxBytes);
    chunks.push(chunk.subarray(0, count));
  }
}

function tooLarge(path: string, maxBytes: number): Failure {
  return new Failure('bad-input', `${path} is larger than ${maxBytes} bytes.`);
}
