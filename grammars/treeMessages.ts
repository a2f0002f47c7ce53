import type { DocSnapshot, TextEdit } from '../server/base/snapshot.js';
import type { CheckRequest } from './trees.js';

/** What the tree thread is told and asked. `length` is that of the text after the edits, by which lost ones are noticed. */
export type TreeRequest =
  | { readonly type: 'open'; readonly snapshot: DocSnapshot }
  | {
      readonly type: 'change';
      readonly uri: string;
      readonly version: number;
      readonly edits: readonly TextEdit[];
      readonly length: number;
    }
  | { readonly type: 'close'; readonly uri: string }
  | { readonly type: 'check'; readonly id: number; readonly request: CheckRequest; readonly deadlineMs: number }
  | {
      readonly type: 'surroundings' | 'shape';
      readonly id: number;
      readonly uri: string;
      readonly version: number;
      readonly offset: number;
    };

/** What it says. After `aborted` it says nothing more: its module is dead. `lost` asks for the document anew. */
export type TreeReply =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'lost'; readonly uri: string }
  | { readonly type: 'unloadable'; readonly grammar: string; readonly message: string }
  | { readonly type: 'aborted'; readonly grammar: string; readonly uri: string | null };

/** `workerData` of the tree thread. */
export interface TreeThreadData {
  readonly wasmFolder: string;
  readonly queryFolder: string;
}
