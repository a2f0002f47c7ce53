import type { FileTableData } from './fileTable.js';
import type { SegmentData } from './segment.js';
import type { VocabularyData } from './vocabulary.js';

/** What the builder thread is told. Lists of files cross as a few long arrays: ten thousand objects would stall. */
export interface BuildOrder {
  /** Absolute, nearest first, joined by a zero. */
  readonly paths: string;
  readonly sizes: Float64Array;
  readonly mtimesMs: Float64Array;
  /** Whether sizes and times must be looked up again. */
  readonly mayBeOutdated: boolean;
  readonly maxTokens: number;
  readonly cacheFolder: string | null;
}

/** What it says. Arrays lie in shared memory and cross without a copy. */
export type BuilderReport =
  | {
      readonly kind: 'built';
      readonly vocabulary: VocabularyData;
      readonly segment: Omit<SegmentData, 'files'> & { readonly files: Omit<FileTableData, 'paths'> };
      /** In the order of the stream, joined by a zero. */
      readonly paths: string;
      readonly leftOut: number;
      readonly reused: number;
    }
  | { readonly kind: 'unsaved'; readonly why: string };
