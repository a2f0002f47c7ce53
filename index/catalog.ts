import type { IndexStatus, SkipReason } from './codeIndex.js';
import type { KnownFile } from './plan.js';
import type { FileRecord } from './store.js';

/** A file that was read and left out, so that it need not be read again until it changes. */
export interface SkippedFile extends KnownFile {
  readonly path: string;
  readonly reason: SkipReason;
}

/** What is known of the workspace's files, in memory: those indexed, and those that were read and left out. */
export interface Catalog {
  /** Both kinds, by path. */
  readonly known: ReadonlyMap<string, FileRecord | SkippedFile>;
  record(path: string): FileRecord | null;
  skipReason(path: string): SkipReason | null;
  set(file: FileRecord | SkippedFile): void;
  remove(path: string): void;
  clear(): void;
  /** Paths below a folder. */
  below(folder: string): string[];
  /** Files whose content is in the store or the overlay; those without a hash are only known to be there. */
  readonly indexed: number;
  skippedCounts(): IndexStatus['skipped'];
  skippedFiles(): SkippedFile[];
}

export function createCatalog(): Catalog {
  const known = new Map<string, FileRecord | SkippedFile>();
  let indexed = 0;

  const remove = (path: string): void => {
    const before = known.get(path);
    if (before === undefined) return;
    if (isIndexed(before)) indexed--;
    known.delete(path);
  };

  return {
    known,
    record(path) {
      const file = known.get(path);
      return file !== undefined && isRecord(file) ? file : null;
    },
    skipReason(path) {
      const file = known.get(path);
      return file === undefined || isRecord(file) ? null : file.reason;
    },
    set(file) {
      remove(file.path);
      if (isIndexed(file)) indexed++;
      known.set(file.path, file);
    },
    remove,
    clear() {
      known.clear();
      indexed = 0;
    },
    below: folder => [...known.keys()].filter(path => path.startsWith(`${folder}/`)),
    get indexed() {
      return indexed;
    },
    skippedCounts() {
      const counts: Partial<Record<SkipReason, number>> = {};
      for (const file of known.values()) if (!isRecord(file)) counts[file.reason] = (counts[file.reason] ?? 0) + 1;
      return counts;
    },
    skippedFiles: () => [...known.values()].flatMap(file => (isRecord(file) ? [] : file)),
  };
}

function isIndexed(file: FileRecord | SkippedFile): boolean {
  return isRecord(file) && file.hash !== '';
}

function isRecord(file: FileRecord | SkippedFile): file is FileRecord {
  return 'hash' in file;
}
