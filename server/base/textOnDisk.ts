import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Larger files are not read: no settings, manifest or source is. */
const usualMaxBytes = 16 * 1024 * 1024;

/**
 * The text of a file; null where there is none that can be read, where it is no plain file (a device or a pipe would never end,
 * whatever link leads there), or where it is larger than `maxBytes`.
 */
export function textOnDisk(path: string, maxBytes = usualMaxBytes): string | null {
  return bytesOnDisk(path, maxBytes)?.toString('utf8') ?? null;
}

/** The same as bytes. */
export function bytesOnDisk(path: string, maxBytes = usualMaxBytes): Buffer | null {
  return read(path, maxBytes, size => size <= maxBytes);
}

/** The first bytes of a file of any size as text; null as above. */
export function startOnDisk(path: string, maxBytes: number): string | null {
  return read(path, maxBytes, () => true)?.toString('utf8') ?? null;
}

function read(path: string, maxBytes: number, isFit: (size: number) => boolean): Buffer | null {
  let descriptor: number;
  try {
    // Whoever opens a pipe otherwise waits for its other end; where a system has no such flag, it is undefined.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || !isFit(found.size)) return null;
    return readUpTo(descriptor, found.size, maxBytes, isFit);
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** It may grow while it is read, and files of /proc have no size, so that its size is only a guess. */
function readUpTo(descriptor: number, size: number, maxBytes: number, isFit: (size: number) => boolean): Buffer | null {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (let wanted = Math.min(size, maxBytes) + 1; ; wanted = 64 * 1024) {
    const chunk = Buffer.allocUnsafe(wanted);
    const count = readSync(descriptor, chunk);
    if (count === 0) break;
    bytes += count;
    chunks.push(chunk.subarray(0, count));
    if (bytes > maxBytes) {
      if (!isFit(bytes)) return null;
      break;
    }
  }
  const all = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
  return all.subarray(0, maxBytes);
}
