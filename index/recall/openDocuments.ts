import { realpathSync } from 'node:fs';
import { languageOf } from '../../grammars/registry.js';
import type { DocSnapshot, TextEdit } from '../../server/base/snapshot.js';
import { delimitersOf, noDelimiters } from './delimiters.js';
import type { DeletedText } from './deletedText.js';
import { DocumentStream } from './documentStream.js';
import { freshnessOf } from './source.js';
import { compareTexts, joinEdits, trimChange, type TextChange } from './textChange.js';
import type { Vocabulary } from './vocabulary.js';

/** Of a larger document only the surroundings of the cursor are read. */
const maxDocumentChars = 2_000_000;
const windowBefore = 20_000;
const windowAfter = 5_000;

/** A deletion that goes on, key by key. */
interface Deletion {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What had been typed when it began. */
  readonly typed: Range | null;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

export interface OpenDocument {
  snapshot: DocSnapshot;
  stream: DocumentStream;
  /** Whose text on disk it stands for. */
  readonly paths: readonly string[];
  isLarge: boolean;
  deletion: Deletion | null;
  /** What was inserted a moment ago, in one go or key by key in one line. */
  typed: Range | null;
}

/** Reads a document that has just been opened. */
export function readDocument(snapshot: DocSnapshot, vocabulary: Vocabulary): OpenDocument {
  const { path, text } = snapshot;
  const isLarge = text.length > maxDocumentChars;
  const stream = newStream(snapshot, vocabulary);
  if (!isLarge) stream.reset(text);
  return { snapshot, stream, paths: pathsOf(path), isLarge, deletion: null, typed: null };
}

/** The same document with the numbers of another vocabulary. */
export function rereadDocument(document: OpenDocument, vocabulary: Vocabulary): void {
  document.stream = newStream(document.snapshot, vocabulary);
  if (!document.isLarge) document.stream.reset(document.snapshot.text);
}

/** Brings a document to the text of `snapshot`; `edits` are believed only as far as the lengths agree. */
export function changeDocument(
  document: OpenDocument,
  snapshot: DocSnapshot,
  edits: readonly TextEdit[] | null,
  deleted: DeletedText,
): void {
  const before = document.snapshot.text;
  const after = snapshot.text;
  document.snapshot = snapshot;
  if (before === after) return;
  const wasLarge = document.isLarge;
  document.isLarge = after.length > maxDocumentChars;
  if (document.isLarge) return;
  if (wasLarge) return document.stream.reset(after);
  const change = (edits && joinEdits(edits, before.length, after.length)) ?? compareTexts(before, after);
  noteDeletion(document, before, after, change, deleted);
  document.stream.edit(after, change.start, change.oldEnd, change.newEnd);
}

/** The stream to look around in at `offset`. */
export function streamAt(document: OpenDocument, offset: number): DocumentStream {
  if (document.isLarge) {
    const { text } = document.snapshot;
    const start = Math.max(0, offset - windowBefore);
    const from = start === 0 ? 0 : Math.max(start, text.indexOf('\n', start) + 1 || start);
    document.stream.reset(text, Math.min(from, offset), Math.min(text.length, offset + windowAfter));
  }
  document.stream.freshness = freshnessOf.document;
  return document.stream;
}

function newStream({ path, languageId, text }: DocSnapshot, vocabulary: Vocabulary): DocumentStream {
  const language = languageOf(path, languageId, text.slice(0, 4096));
  return new DocumentStream(vocabulary, language === null ? noDelimiters : delimitersOf(language), path);
}

/** Deletions key by key are joined, and remembered once something else happens. */
function noteDeletion(
  document: OpenDocument,
  before: string,
  after: string,
  change: TextChange,
  deleted: DeletedText,
): void {
  const { typed, deletion: pending } = document;
  const trimmed = trimChange(before, after, change);
  const { start, oldEnd, newEnd } = trimmed;
  document.typed = typedAfter(typed, trimmed, after);
  const isPure = newEnd === start && oldEnd > start;
  const size = oldEnd - start;
  if (pending !== null) {
    const removed = pending.text.length - before.length;
    // Backspace ends where the hole is; the delete key begins there.
    if (isPure && oldEnd === pending.start) {
      document.deletion = { ...pending, start };
      return;
    }
    if (isPure && start === pending.start) {
      document.deletion = { ...pending, end: oldEnd + removed };
      return;
    }
    rememberDeletion(document, pending, deleted);
    document.deletion = null;
  }
  const deletion = { text: before, start, end: oldEnd, typed };
  if (isPure && size < 8) document.deletion = deletion;
  else if (size > 0) rememberDeletion(document, deletion, deleted);
}

/** What is typed and taken back was not wanted, or not meant: only what stood there before is a source. */
function rememberDeletion(
  { snapshot, stream }: OpenDocument,
  { text, start, end, typed }: Deletion,
  deleted: DeletedText,
): void {
  const isTakenBack = typed !== null && end > typed.start && end <= typed.end;
  deleted.remember(snapshot, stream.delimiters, text, start, isTakenBack ? Math.max(start, typed.start) : end);
}

function typedAfter(typed: Range | null, { start, oldEnd, newEnd }: TextChange, after: string): Range | null {
  // A new line: what was typed above it is done.
  if (/^\s*\n\s*$/.test(after.slice(start, newEnd))) return { start: newEnd, end: newEnd };
  if (typed !== null && start >= typed.start && oldEnd <= typed.end) {
    return { start: typed.start, end: typed.end + newEnd - oldEnd };
  }
  return oldEnd > start ? null : { start, end: newEnd };
}

function pathsOf(path: string | null): readonly string[] {
  if (path === null) return [];
  try {
    const real = realpathSync.native(path);
    return real === path ? [path] : [path, real];
  } catch {
    return [path]; // Not saved yet, or not readable: its own name is all there is.
  }
}
