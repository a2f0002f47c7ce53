import type { CodeIndex, SearchHit, SearchOptions } from '../../index/codeIndex.js';
import type { Recall } from '../../index/recall/recall.js';
import type { Log } from '../base/log.js';
import type { DiskTexts } from './diskTexts.js';
import type { Found } from './found.js';
import type { OpenDocuments } from './openDocuments.js';
import type { Declaration } from './declarations/declarationsOf.js';
import type { Archive } from './packages/archive.js';
import type { Place } from './place.js';

/** What all sources may draw on. */
export interface Supplies {
  readonly folders: () => readonly string[];
  readonly index: (folder: string) => CodeIndex | null;
  readonly search: (query: string, options: SearchOptions, signal: AbortSignal) => Promise<readonly SearchHit[]>;
  readonly recall: Pick<Recall, 'suggest'> | null;
  readonly isTrusted: (folder: string) => boolean;
  readonly documents: OpenDocuments;
  readonly texts: DiskTexts;
  /** Of a file's text; kept as long as the text is the same. */
  readonly declarations: (path: string, text: string, languageId: string) => Promise<readonly Declaration[]>;
  /** Where a person's tools keep packages. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An archive that really lies in a folder, or null. */
  readonly archives: (path: string, within: string) => Promise<Archive | null>;
  readonly definitions: DefinitionLookup;
  readonly log: Log;
  readonly now: () => number;
}

export type Definition = Awaited<ReturnType<CodeIndex['definitions']>>[number] & { readonly folder: string };

/** Answers at once for names that were asked for some minutes ago, with what was known then. */
export interface DefinitionLookup {
  find(names: readonly string[]): Promise<readonly Definition[]>;
  /** Looks up what is likely to be asked for soon; what was to be prepared before and has not been yet is dropped. */
  prepare(names: readonly string[]): void;
}

/**
 * Finds passages for a place. One file each, listed in sources.ts. A source goes by what stands outside of the cursor's
 * line, so that typing changes nothing, unless the place follows typing.
 */
export interface ContextSource {
  readonly name: string;
  /** Most of the room for passages that it may take, from 0 to 1. */
  readonly share: number;
  /** What a finding depends on: one for the same key is used again, also when it came too late for who asked. */
  keyOf(place: Place, supplies: Supplies): string;
  /** The best first. Errors are noted, and the source is left out. */
  find(place: Place, supplies: Supplies, signal: AbortSignal): Promise<readonly Found[]>;
}
