import { inflateRawSync } from 'node:zlib';

/** The entries of a zip archive that is held in memory, as jars and jmods are; nothing where it is none. */
export function* zipEntries(
  archive: Buffer,
  wanted: (name: string) => boolean,
): Generator<{ readonly name: string; read(): Buffer | null }> {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== endMark) end--;
  if (end < 0) return;
  const size = archive.readUInt32LE(end + 12);
  // Something may stand before the archive itself.
  const shift = end - size - archive.readUInt32LE(end + 16);
  let at = end - size;
  while (at >= 0 && at + 46 <= end && archive.readUInt32LE(at) === entryMark) {
    const here = at;
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    if (wanted(name)) yield { name, read: () => readEntry(archive, here, shift) };
  }
}

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const maxBytes = 8_000_000;

function readEntry(archive: Buffer, entry: number, shift: number): Buffer | null {
  try {
    const method = archive.readUInt16LE(entry + 10);
    const offset = archive.readUInt32LE(entry + 42) + shift;
    const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
    const packed = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
    if (method === 0) return packed;
    return method === 8 ? inflateRawSync(packed, { maxOutputLength: maxBytes }) : null;
  } catch {
    return null; // Damaged, or larger than it may be.
  }
}
