import { relative } from 'node:path';
import type { Audit, AuditedFile } from '../trust/audit.js';
import { hashOf } from '../trust/journal/edit.js';
import type { FileChange, Gate, Judgement } from './gate.js';
import type { Reach, Workplace } from './validator.js';

/**
 * Writes down what was judged, and how. Of what is typed only what was refused: the rest is as many lines as there are
 * keystrokes, and says nothing.
 */
export function auditedGate(gate: Gate, audit: Audit): Gate {
  return {
    ...gate,
    async judge(change, workplace, reach, signal) {
      const judgement = await gate.judge(change, workplace, reach, signal);
      if (reach !== 'typing' || !judgement.valid) void note(change, workplace, reach, judgement);
      return judgement;
    },
  };

  /** Nobody waits for it; it never rejects. */
  function note(
    change: readonly FileChange[],
    { folder }: Workplace,
    reach: Reach,
    { valid, issues, checks }: Judgement,
  ): Promise<void> {
    const unknown = checks.filter(({ state }) => state === 'unknown').map(({ id }) => id);
    return audit.note({
      event: valid ? 'checked' : 'refused',
      task: reach === 'typing' ? 'inline' : 'edit',
      root: folder,
      files: change.map(file => auditedFile(file, folder)),
      rules: issues.map(({ rule }) => rule),
      ...(unknown.length === 0 ? {} : { why: `unknown: ${unknown.join(' ')}` }),
    });
  }
}

function auditedFile({ path, before, after }: FileChange, folder: string | null): AuditedFile {
  return {
    path: folder === null ? path : relative(folder, path),
    before: before === null ? null : hashOf(before),
    after: after === null ? null : hashOf(after),
    bytes: after === null ? 0 : Buffer.byteLength(after),
  };
}
