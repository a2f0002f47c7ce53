import { createHash } from 'node:crypto';

/** One file of an edit. Paths are absolute, relative to the root, or URIs of files. `version` is `versionOf` the text it was made for. */
export type FileEdit =
  | { readonly kind: 'change'; readonly path: string; readonly version: string; readonly text: string }
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  | { readonly kind: 'delete'; readonly path: string; readonly version: string }
  /** With a new text, or with the old one where it is null. */
  | {
      readonly kind: 'rename';
      readonly path: string;
      readonly to: string;
      readonly version: string;
      readonly text: string | null;
    };

/** Changes of several files that belong together: all of them are made, or none. */
export interface Edit {
  /** The workspace: nothing outside is touched. */
  readonly root: string;
  readonly files: readonly FileEdit[];
  /** What it was made by, such as `refactor`; for the audit and for people. */
  readonly task: string;
  /** Files that the person asked for by name: only these may be protected ones. */
  readonly asked?: readonly string[];
}

/** An edit that somebody else has made: an editor that was asked to. Paths are absolute; null where there is, or was, nothing. */
export interface MadeEdit {
  readonly root: string;
  readonly task: string;
  readonly files: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[];
}

/** Says which text a change was made for. A mark at the beginning (BOM) is no part of it. */
export function versionOf(text: string): string {
  return hashOf(text.replace(/^\uFEFF/, ''));
}

export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
