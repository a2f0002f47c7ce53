import { basename, relative } from 'node:path';
import type { Language } from '../../grammars/language.js';
import { languageOf } from '../../grammars/registry.js';
import { nearestFolder } from '../base/paths.js';
import { lineStartsOf } from '../base/position.js';
import type { DocSnapshot } from '../base/snapshot.js';
import { budgetOf, type Budget } from './budget.js';
import type { GatherRequest } from './context.js';
import { importsOf, type Import } from './imports.js';
import { namesNear, type NearName } from './names.js';
import type { OpenDocuments } from './openDocuments.js';
import { windowOf, type FileWindow } from './window.js';

/** Where something is to be filled in, and what sources ask of it. */
export interface Place {
  readonly snapshot: DocSnapshot;
  readonly offset: number;
  readonly language: Language | null;
  /** The workspace folder that holds the file, or null. */
  readonly folder: string | null;
  readonly label: string;
  readonly budget: Budget;
  readonly window: FileWindow;
  /** The text above the cursor's line and below it. */
  readonly before: string;
  readonly behind: string;
  /** What of the cursor's line sources may go by: its whole words, or nothing. */
  readonly typedWords: string;
  imports(): readonly Import[];
  names(): readonly NearName[];
}

/** So much below the cursor may still be the head of the file. */
const headUnits = 4_000;

export function placeOf(request: GatherRequest, documents: OpenDocuments, folders: readonly string[]): Place {
  const { snapshot, offset, budgetTokens } = request;
  const { path, text } = snapshot;
  const known = documents.get(snapshot.uri);
  const starts = known?.snapshot === snapshot ? known.starts : lineStartsOf(text);
  const language = languageOf(path, snapshot.languageId, text.slice(0, 4000));
  const folder = path === null ? null : nearestFolder(path, folders);
  const budget = budgetOf(budgetTokens);
  const window = windowOf(text, starts, offset, budget.window);
  const before = text.slice(0, starts[window.line] ?? 0);
  const behind = text.slice(starts[window.line + 1] ?? text.length);
  // The last word may still be growing.
  const typedWords = request.followsTyping === true ? window.typed.replace(/[\p{L}\p{N}_$]+$/u, '') : '';
  // Without the cursor's line, so that an import that is being typed is none yet.
  const imports = once(() => importsOf(`${before}\n${behind.slice(0, headUnits)}`, language?.id ?? ''));
  return {
    snapshot,
    offset,
    language,
    folder,
    label: labelOf(path, folder),
    budget,
    window,
    before,
    behind,
    typedWords,
    imports,
    names: once(() => namesNear(before, behind, typedWords, new Set(imports().flatMap(each => each.names)), language)),
  };
}

/** As a model sees a path: relative to its folder, with `/`. */
export function labelOf(path: string | null, folder: string | null): string {
  if (path === null) return 'untitled';
  return folder === null ? basename(path) : relative(folder, path).replaceAll('\\', '/');
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
