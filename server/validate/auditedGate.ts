import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import type { Audit, AuditedFile, AuditEvent } from '../trust/audit.js';
import { hashOf } from '../trust/journal/edit.js';
import type { FileChange, Gate, Judgement } from './gate.js';

/**
 * Writes down what was proposed to the gate, and how it fared, tied together by an id. Of what is typed only what was refused: the
 * rest is as many lines as there are keystrokes, and says nothing.
 */
export function auditedGate(gate: Gate, audit: Audit): Gate {
  return {
    ...gate,
    async judge(change, workplace, reach, signal) {
      const { folder } = workplace;
      // Nobody waits for what is written down; it never rejects.
      if (reach === 'typing') {
        const judgement = await gate.judge(change, workplace, reach, signal);
        if (!judgement.valid) void audit.note(auditedJudgement(change, folder, 'inline', judgement));
        return judgement;
      }
      const id = randomUUID();
      const files = change.map(file => auditedFile(file, folder));
      void audit.note({ event: 'proposed', task: 'edit', root: folder, files, id });
      const judgement = await gate.judge(change, workplace, reach, signal);
      void audit.note({ ...auditedJudgement(change, folder, 'edit', judgement), id });
      return judgement;
    },
  };
}

/** How a change fared: its files by name, hash and size, and what was found by which rules. */
export function auditedJudgement(
  change: readonly FileChange[],
  folder: string | null,
  task: string,
  { valid, issues, checks }: Judgement,
): AuditEvent {
  const unknown = checks.filter(({ state }) => state === 'unknown').map(({ id }) => id);
  return {
    event: valid ? 'checked' : 'refused',
    task,
    root: folder,
    files: change.map(file => auditedFile(file, folder)),
    rules: issues.map(({ rule }) => rule),
    ...(unknown.length === 0 ? {} : { why: `unknown: ${unknown.join(' ')}` }),
  };
}

function auditedFile({ path, before, after }: FileChange, folder: string | null): AuditedFile {
  return {
    path: folder === null ? path : relative(folder, path),
    before: before === null ? null : hashOf(before),
    after: after === null ? null : hashOf(after),
    bytes: after === null ? 0 : Buffer.byteLength(after),
  };
}
