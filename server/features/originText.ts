import { relative, sep } from 'node:path';
import { nearestFolder } from '../base/paths.js';
import type { CompletionOrigin } from '../complete/completer.js';

/** Where a suggestion was seen, for a person: `src/a.ts:41`, or in words where there is no such place. */
export function originText(origin: CompletionOrigin, folders: readonly string[]): string {
  switch (origin.kind) {
    case 'workspace':
    case 'document':
      return origin.path === null ? 'this document' : `${shortPath(origin.path, folders)}:${origin.line}`;
    case 'deleted':
      return 'text that was deleted';
    case 'scope':
      return 'names in scope';
    case 'model':
      return origin.model;
  }
}

function shortPath(path: string, folders: readonly string[]): string {
  const folder = nearestFolder(path, folders);
  return folder === null ? path : relative(folder, path).replaceAll(sep, '/');
}
