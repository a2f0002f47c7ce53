import type { Log } from '../base/log.js';
import type { DocSnapshot, TextEdit } from '../base/snapshot.js';
import { renewImports } from './missingImports.js';
import { withDeadline } from './withDeadline.js';

/** What suggestions need imported, from when they are shown until they are accepted or forgotten. */
export interface ImportBook {
  /** Begins to look for what a suggestion needs; a second time for the same one does nothing. */
  look(id: string, snapshot: DocSnapshot, shown: TextEdit): void;
  /** What is known of it within so many milliseconds, as edits of the snapshot it was made for. */
  soon(id: string, limitMs: number): Promise<readonly TextEdit[]>;
  /** What is still missing in the document, as one edit of it as it is once that is known; null when nothing is. */
  renewed(id: string, current: CurrentText): Promise<RenewedImports | null>;
  forget(uri: string): void;
}

export type CurrentText = (uri: string) => DocSnapshot | null;

export interface RenewedImports {
  readonly snapshot: DocSnapshot;
  readonly edits: readonly TextEdit[];
}

/** Imports that `text` at `offset` needs, as edits of the snapshot. */
export type FindImports = (
  snapshot: DocSnapshot,
  inserted: { readonly text: string; readonly offset: number },
  signal: AbortSignal,
) => Promise<readonly TextEdit[]>;

interface Page {
  /** Without the word at the cursor, which the suggestion begins with. */
  readonly snapshot: DocSnapshot;
  readonly edits: Promise<readonly TextEdit[]>;
  readonly cursor: number;
  readonly word: number;
}

/** An editor shows one suggestion at a time; those before it may still be on their way to be accepted. */
const mostPages = 8;
/** Later than this nobody expects an import to appear. */
const longestLookMs = 2000;

export function createImportBook(find: FindImports, log: Log): ImportBook {
  const pages = new Map<string, Page>();

  async function lookFor(
    snapshot: DocSnapshot,
    inserted: { text: string; offset: number },
  ): Promise<readonly TextEdit[]> {
    try {
      return await find(snapshot, inserted, AbortSignal.timeout(longestLookMs));
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TimeoutError'))
        log.error('Imports could not be looked for.', error);
      return [];
    }
  }

  return {
    look(id, snapshot, { start, end, text }) {
      if (pages.has(id)) return;
      const bare = { ...snapshot, text: snapshot.text.slice(0, start) + snapshot.text.slice(end) };
      const edits = lookFor(bare, { text, offset: start });
      pages.set(id, { snapshot: bare, edits, cursor: start, word: end - start });
      for (const oldest of pages.keys()) {
        if (pages.size <= mostPages) break;
        pages.delete(oldest);
      }
    },
    async soon(id, limitMs) {
      const page = pages.get(id);
      if (page === undefined) return [];
      const edits = await withDeadline(page.edits, [], limitMs);
      const shift = (offset: number): number => (offset >= page.cursor ? offset + page.word : offset);
      return edits.map(edit => ({ ...edit, start: shift(edit.start), end: shift(edit.end) }));
    },
    async renewed(id, current) {
      const page = pages.get(id);
      if (page === undefined) return null;
      pages.delete(id);
      const wanted = await page.edits;
      const snapshot = current(page.snapshot.uri);
      const edits = snapshot === null ? [] : renewImports(page.snapshot, wanted, snapshot);
      return snapshot === null || edits.length === 0 ? null : { snapshot, edits };
    },
    forget(uri) {
      for (const [id, page] of pages) if (page.snapshot.uri === uri) pages.delete(id);
    },
  };
}
