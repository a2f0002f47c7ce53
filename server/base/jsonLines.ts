import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRecord, type UnknownRecord } from './record.js';

export interface NewLines {
  readonly records: readonly UnknownRecord[];
  /** Lines that are no JSON object: a disk that was full, a machine that lost power. */
  readonly damaged: number;
}

/** A file of one JSON object a line that only grows, and that several processes write to. */
export interface JsonLines {
  /** One write with O_APPEND, so that lines of several processes stand whole behind one another. */
  append(record: object): Promise<void>;
  /** What anybody wrote since the last call, in the order of the file. */
  readNew(): Promise<NewLines>;
}

/** The file is the person's alone (0600) and made with the first line. Both methods reject with node's errors. */
export function createJsonLines(path: string): JsonLines {
  let offset = 0;
  let remainder = Buffer.alloc(0);
  let hasAppended = false;
  return {
    async append(record) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a+', 0o600);
      try {
        // Half a line of somebody who died must not spoil ours.
        const start = remainder.length > 0 || (!hasAppended && !(await endsWithLine(file))) ? '\n' : '';
        hasAppended = true;
        await file.write(`${start}${JSON.stringify(record)}\n`);
      } finally {
        await file.close();
      }
    },
    async readNew() {
      const added = await readFrom();
      const text = Buffer.concat([remainder, added]);
      const end = text.lastIndexOf(newline) + 1;
      remainder = text.subarray(end);
      return parse(text.subarray(0, end).toString('utf8'));
    },
  };

  async function readFrom(): Promise<Buffer> {
    let file;
    try {
      file = await open(path, 'r');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
    try {
      const { size } = await file.stat();
      if (size <= offset) return Buffer.alloc(0);
      const buffer = Buffer.alloc(size - offset);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      offset += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

const newline = 10;

async function endsWithLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === newline;
}

function parse(text: string): NewLines {
  const records: UnknownRecord[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const record = parseLine(line);
    if (record === null) damaged++;
    else records.push(record);
  }
  return { records, damaged };
}

function parseLine(line: string): UnknownRecord | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
