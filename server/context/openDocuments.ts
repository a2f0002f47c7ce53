import { editLineStarts, lineStartsOf, positionAt, type LineStarts } from '../base/position.js';
import type { DocSnapshot, TextEdit } from '../base/snapshot.js';
import type { KnownDiagnostic } from './context.js';

/** A stretch of a document that was edited, in offsets of its newest text. */
export interface EditedRegion {
  readonly start: number;
  readonly end: number;
  readonly atMs: number;
}

export interface OpenDocument {
  readonly snapshot: DocSnapshot;
  readonly starts: LineStarts;
  /** Newest first. */
  readonly edited: readonly EditedRegion[];
  /** When it was last opened, edited or completed in. */
  readonly usedAtMs: number;
  /** Where the cursor was last seen. */
  readonly offset: number;
  readonly diagnostics: readonly KnownDiagnostic[];
}

/** The open documents, where each was edited and when it was last looked at. */
export interface OpenDocuments {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  /** A completion was asked for here. */
  lookedAt(uri: string, offset: number): void;
  diagnostics(uri: string, list: readonly KnownDiagnostic[]): void;
  get(uri: string): OpenDocument | null;
  byPath(path: string): OpenDocument | null;
  /** The most recently used first. */
  all(): readonly OpenDocument[];
  /** Changes whenever another document than this one is opened, changed or closed, or something was said of it. */
  stampWithout(uri: string): string;
}

/** Edits that are nearer than this are one. */
const nearUnits = 240;
const maxRegions = 12;

export function createOpenDocuments(now: () => number): OpenDocuments {
  const documents = new Map<string, OpenDocument & { readonly stamp: number }>();
  let stamps = 0;
  const put = (uri: string, document: OpenDocument): void => {
    documents.set(uri, { ...document, stamp: ++stamps });
  };

  return {
    open(snapshot) {
      const starts = lineStartsOf(snapshot.text);
      put(snapshot.uri, { snapshot, starts, edited: [], usedAtMs: now(), offset: 0, diagnostics: [] });
    },
    change(snapshot, edits) {
      const document = documents.get(snapshot.uri);
      if (document === undefined) return;
      const starts = startsAfter(document, snapshot, edits);
      const edited = editedAfter(document.edited, edits, now());
      const offset = edited[0]?.end ?? document.offset;
      put(snapshot.uri, { ...document, snapshot, starts, edited, offset, usedAtMs: now() });
    },
    close(uri) {
      documents.delete(uri);
      stamps++;
    },
    lookedAt(uri, offset) {
      const document = documents.get(uri);
      // No new stamp: where the cursor is in a document changes nothing for the others.
      if (document !== undefined) documents.set(uri, { ...document, offset, usedAtMs: now() });
    },
    diagnostics(uri, list) {
      const document = documents.get(uri);
      if (document !== undefined) put(uri, { ...document, diagnostics: list });
    },
    get: uri => documents.get(uri) ?? null,
    byPath: path => [...documents.values()].find(document => document.snapshot.path === path) ?? null,
    all: () => [...documents.values()].sort((left, right) => right.usedAtMs - left.usedAtMs),
    stampWithout(uri) {
      let newest = 0;
      let count = 0;
      for (const [other, { stamp }] of documents) {
        if (other === uri) continue;
        newest = Math.max(newest, stamp);
        count++;
      }
      return `${count}:${newest}`;
    },
  };
}

/** A whole new text comes as one edit, too; only where the edits do not lead to the text is it read anew. */
function startsAfter({ snapshot, starts }: OpenDocument, after: DocSnapshot, edits: readonly TextEdit[]): LineStarts {
  const [edit] = edits;
  if (edit === undefined) return snapshot.text === after.text ? starts : lineStartsOf(after.text);
  const length = snapshot.text.length + edit.text.length - (edit.end - edit.start);
  // Texts between several edits are not known here.
  return edits.length === 1 && length === after.text.length
    ? editLineStarts(starts, edit, after.text)
    : lineStartsOf(after.text);
}

export function editedAfter(
  before: readonly EditedRegion[],
  edits: readonly TextEdit[],
  atMs: number,
): readonly EditedRegion[] {
  let regions = before;
  for (const { start, end, text } of edits) {
    const shift = text.length - (end - start);
    const own = { start, end: start + text.length, atMs };
    const others: EditedRegion[] = [];
    for (const region of regions) {
      if (region.end + nearUnits >= start && region.start - nearUnits <= end) {
        own.start = Math.min(own.start, region.start);
        own.end = Math.max(own.end, region.end + (region.end >= end ? shift : 0));
      } else others.push(region.start >= end ? moved(region, shift) : region);
    }
    regions = [own, ...others].slice(0, maxRegions);
  }
  return regions;
}

function moved({ start, end, atMs }: EditedRegion, shift: number): EditedRegion {
  return { start: start + shift, end: end + shift, atMs };
}

/** The whole lines of a stretch and so many more on either side. */
export function linesAround(
  { snapshot, starts }: OpenDocument,
  start: number,
  end: number,
  more: number,
): { readonly startLine: number; readonly endLine: number; readonly text: string } {
  const startLine = Math.max(0, positionAt(starts, start).line - more);
  const endLine = Math.min(starts.length - 1, positionAt(starts, end).line + more);
  return { startLine, endLine, text: snapshot.text.slice(starts[startLine] ?? 0, starts[endLine + 1]) };
}
