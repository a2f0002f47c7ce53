import { join } from 'node:path';
import type { Log } from '../base/log.js';
import { createMonthlyLines, readMonthlyLines } from '../base/monthlyLines.js';
import type { UnknownRecord } from '../base/record.js';

/** What became of something generated. Never its text: names, hashes, sizes. */
export interface AuditEvent {
  readonly event: 'proposed' | 'checked' | 'applied' | 'refused' | 'undone';
  /** Who made it, such as `inline` or `refactor`. */
  readonly task: string;
  /** Real path of the workspace; null where there is none. */
  readonly root: string | null;
  readonly files: readonly AuditedFile[];
  /** Ties events of one change together. */
  readonly id?: string;
  /** Rules that something was found by, `validator/name`. */
  readonly rules?: readonly string[];
  /** A code, not a sentence: the kind of a failure, a reason code. */
  readonly why?: string;
}

export interface AuditedFile {
  /** Relative to the root, or absolute without one. */
  readonly path: string;
  /** SHA-256 of the content before and after; null where there is none. */
  readonly before?: string | null;
  readonly after?: string | null;
  /** Of the content after. */
  readonly bytes?: number;
}

/** What was proposed, checked, applied, refused: a file of lines that only grows, and that several processes write. */
export interface Audit {
  /** Resolves when it is written. Never rejects: what cannot be written down is told in the log, once. */
  note(event: AuditEvent): Promise<void>;
}

export const noAudit: Audit = { note: () => Promise.resolve() };

const limits = { maxFileBytes: 8 * 1024 * 1024, maxBytes: 64 * 1024 * 1024, maxMonths: 12 };
const mostFiles = 100;
const mostRules = 50;

export function createAudit(options: {
  /** The platform's state folder, `understudy`. */
  readonly stateRoot: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}): Audit {
  const { stateRoot, now, log } = options;
  const lines = createMonthlyLines(auditFolder(stateRoot), now, limits);
  let hasComplained = false;
  return {
    async note({ event, task, root, files, id, rules = [], why }) {
      const cut = files.length - mostFiles;
      try {
        await lines.append({
          at: new Date(now()).toISOString(),
          event,
          ...(id === undefined ? {} : { id }),
          task,
          root,
          files: files.slice(0, mostFiles).map(({ path, before, after, bytes }) => ({ path, before, after, bytes })),
          ...(cut > 0 ? { moreFiles: cut } : {}),
          rules: [...new Set(rules)].slice(0, mostRules),
          ...(why === undefined ? {} : { why }),
        });
      } catch (error) {
        if (!hasComplained) log.warn(`The audit log in ${auditFolder(stateRoot)} cannot be written.`, error);
        hasComplained = true;
      }
    },
  };
}

/** Oldest first. Rejects with node's errors. */
export async function readAudit(
  stateRoot: string,
): Promise<{ readonly records: readonly UnknownRecord[]; readonly damaged: number }> {
  return readMonthlyLines(auditFolder(stateRoot));
}

function auditFolder(stateRoot: string): string {
  return join(stateRoot, 'audit');
}
