import type { TextEdit } from '../../server/base/snapshot.js';

/** One replacement: [start, oldEnd) of the text before became [start, newEnd) of the text now. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The one replacement that spans all edits, or null where they do not lead from one length to the other. */
export function joinEdits(edits: readonly TextEdit[], oldLength: number, newLength: number): TextChange | null {
  let start = Infinity;
  let oldEnd = 0;
  let delta = 0;
  for (const edit of edits) {
    if (edit.start < 0 || edit.end < edit.start || edit.end > oldLength + delta) return null;
    oldEnd = start === Infinity ? edit.end - delta : Math.max(oldEnd, edit.end - delta);
    start = Math.min(start, edit.start);
    delta += edit.text.length - (edit.end - edit.start);
  }
  if (oldLength + delta !== newLength) return null;
  if (start === Infinity) return { start: 0, oldEnd: 0, newEnd: 0 };
  return { start, oldEnd: Math.max(oldEnd, start), newEnd: Math.max(oldEnd, start) + delta };
}

/** The smallest replacement that leads from one text to the other. */
export function compareTexts(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  return { start, oldEnd: before.length - same, newEnd: after.length - same };
}

/** The part of a change that really differs. */
export function trimChange(before: string, after: string, change: TextChange): TextChange {
  let { start, oldEnd, newEnd } = change;
  while (start < oldEnd && start < newEnd && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  while (oldEnd > start && newEnd > start && before.charCodeAt(oldEnd - 1) === after.charCodeAt(newEnd - 1)) {
    oldEnd--;
    newEnd--;
  }
  return { start, oldEnd, newEnd };
}
