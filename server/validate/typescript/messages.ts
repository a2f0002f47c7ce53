import type { Finding, Unknown } from '../validator.js';

/** What the server asks of the compiler's process. One question is under way at a time. */
export interface CheckRequest {
  readonly kind: 'check';
  readonly id: number;
  /** Real path of the workspace: nothing outside it is read. */
  readonly folder: string;
  /** To be judged. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Others of the state, which stand as given too: manifests, configurations, and what the state lacks (null). */
  readonly others: readonly { readonly path: string; readonly text: string | null }[];
}

/** Nobody waits for this question any more. */
export interface CancelRequest {
  readonly kind: 'cancel';
  readonly id: number;
}

export type CheckMessage = CheckRequest | CancelRequest;

export type CheckReply =
  | { readonly id: number; readonly answer: CheckAnswer | CheckFailed }
  /** Said before it is tried, so that it is known what the process died of. */
  | { readonly id: number; readonly busyWith: string };

export interface CheckFailed {
  readonly bug: string;
  readonly isTooDeep: boolean;
  /** The file that it was busy with, where there is one. */
  readonly at: string | null;
}

export interface CheckAnswer {
  readonly findings: readonly Finding[];
  /** Why some of the files, or some of what is in them, could not be judged; null where all could. */
  readonly unknown: Unknown | null;
  readonly ms: number;
  readonly residentBytes: number;
}
