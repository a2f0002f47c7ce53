import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import type { SkipReason } from '../../../index/codeIndex.js';
import type { Project } from './dialect.js';

const maxBytes = 400_000;

export interface ProjectOptions {
  /** Absolute. */
  readonly folder: string;
  readonly exclusion: (path: string) => SkipReason | null;
  /** What is open in an editor counts before what is saved; null for what is not open. */
  readonly openText?: (path: string) => string | null;
}

/** The files of a workspace's folder, each read once; for one question. */
export function createProject({ folder, exclusion, openText = () => null }: ProjectOptions): Project {
  const texts = new Map<string, Promise<string | null>>();

  const isInside = (path: string): boolean => {
    const below = relative(folder, path);
    return below !== '' && !below.startsWith('..') && !isAbsolute(below);
  };
  const readNew = async (path: string): Promise<string | null> => {
    if (!isInside(path) || exclusion(path) !== null) return null;
    const open = openText(path);
    if (open !== null) return withPlainLineEnds(open);
    try {
      const { size } = await stat(path);
      return size > maxBytes ? null : withPlainLineEnds(await readFile(path, 'utf8'));
    } catch {
      // It is not there any more, or cannot be read: then nothing is learnt from it.
      return null;
    }
  };
  return {
    folder,
    read(path) {
      const known = texts.get(path) ?? readNew(path);
      texts.set(path, known);
      return known;
    },
    exists: path =>
      stat(path).then(
        () => true,
        () => false,
      ),
  };
}

export function withPlainLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
