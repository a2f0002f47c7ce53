import type { Node } from 'web-tree-sitter';
import type { Examined } from '../../../server/validate/validator.js';

/** What a mutant touches. `member`: what stands after a dot; `name`: any other use of a name; `parameter`: where one is declared. */
export const mutantKinds = ['member', 'name', 'type', 'parameter', 'import', 'module'] as const;
export type MutantKind = (typeof mutantKinds)[number];

/** A name that can be misspelt so that a correct checker has something to say, as [start, end) in utf-16 units. */
export interface Place {
  readonly kind: MutantKind;
  readonly start: number;
  readonly end: number;
}

/** A real project: its own sources and, where that is how it comes, what it depends on, installed. */
export interface Project {
  readonly name: string;
  /** Real path. */
  readonly folder: string;
  /** The files that are judged and mutated, absolute, in a fixed order. */
  readonly files: readonly string[];
  /** Not looked at while rules were written. */
  readonly heldBack: boolean;
}

export interface Checker {
  examine(project: Project, path: string, text: string): Promise<Examined>;
  dispose(): Promise<void>;
}

/** One language of the benchmark: what to add for another. */
export interface InventedRow {
  /** As it stands in the results. */
  readonly language: string;
  /** Of the registry of grammars, for a file. */
  readonly languageId: (path: string) => string;
  /** Where a file can be mutated. A parameter that nothing uses is no place: nothing can object. */
  readonly places: (root: Node) => readonly Place[];
  /** Takes what it needs from registries by their ordinary clients, into a cache folder. */
  readonly projects: () => Promise<readonly Project[]>;
  readonly open: () => Promise<Checker>;
  /** In per cent of the mutants. */
  readonly goal: number;
}
