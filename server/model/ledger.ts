import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../base/log.js';
import { createMonthlyLines, readMonthlyLines } from '../base/monthlyLines.js';
import type { Position } from '../base/position.js';
import { isRecord, type UnknownRecord } from '../base/record.js';
import { ModelFailure } from './backend.js';
import type { Task } from './prompt.js';

/** Part of a file that was sent: an LSP range. */
export interface LedgerFile {
  readonly path: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

export interface Redaction {
  readonly kind: string;
  readonly count: number;
}

/** What is written before anything is sent. Never text. */
export interface Sending {
  readonly backend: string;
  readonly host: string;
  readonly isLocal: boolean;
  readonly model: string;
  readonly task: Task;
  readonly files: readonly LedgerFile[];
  /** Estimated; what the server counted stands in its place once it is known. */
  readonly tokens: number;
  readonly redactions: readonly Redaction[];
}

/** How it ended: all of the answer, broken off by us, failed on the way, or never reached the server. */
export type SendingEnd = 'done' | 'aborted' | 'failed' | 'not-sent';

export interface LedgerEntry extends Sending {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** Null: not ended, or the process ended first. */
  readonly end: SendingEnd | null;
  /** Of the answer; null where the server did not say. */
  readonly completionTokens: number | null;
}

export interface OpenEntry {
  settle(
    end: SendingEnd,
    tokens: { readonly prompt: number | null; readonly completion: number | null },
  ): Promise<void>;
}

export interface Ledger {
  /** Resolves when it is written. Rejects with ModelFailure: what cannot be written down is not sent. */
  write(sending: Sending): Promise<OpenEntry>;
}

export function createLedger(options: {
  readonly stateRoot: string;
  readonly now: () => number;
  readonly log: Log;
}): Ledger {
  const { stateRoot, now, log } = options;
  const lines = createMonthlyLines(folderOf(stateRoot), now, null);
  return {
    async write(sending) {
      const id = randomUUID();
      try {
        await lines.append({ id, at: new Date(now()).toISOString(), ...sending });
      } catch (error) {
        throw notWritten(folderOf(stateRoot), error);
      }
      return {
        async settle(end, { prompt, completion }) {
          try {
            await lines.append({ id, at: new Date(now()).toISOString(), end, prompt, completion });
          } catch {
            log.warn('How a request ended could not be written into the ledger.');
          }
        },
      };
    },
  };
}

/** All that was sent, oldest first, of every process. */
export async function readLedger(
  stateRoot: string,
): Promise<{ readonly entries: readonly LedgerEntry[]; readonly damaged: number }> {
  const entries = new Map<string, LedgerEntry>();
  const read = await readMonthlyLines(folderOf(stateRoot));
  let { damaged } = read;
  for (const record of read.records) if (!merge(entries, record)) damaged++;
  return { entries: [...entries.values()], damaged };
}

function merge(entries: Map<string, LedgerEntry>, record: UnknownRecord): boolean {
  const { id, end } = record;
  if (typeof id !== 'string') return false;
  if (end === undefined) {
    const entry = readEntry(id, record);
    if (entry === null) return false;
    entries.set(id, entry);
    return true;
  }
  const entry = entries.get(id);
  const known = ends.find(name => name === end);
  if (entry === undefined || known === undefined) return false;
  const { prompt, completion } = record;
  entries.set(id, {
    ...entry,
    end: known,
    tokens: typeof prompt === 'number' ? prompt : entry.tokens,
    completionTokens: typeof completion === 'number' ? completion : null,
  });
  return true;
}

const ends: readonly SendingEnd[] = ['done', 'aborted', 'failed', 'not-sent'];

/** Written by ourselves, and yet read as anything from a disk. */
function readEntry(id: string, record: UnknownRecord): LedgerEntry | null {
  const { at, backend, host, isLocal, model, task, files, tokens, redactions } = record;
  if (
    typeof at !== 'string' ||
    typeof backend !== 'string' ||
    typeof host !== 'string' ||
    typeof isLocal !== 'boolean' ||
    typeof model !== 'string' ||
    typeof tokens !== 'number' ||
    !isTask(task) ||
    !Array.isArray(files) ||
    !files.every(isLedgerFile) ||
    !Array.isArray(redactions) ||
    !redactions.every(isRedaction)
  )
    return null;
  const ended = { end: null, completionTokens: null };
  return { id, at, backend, host, isLocal, model, task, files, tokens, redactions, ...ended };
}

const tasks: readonly Task[] = ['inline', 'chat', 'explain', 'tests', 'review', 'embed'];

function isTask(value: unknown): value is Task {
  return tasks.some(task => task === value);
}

function isLedgerFile(value: unknown): value is LedgerFile {
  if (!isRecord(value) || typeof value['path'] !== 'string') return false;
  const { range } = value;
  return isRecord(range) && isPosition(range['start']) && isPosition(range['end']);
}

function isPosition(value: unknown): value is Position {
  return isRecord(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';
}

function isRedaction(value: unknown): value is Redaction {
  return isRecord(value) && typeof value['kind'] === 'string' && typeof value['count'] === 'number';
}

function folderOf(stateRoot: string): string {
  return join(stateRoot, 'ledger');
}

function notWritten(folder: string, cause: unknown): ModelFailure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new ModelFailure(
    'refused-by-settings',
    `Nothing is sent: the ledger in ${folder} cannot be written (${code}).`,
    {
      remedy: 'Make that folder writable, or set privacy.ledger to false.',
      cause,
    },
  );
}
