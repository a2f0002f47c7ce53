import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monthOf } from './calendar.js';
import { createJsonLines, type JsonLines, type NewLines } from './jsonLines.js';
import type { UnknownRecord } from './record.js';

/** Records that only grow, one file a month, of several processes. */
export interface MonthlyLines {
  /** Rejects with node's errors. */
  append(record: object): Promise<void>;
}

export interface MonthlyLimits {
  /** A file that is longer is followed by another of the same month. */
  readonly maxFileBytes: number;
  /** Of all files; the oldest are removed. */
  readonly maxBytes: number;
  readonly maxMonths: number;
}

/** Without limits nothing is ever removed. */
export function createMonthlyLines(folder: string, now: () => number, limits: MonthlyLimits | null): MonthlyLines {
  let current: { readonly name: string; readonly lines: JsonLines } | null = null;
  return {
    append(record) {
      const name = nameNow();
      if (current?.name !== name) {
        current = { name, lines: createJsonLines(join(folder, name)) };
        if (limits !== null) removeOld(folder, limits);
      }
      return current.lines.append(record);
    },
  };

  /** Behind the last of the month, so that what is left of older ones stays in order. */
  function nameNow(): string {
    const month = monthOf(now());
    if (limits === null) return `${month}.jsonl`;
    const isFull = (name: string): boolean => sizeOf(join(folder, name)) >= limits.maxFileBytes;
    if (current?.name.startsWith(month) && !isFull(current.name)) return current.name;
    const last = namesIn(folder).findLast(name => name.startsWith(month));
    if (last === undefined) return `${month}.jsonl`;
    return isFull(last) ? `${month}.${partOf(last) + 1}.jsonl` : last;
  }
}

/** All records of all processes, oldest first. Rejects with node's errors, but for a folder that is not there. */
export async function readMonthlyLines(folder: string): Promise<NewLines> {
  const records: UnknownRecord[] = [];
  let damaged = 0;
  for (const name of namesIn(folder)) {
    const read = await createJsonLines(join(folder, name)).readNew();
    damaged += read.damaged;
    records.push(...read.records);
  }
  return { records, damaged };
}

/** Oldest first: by month, then by number. */
function namesIn(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter(name => /^\d{4}-\d{2}(?:\.\d+)?\.jsonl$/.test(name))
    .sort((left, right) => left.slice(0, 7).localeCompare(right.slice(0, 7)) || partOf(left) - partOf(right));
}

/** `2026-11.jsonl` is the first of its month, `2026-11.2.jsonl` the second. */
function partOf(name: string): number {
  return Number(name.split('.').at(-2)?.match(/^\d+$/)?.[0] ?? 1);
}

function removeOld(folder: string, { maxBytes, maxMonths }: MonthlyLimits): void {
  const months = new Set<string>();
  let bytes = 0;
  for (const name of [...namesIn(folder)].reverse()) {
    months.add(name.slice(0, 7));
    bytes += sizeOf(join(folder, name));
    if (months.size > maxMonths || bytes > maxBytes) rmSync(join(folder, name), { force: true });
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
