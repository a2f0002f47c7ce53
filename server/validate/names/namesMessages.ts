import type { GrammarsData } from '../serveGrammars.js';
import type { Overlay } from '../stateFiles.js';
import type { Examined, SourceFile } from '../validator.js';
import type { Machine } from './installed.js';

/** `workerData` of the names thread. */
export interface NamesThreadData extends GrammarsData {
  readonly machine: Machine;
}

export interface NamesRequest {
  readonly id: number;
  readonly files: readonly SourceFile[];
  /** Real path of the workspace. */
  readonly folder: string | null;
  readonly overlay: Overlay;
}

export interface NamesReply {
  readonly id: number;
  readonly examined: Examined;
}
