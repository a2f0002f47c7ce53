import { join } from 'node:path';
import { below, childOf, childrenOf, textOf } from '../../../grammars/plainTree.js';
import type { Disk } from '../names/diskFolder.js';
import { goFileNames, type GoFile } from './goLoad.js';
import type { GoWorld } from './goWorld.js';

/** Whether a member of that name may exist in anything that a package can get hold of. True wherever it cannot be told. */
export type MayExist = (name: string) => boolean;

export interface KeptWords {
  readonly byFolder: Map<string, FolderWords | null>;
  standard: ReadonlySet<string> | null;
}

interface FolderWords {
  readonly words: ReadonlySet<string>;
  readonly imports: readonly string[];
}

const mostFolders = 400;
const mostChars = 40_000_000;

/**
 * The names in all packages that are imported, directly or by others, as words: what stands in none of them is a member
 * of nothing. Read only when a name is asked for that the types do not explain.
 */
export function createMayExist(world: GoWorld, disk: Disk, kept: KeptWords): MayExist {
  let pools: readonly ReadonlySet<string>[] | null | undefined;
  return name => {
    // What is written small is declared in the package itself.
    if (!/^\p{Lu}/u.test(name)) return ownWords(world).has(name) || !world.own.isWhole;
    if (pools === undefined) pools = gather(world, disk, kept);
    return pools === null || ownWords(world).has(name) || pools.some(pool => pool.has(name));
  };
}

const ofWorld = new WeakMap<GoWorld, ReadonlySet<string>>();

/** What the package of the file declares as members: fields and methods, wherever they stand. */
function ownWords(world: GoWorld): ReadonlySet<string> {
  const known = ofWorld.get(world);
  if (known !== undefined) return known;
  const words = new Set<string>();
  for (const { root, methods } of world.own.files) {
    for (const { name } of methods) words.add(name);
    for (const node of below(root)) {
      if (node.type === 'method_elem') for (const name of childrenOf(node, 'name')) words.add(textOf(name));
      if (node.type !== 'field_declaration') continue;
      const names = childrenOf(node, 'name');
      for (const name of names) words.add(textOf(name));
      const embedded = names.length === 0 ? childOf(node, 'type') : null;
      for (const [word] of embedded === null ? [] : textOf(embedded).matchAll(/\w+/g)) words.add(word);
    }
  }
  ofWorld.set(world, words);
  return words;
}

function gather(world: GoWorld, disk: Disk, kept: KeptWords): readonly ReadonlySet<string>[] | null {
  // Inside of Go's own library there is more to get hold of than its public lists name.
  if (!world.own.isWhole || world.goRoot === null || world.isOfStandard) return null;
  const standard = standardWords(world.goRoot, disk, kept);
  if (standard === null) return null;
  const pools = [standard];
  const queue = importsOf(world.own.files);
  const seen = new Set(queue);
  let chars = 0;
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const place = world.whereabouts(path);
    if (typeof place === 'string') return null;
    if (isStandard(path)) continue;
    const found = place.isOwn ? read(place.folder) : (kept.byFolder.get(place.folder) ?? read(place.folder));
    if (!place.isOwn) kept.byFolder.set(place.folder, found);
    if (found === null || seen.size > mostFolders || chars > mostChars) return null;
    pools.push(found.words);
    for (const each of found.imports) {
      if (seen.has(each)) continue;
      seen.add(each);
      queue.push(each);
    }
  }
  return pools;

  function read(folder: string): FolderWords | null {
    const words = new Set<string>();
    const imports = new Set<string>();
    for (const path of goFileNames(folder, disk)) {
      if (path.endsWith('_test.go')) continue;
      const text = disk.read(path);
      if (text === null) return null;
      chars += text.length;
      for (const [word] of text.matchAll(/\b\p{Lu}\w*/gu)) words.add(word);
      const head = /\bimport\b[\s\S]*?(?=\n(?:func|type|var|const)\b|$)/.exec(text)?.[0] ?? '';
      for (const [, name = ''] of head.matchAll(/^[ \t]*(?:import\s+)?(?:[\w.]+\s+)?"([^"\n]+)"/gm)) imports.add(name);
    }
    return { words, imports: [...imports] };
  }
}

function importsOf(files: readonly GoFile[]): string[] {
  return [...new Set(files.flatMap(({ imports }) => imports.map(({ path }) => path)))];
}

function isStandard(path: string): boolean {
  return !(path.split('/')[0] ?? '').includes('.');
}

/** From the lists of the interface that Go comes with; null where they were left out. */
function standardWords(goRoot: string, disk: Disk, kept: KeptWords): ReadonlySet<string> | null {
  if (kept.standard !== null) return kept.standard;
  const words = new Set<string>();
  for (const name of disk.list(join(goRoot, 'api'))) {
    if (!/^go1.*\.txt$/.test(name)) continue;
    for (const [word] of (disk.read(join(goRoot, 'api', name)) ?? '').matchAll(/\b\p{Lu}\w*/gu)) words.add(word);
  }
  if (words.size === 0) return null;
  kept.standard = words;
  return words;
}
