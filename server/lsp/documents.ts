import {
  editLineStarts,
  lineStartsOf,
  offsetAt,
  positionAt,
  type LineStarts,
  type Position,
  type Range,
} from '../base/position.js';
import type { DocSnapshot, TextEdit } from '../base/snapshot.js';
import { uriToPath } from '../base/paths.js';

/** One open document at one version, with what conversions need. */
export interface OpenDocument {
  readonly snapshot: DocSnapshot;
  readonly lineStarts: LineStarts;
  offsetAt(position: Position): number;
  positionAt(offset: number): Position;
  rangeAt(start: number, end: number): Range;
}

export interface ContentChange {
  readonly range: Range | null;
  readonly text: string;
}

/** Who must hear of every document: recall, trees, completer. Called in the order of the changes, synchronously. */
export interface DocumentFollower {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
}

/** The text store: what the editor shows, saved or not. Only what is open is here. */
export interface Documents {
  get(uri: string): OpenDocument | null;
  all(): readonly OpenDocument[];
  open(uri: string, languageId: string, version: number, text: string): void;
  /** False when the document is not open. */
  change(uri: string, version: number, changes: readonly ContentChange[]): boolean;
  close(uri: string): boolean;
  /** Tells of all that is open now, then of every change; the returned function ends it. */
  follow(follower: DocumentFollower): () => void;
}

export function createDocuments(): Documents {
  const documents = new Map<string, OpenDocument>();
  const followers = new Set<DocumentFollower>();

  return {
    get: uri => documents.get(uri) ?? null,
    all: () => [...documents.values()],
    open(uri, languageId, version, text) {
      // Some clients open a document anew without closing it; followers know only opened ones.
      if (documents.has(uri)) for (const follower of followers) follower.close(uri);
      const snapshot = Object.freeze({ uri, path: uriToPath(uri), languageId, version, text });
      documents.set(uri, openDocument(snapshot, lineStartsOf(text)));
      for (const follower of followers) follower.open(snapshot);
    },
    change(uri, version, changes) {
      const before = documents.get(uri);
      if (before === undefined) return false;
      let text = before.snapshot.text;
      let starts = before.lineStarts;
      const edits: TextEdit[] = [];
      for (const change of changes) {
        const edit = editOf(change, text, starts);
        text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
        starts = editLineStarts(starts, edit, text);
        edits.push(edit);
      }
      const snapshot = Object.freeze({ ...before.snapshot, version, text });
      documents.set(uri, openDocument(snapshot, starts));
      for (const follower of followers) follower.change(snapshot, edits);
      return true;
    },
    close(uri) {
      if (!documents.delete(uri)) return false;
      for (const follower of followers) follower.close(uri);
      return true;
    },
    follow(follower) {
      followers.add(follower);
      for (const document of documents.values()) follower.open(document.snapshot);
      return () => followers.delete(follower);
    },
  };
}

/** A change without a range replaces everything; start and end of a reversed range are exchanged. */
function editOf(change: ContentChange, text: string, starts: LineStarts): TextEdit {
  if (change.range === null) return { start: 0, end: text.length, text: change.text };
  const start = offsetAt(text, starts, change.range.start);
  const end = offsetAt(text, starts, change.range.end);
  return { start: Math.min(start, end), end: Math.max(start, end), text: change.text };
}

function openDocument(snapshot: DocSnapshot, lineStarts: LineStarts): OpenDocument {
  return {
    snapshot,
    lineStarts,
    offsetAt: position => offsetAt(snapshot.text, lineStarts, position),
    positionAt: offset => positionAt(lineStarts, offset),
    rangeAt: (start, end) => ({ start: positionAt(lineStarts, start), end: positionAt(lineStarts, end) }),
  };
}
