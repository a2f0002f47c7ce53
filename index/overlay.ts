import type { Chunk, CodeSymbol, Reference } from './codeIndex.js';
import type { LiveFile } from './jobs.js';
import { createOverlayRanking } from './overlayRanking.js';
import type { StoreBatch, StoreQuery, StoreRankings } from './store.js';

/**
 * What was saved and is not in the store yet. It wins over the store by path: what the store says of a path that
 * stands here is old, and is not shown.
 */
export interface Overlay {
  put(file: LiveFile): void;
  /** The file is gone, or must not be found any more. */
  remove(path: string): void;
  /** What the store has of it is old, and the new content is on its way there; the returned function ends that. */
  hide(path: string): () => void;
  /** Whether the store's answers about this path are old. */
  covers(path: string): boolean;
  /** Files that wait for the store. */
  readonly waiting: number;
  readonly bytes: number;
  /** How many of the store's best hits may be lost because their paths stand here. */
  readonly covered: number;
  /** The store's rankings without what is old, with what stands here put where it belongs. */
  rank(query: StoreQuery, fromStore: StoreRankings): StoreRankings;
  definitions(name: string): (CodeSymbol & { readonly path: string })[];
  references(name: string): (Reference & { readonly path: string })[];
  has(path: string): boolean;
  /** The same chunk where the file stands here and still has it, wherever in it; null otherwise. */
  same(path: string, chunk: Chunk): Chunk | null;
  /** What waits, as one batch. `settle` drops it from here, once it is committed, but for what changed meanwhile. */
  batch(): { readonly batch: StoreBatch; settle(): void };
  clear(): void;
}

interface Entry {
  readonly file: LiveFile | null;
  readonly bytes: number;
}

export function createOverlay(): Overlay {
  const entries = new Map<string, Entry>();
  const hidden = new Map<string, number>();
  const ranking = createOverlayRanking();
  let bytes = 0;

  const drop = (path: string): void => {
    bytes -= entries.get(path)?.bytes ?? 0;
    entries.delete(path);
    ranking.remove(path);
  };
  const set = (path: string, file: LiveFile | null): void => {
    drop(path);
    const size = file === null ? 0 : sizeOf(file.content.chunks);
    entries.set(path, { file, bytes: size });
    bytes += size;
    if (file !== null) ranking.put(path, file.content);
  };
  const covers = (path: string): boolean => entries.has(path) || hidden.has(path);
  const withPath = <Item>(pick: (file: LiveFile) => readonly Item[]): (Item & { readonly path: string })[] =>
    [...entries].flatMap(([path, { file }]) => (file === null ? [] : pick(file).map(item => ({ ...item, path }))));

  return {
    put: file => set(file.record.path, file),
    remove: path => set(path, null),
    hide(path) {
      hidden.set(path, (hidden.get(path) ?? 0) + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = (hidden.get(path) ?? 1) - 1;
        if (left > 0) hidden.set(path, left);
        else hidden.delete(path);
      };
    },
    covers,
    has: path => entries.has(path),
    same(path, { text, signatures }) {
      const chunks = entries.get(path)?.file?.content.chunks ?? [];
      return chunks.find(own => own.text === text && own.signatures === signatures) ?? null;
    },
    get waiting() {
      return entries.size;
    },
    get bytes() {
      return bytes;
    },
    get covered() {
      return entries.size + hidden.size;
    },
    rank(query, fromStore) {
      const kept = {
        text: fromStore.text.filter(hit => !covers(hit.path)),
        vector: fromStore.vector.filter(hit => !covers(hit.path)),
        symbol: fromStore.symbol.filter(hit => !covers(hit.path)),
      };
      return ranking.merge(query, kept);
    },
    definitions: name => withPath(file => file.content.symbols.filter(symbol => symbol.name === name)),
    references: name => withPath(file => file.references.filter(reference => reference.name === name)),
    batch() {
      const taken = new Map(entries);
      const files = [...taken.values()].flatMap(({ file }) => file ?? []);
      const batch: StoreBatch = {
        files: files.map(file => file.record),
        contents: files.map(file => file.content),
        references: files.map(({ record, references }) => ({ hash: record.hash, references })),
        removedPaths: [...taken].flatMap(([path, { file }]) => (file === null ? path : [])),
      };
      return {
        batch,
        settle() {
          for (const [path, entry] of taken) if (entries.get(path) === entry) drop(path);
        },
      };
    },
    clear() {
      for (const path of [...entries.keys()]) drop(path);
      hidden.clear();
    },
  };
}

function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.text.length + chunk.signatures.length + 200, 0);
}
