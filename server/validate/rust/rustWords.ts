import { join } from 'node:path';
import type { Disk } from '../names/diskFolder.js';
import { addCodeWords } from '../names/codeWords.js';
import type { RustProject } from './rustProject.js';

/** Words that stand for sure in everything that a crate can get hold of. */
export interface RustWords {
  /** Whether something of that name may exist. True wherever it cannot be told. */
  mayExist(name: string): boolean;
  /** Of the workspace alone, for near names. */
  readonly own: ReadonlySet<string>;
}

export interface KeptWords {
  /** Of crates that never change, by folder; null where there is too much. */
  readonly crates: Map<string, ReadonlySet<string> | null>;
  /** Of files of the workspace, by path. */
  readonly files: Map<string, { readonly stamp: string; readonly words: ReadonlySet<string> }>;
}

export interface RustWordsOptions {
  readonly project: RustProject | null;
  readonly workspace: string;
  readonly disk: Disk;
  readonly kept: KeptWords;
  /** Rust's own library: its sources, or a list. Null where neither is to be had. */
  readonly standard: () => ReadonlySet<string> | null;
  /** Files that are judged: the first of them is the one whose own words do not count. */
  readonly judged: ReadonlyMap<string, string>;
  readonly except: string;
}

const mostFiles = 5000;
const mostChars = 60_000_000;

export function createRustWords(options: RustWordsOptions): RustWords {
  const { project, workspace, disk, kept, standard, judged, except } = options;
  let pools: readonly ReadonlySet<string>[] | null | undefined;
  const own = ownWords();
  return {
    own,
    mayExist(name) {
      if (own.has(name)) return true;
      pools ??= gather();
      if (pools === null || pools.some(pool => pool.has(name))) return true;
      return project?.hasNamingMacros === true && isMadeOfOthers(name, own);
    },
  };

  function gather(): readonly ReadonlySet<string>[] | null {
    const library = standard();
    if (project === null || !project.isWhole || library === null) return null;
    const found: ReadonlySet<string>[] = [library];
    for (const folder of project.sources) {
      const words = kept.crates.get(folder) ?? crateWords(folder);
      kept.crates.set(folder, words);
      if (words === null) return null;
      found.push(words);
    }
    return found;
  }

  function crateWords(folder: string): ReadonlySet<string> | null {
    const words = new Set<string>();
    let chars = 0;
    for (const path of rustFiles(folder, disk, /^(?:tests|benches|examples|target)\/$/)) {
      const text = disk.read(path) ?? '';
      chars += text.length;
      if (chars > mostChars) return null;
      addCodeWords(text, words);
    }
    return words;
  }

  function ownWords(): ReadonlySet<string> {
    const words = new Set<string>();
    for (const [path, text] of judged) if (path !== except) addCodeWords(text, words);
    for (const path of rustFiles(workspace, disk, /^(?:target|node_modules|\..*)\/$/)) {
      if (judged.has(path)) continue;
      const stamp = disk.stamp(path);
      const known = kept.files.get(path);
      const fresh = new Set<string>();
      if (known?.stamp !== stamp) {
        addCodeWords(disk.read(path) ?? '', fresh);
        kept.files.set(path, { stamp, words: fresh });
      }
      for (const word of known?.stamp === stamp ? known.words : fresh) words.add(word);
    }
    return words;
  }
}

/** All `.rs` files below a folder, but not in folders that are left out. */
export function rustFiles(folder: string, disk: Disk, leftOut: RegExp): readonly string[] {
  const found: string[] = [];
  const queue = [folder];
  for (let at = queue.pop(); at !== undefined && found.length < mostFiles; at = queue.pop()) {
    for (const name of disk.list(at)) {
      if (name.endsWith('.rs')) found.push(join(at, name));
      else if (name.endsWith('/') && !leftOut.test(name)) queue.push(join(at, name.slice(0, -1)));
    }
  }
  return found;
}

/** `is_open` where `open` is known, `CartBuilder` where `Cart` is. */
function isMadeOfOthers(name: string, words: ReadonlySet<string>): boolean {
  const parts = name.split(/_|(?<=[a-z\d])(?=[A-Z])/).filter(part => part !== '');
  const lower = new Set([...words].map(word => word.toLowerCase().replaceAll('_', '')));
  for (let from = 0; from < parts.length; from++) {
    for (let to = parts.length; to > from; to--) {
      const part = parts.slice(from, to).join('').toLowerCase();
      if (part.length >= 4 && lower.has(part)) return true;
    }
  }
  return false;
}
