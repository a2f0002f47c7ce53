import { languageOf } from '../../../grammars/registry.js';
import type { DocSnapshot } from '../../base/snapshot.js';
import { Failure } from '../../base/failure.js';
import type { CodeExaminer } from '../code/codeExaminer.js';
import { isAlwaysRefused } from '../policy.js';
import type { SourceFile } from '../validator.js';
import { findDangers } from './createSecurityValidator.js';
import { hasSinkWord } from './sinkWords.js';

/** What would be put into a document: `text` replaces [start, end), offsets in utf-16 units. */
export interface Inserted {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * How many units of an insertion come before the line in which it becomes dangerous in a way that is always refused; all of them
 * where it does not. Most insertions hold no word that a danger has, and cost a search for one.
 */
export type JudgeInsertion = (snapshot: DocSnapshot, inserted: Inserted, signal: AbortSignal) => Promise<number>;

export interface InsertionJudgeOptions {
  readonly examiner: CodeExaminer;
  readonly folderOf: (path: string) => string | null;
  /** What is not judged by then is not shown; the answer is there for who asks again. */
  readonly deadlineMs?: number;
}

export function createInsertionJudge({ examiner, folderOf, deadlineMs = 40 }: InsertionJudgeOptions): JudgeInsertion {
  return async (snapshot, { start, end, text }, signal) => {
    const { path, languageId, text: content } = snapshot;
    const grammar = languageOf(path, languageId, content.slice(0, 4000))?.grammar ?? null;
    const lineStart = content.lastIndexOf('\n', start - 1) + 1;
    if (grammar === null || !hasSinkWord(content.slice(lineStart, start) + text, grammar)) return text.length;
    const file: SourceFile = {
      path: path ?? snapshot.uri,
      languageId,
      text: content.slice(0, start) + text + content.slice(end),
    };
    const folder = path === null ? null : folderOf(path);
    const late = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const { findings, unknown } = await findDangers(examiner, [file], folder, late);
      if (unknown !== null) return 0;
      const first = findings
        .filter(finding => isAlwaysRefused(finding) && finding.end > start && finding.start < start + text.length)
        .reduce((least, finding) => Math.min(least, finding.start), Infinity);
      return first === Infinity ? text.length : lineBefore(text, first - start);
    } catch (error) {
      signal.throwIfAborted();
      if (!late.aborted && !(error instanceof Failure)) throw error;
      return 0;
    }
  };
}

/** Up to the end of the line above; nothing where it is the first. */
function lineBefore(text: string, offset: number): number {
  return Math.max(0, text.lastIndexOf('\n', Math.max(0, offset)));
}
