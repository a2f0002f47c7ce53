import { posix } from 'node:path';
import { foldersAbove } from './configuration.js';
import type { ConfinedFiles } from './confinedFiles.js';

/** Every word that stands in the sources of what is installed for a file; null where there is too much to read, or nothing. */
export type InstalledWords = (from: string) => ReadonlySet<string> | null;

const maxUnits = 80_000_000;
const maxFiles = 12_000;
const source = /\.(?:[cm]?js|json|[cm]?ts)$/;
const leftOut = /^(?:test|tests|__tests__|example|examples|docs?|bench|benchmark|coverage|\..*)$/;

/** Read once, when the first question comes, and kept: a set of words is small beside what it is read from. */
export function createInstalledWords(files: ConfinedFiles): InstalledWords {
  const known = new Map<string, ReadonlySet<string> | null>();
  return from => {
    const folder = foldersAbove(from, files.root)
      .map(parent => posix.join(parent, 'node_modules'))
      .find(files.directoryExists);
    if (folder === undefined) return null;
    const words = known.get(folder);
    if (words !== undefined) return words;
    const read = readWords(folder, files);
    known.set(folder, read);
    return read;
  };
}

function readWords(folder: string, files: ConfinedFiles): ReadonlySet<string> | null {
  const words = new Set<string>();
  const waiting = [folder];
  let units = 0;
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { files: names, directories } = files.entries(next);
    for (const name of directories) if (!leftOut.test(name)) waiting.push(posix.join(next, name));
    for (const name of names) {
      if (!source.test(name) || name.endsWith('.min.js')) continue;
      const text = files.readFile(posix.join(next, name)) ?? '';
      units += text.length;
      count += 1;
      if (units > maxUnits || count > maxFiles) return null;
      for (const [word] of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) words.add(word);
    }
  }
  return words;
}
