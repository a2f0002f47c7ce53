import { join } from 'node:path';
import { languageOf } from '../../grammars/registry.js';
import type { Supplies } from './source.js';

/** A file of the workspace as it is now: the open document's text, or what is on the disk. */
export async function workspaceText(
  path: string,
  { documents, texts, folders }: Pick<Supplies, 'documents' | 'texts' | 'folders'>,
): Promise<string | null> {
  return documents.byPath(path)?.snapshot.text ?? texts.read(path, folders());
}

export function languageIdOf(path: string): string {
  return languageOf(path, '')?.id ?? '';
}

/** Languages whose code can use each other's declarations. */
export function familyOf(languageId: string): string {
  return families[languageId] ?? languageId;
}

const families: Readonly<Record<string, string>> = {
  typescript: 'script',
  typescriptreact: 'script',
  javascript: 'script',
  javascriptreact: 'script',
  vue: 'script',
  svelte: 'script',
  c: 'c',
  cpp: 'c',
  java: 'jvm',
  kotlin: 'jvm',
  scala: 'jvm',
};

/** The first of these paths that has a text. */
export async function firstText(
  paths: readonly string[],
  supplies: Pick<Supplies, 'documents' | 'texts' | 'folders'>,
): Promise<{ readonly path: string; readonly text: string } | null> {
  for (const path of paths) {
    const text = await workspaceText(path, supplies);
    if (text !== null) return { path, text };
  }
  return null;
}

export function joinAll(folder: string, ways: readonly string[]): string[] {
  return ways.map(way => join(folder, way));
}
