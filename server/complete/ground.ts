import { languageOf, otherText } from '../../grammars/registry.js';
import type { CodeIndex } from '../../index/codeIndex.js';
import type { Recall } from '../../index/recall/recall.js';
import type { DocSnapshot } from '../base/snapshot.js';
import { freeNames, mayComeUnnamed } from './groundNames.js';

export interface GroundOptions {
  readonly recall: Pick<Recall, 'knows' | 'stats'>;
  /** The index of the folder that a file is in. */
  readonly index: (path: string) => Pick<CodeIndex, 'definitions' | 'status'> | null;
  /** What is not answered by then is taken for known. */
  readonly deadlineMs?: number;
}

/** What a text of a model refers to, seen against the document, the workspace and the language. */
export interface Ground {
  /**
   * Names that `text`, put in at `offset`, uses and nobody knows: not the document, not a file of the workspace, not the
   * language, not the text itself. In order. Empty whenever it cannot be told. Rejects only with the signal's reason.
   */
  unknownNames(snapshot: DocSnapshot, text: string, offset: number, signal: AbortSignal): Promise<readonly string[]>;
}

const usualDeadlineMs = 15;
const unitsAbove = 4000;

export function createGround({ recall, index, deadlineMs = usualDeadlineMs }: GroundOptions): Ground {
  return {
    async unknownNames(snapshot, text, offset, signal) {
      signal.throwIfAborted();
      const { path } = snapshot;
      const language = languageOf(path, snapshot.languageId, snapshot.text.slice(0, 4000)) ?? otherText;
      // Strings and comments that began some lines above are seen; what begins further up is not worth the time.
      const from = offset <= unitsAbove ? 0 : snapshot.text.indexOf('\n', offset - unitsAbove) + 1;
      const left = from > offset ? '' : snapshot.text.slice(from, offset);
      const unknown = freeNames(text, left, language)
        .filter(({ name }) => !holdsWord(snapshot.text, name) && !recall.knows(name))
        .filter(use => !mayComeUnnamed(use, snapshot.text, language))
        .map(({ name }) => name);
      if (unknown.length === 0) return [];
      const stats = recall.stats();
      // Where recall has read everything, what it does not know is nowhere.
      const folderIndex = path === null ? null : index(path);
      if (folderIndex === null) return stats.files > 0 && stats.leftOut === 0 ? unknown : [];
      const { state } = folderIndex.status();
      if (state === 'idle' || state === 'scanning' || state === 'indexing') return [];
      if (stats.files > 0 && stats.leftOut === 0) return unknown;
      return undefinedNames(folderIndex, unknown, deadlineMs, signal);
    },
  };
}

/** What a text has before the statement that uses one of the names for the first time, without blanks at the end. */
export function cutBeforeUnknown(text: string, names: readonly string[]): string {
  let first = text.length;
  for (const name of names) {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      if (isWhole(text, at, name.length)) {
        first = Math.min(first, at);
        break;
      }
    }
  }
  if (first === text.length) return text;
  return text.slice(0, startOfStatement(text, first)).trimEnd();
}

/** The start of the line, or of the line on which the innermost list of arguments or elements around was opened. */
function startOfStatement(text: string, at: number): number {
  const open: { start: number; isBlock: boolean }[] = [];
  let lineStart = 0;
  for (let i = 0; i < at; i++) {
    const unit = text.charAt(i);
    if (unit === '\n') lineStart = i + 1;
    else if (unit === '(' || unit === '[') open.push({ start: lineStart, isBlock: false });
    else if (unit === '{') open.push({ start: lineStart, isBlock: true });
    else if (unit === ')' || unit === ']' || unit === '}') open.pop();
  }
  let start = lineStart;
  for (let i = open.length - 1; i >= 0 && open[i]?.isBlock === false; i--)
    start = Math.min(start, open[i]?.start ?? start);
  return start;
}

async function undefinedNames(
  index: Pick<CodeIndex, 'definitions'>,
  names: readonly string[],
  deadlineMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), deadlineMs);
  const both = AbortSignal.any([signal, late.signal]);
  try {
    const found = await Promise.race([
      Promise.all(names.map(name => index.definitions(name, both))),
      new Promise<null>(resolve => both.addEventListener('abort', () => resolve(null), { once: true })),
    ]);
    signal.throwIfAborted();
    return found === null ? [] : names.filter((_, at) => found[at]?.length === 0);
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) return [];
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isWhole(text, at, word.length)) return true;
  }
  return false;
}

function isWhole(text: string, at: number, length: number): boolean {
  return !isWordUnit(text.charAt(at - 1)) && !isWordUnit(text.charAt(at + length));
}

function isWordUnit(unit: string): boolean {
  return unit !== '' && /[\p{L}\p{N}_$]/u.test(unit);
}
