import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { isRecord } from '../../base/record.js';
import { foldersAbove } from './configuration.js';
import type { ConfinedFiles } from './confinedFiles.js';
import { jsonOf } from './jsonOf.js';
import { nearName } from './nearName.js';

/** Whether a module that is imported by a name, not by a path, can be there. */
export type ModuleJudgement =
  | { readonly kind: 'known' }
  /** It is to be there, and is not: nothing can be said of what comes from it. */
  | { readonly kind: 'absent'; readonly name: string }
  /** It is there, or is to be: what it holds is for the compiler to say. */
  | { readonly kind: 'installed'; readonly folder: string; readonly subpath: string }
  | { readonly kind: 'unknown-package'; readonly name: string; readonly near: string | null }
  | { readonly kind: 'unknown-builtin'; readonly name: string; readonly near: string | null }
  /** Nothing says which packages there are. */
  | { readonly kind: 'not-judged' };

export interface Packages {
  /** `specifier` is no path. */
  judge(specifier: string, from: string): ModuleJudgement;
  /** Whether a package is said to be used, in the manifests that hold for a file. */
  declares(name: string, from: string): boolean;
  /** Whether all that the nearest manifest needs to run is there. */
  areInstalled(from: string): boolean;
  /** Whether a folder of that package can be read. */
  installs(name: string, from: string): boolean;
}

const known: ModuleJudgement = { kind: 'known' };
const dependencyKeys = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
/** Of newer Nodes than the one that runs us. */
const newerBuiltins = [
  'node:test',
  'node:test/reporters',
  'node:sqlite',
  'node:sea',
  'node:quic',
  'node:ffi',
  'node:vfs',
];
const builtins: ReadonlySet<string> = new Set([
  ...builtinModules.filter(name => !name.startsWith('_')),
  ...builtinModules.map(name => (name.startsWith('node:') ? name : `node:${name}`)),
  ...newerBuiltins,
]);
const packageName = /^(?:@[a-z0-9-][\w.~-]*\/)?[a-z0-9-][\w.~-]*/i;
const lockFiles = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'npm-shrinkwrap.json', 'bun.lock'];
const maxManifests = 400;

/** Reads manifests, locks and what is installed, as data. Made anew when a folder has changed. */
export function createPackages(files: ConfinedFiles): Packages {
  const manifests = new Map<string, ReadonlySet<string> | null>();
  const texts = new Map<string, string>();
  let own: ReadonlySet<string> | null = null;

  const declaredIn = (folder: string): ReadonlySet<string> | null => {
    const cached = manifests.get(folder);
    if (cached !== undefined) return cached;
    const names = namesIn(folder, files);
    manifests.set(folder, names);
    return names;
  };
  const isDeclared = (name: string, folders: readonly string[]) =>
    folders.some(folder => declaredIn(folder)?.has(name) === true);
  const isInstalled = (name: string, folders: readonly string[]) => folderOf(name, folders, files) !== null;
  const textOf = (path: string): string => {
    const cached = texts.get(path);
    if (cached !== undefined) return cached;
    const text = files.fileExists(path) ? (files.readFile(path) ?? '') : '';
    texts.set(path, text);
    return text;
  };
  const isLocked = (name: string, folders: readonly string[]) => {
    const quoted = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    const entry = new RegExp(`(?:^|["'/\\s])${quoted}(?:@|["']\\s*:|["']\\s*,)`, 'm');
    return folders.some(folder => lockFiles.some(lock => entry.test(textOf(posix.join(folder, lock)))));
  };
  /** An alias that a bundler or a test runner is told in a file that is code: it is looked up as text. */
  const isAlias = (name: string, folders: readonly string[]) =>
    folders.some(folder =>
      files
        .entries(folder)
        .files.filter(file =>
          /(?:\.config\.[cm]?[jt]s|rc(?:\.[cm]?js|\.json)?|^deno\.jsonc?|^import_map\.json)$/.test(file),
        )
        .some(file =>
          new RegExp(`["'\`^/]${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?:["'\`$/(]|\\b)`).test(
            textOf(posix.join(folder, file)),
          ),
        ),
    );
  const ownNames = () => (own ??= namesOfWorkspace(files));

  return {
    judge(specifier, from) {
      if (specifier.startsWith('node:')) {
        if (builtins.has(specifier)) return known;
        return { kind: 'unknown-builtin', name: specifier, near: nearName(specifier, builtins) };
      }
      if (builtins.has(specifier) || /^[a-z][a-z0-9+.-]*:/i.test(specifier) || /[!?]/.test(specifier)) return known;
      const name = packageName.exec(specifier)?.[0];
      if (name === undefined || (name.length < specifier.length && specifier[name.length] !== '/')) return known;
      const subpath = specifier.slice(name.length + 1);
      const folders = foldersAbove(from, files.root);
      const folder = folderOf(name, folders, files);
      if (folder !== null) return { kind: 'installed', folder, subpath };
      const types = `@types/${name.replace(/^@([^/]+)\//, '$1__')}`;
      if (isInstalled(types, folders)) return known;
      if (isDeclared(name, folders) && !ownNames().has(name)) return { kind: 'absent', name };
      if (isDeclared(name, folders) || isDeclared(types, folders)) return known;
      if (builtins.has(name) || ownNames().has(name)) return known;
      if (isFolderOfSources(name.split('/')[0] ?? name, folders, files)) return known;
      if (isAlias(name, folders) || (name.startsWith('@') && isAlias(name.split('/')[0] ?? name, folders)))
        return known;
      if (isLocked(name, folders)) return known;
      const manifest = folders.some(candidate => declaredIn(candidate) !== null);
      if (!manifest) return { kind: 'not-judged' };
      return {
        kind: 'unknown-package',
        name,
        near: nearName(name, candidates(folders, declaredIn, ownNames(), files)),
      };
    },
    declares: (name, from) => isDeclared(name, foldersAbove(from, files.root)),
    areInstalled(from) {
      const folders = foldersAbove(from, files.root);
      const nearest = folders.find(folder => declaredIn(folder) !== null);
      if (nearest === undefined) return false;
      return neededBy(nearest, files).every(name => isInstalled(name, folders));
    },
    installs: (name, from) => isInstalled(name, foldersAbove(from, files.root)),
  };
}

function* candidates(
  folders: readonly string[],
  declaredIn: (folder: string) => ReadonlySet<string> | null,
  own: ReadonlySet<string>,
  files: ConfinedFiles,
): Iterable<string> {
  for (const folder of folders) yield* declaredIn(folder) ?? [];
  yield* own;
  yield* builtins;
  for (const folder of folders) {
    const installed = posix.join(folder, 'node_modules');
    for (const name of files.entries(installed).directories) {
      if (!name.startsWith('@') && !name.startsWith('.')) yield name;
      else if (name.startsWith('@'))
        for (const part of files.entries(posix.join(installed, name)).directories) yield `${name}/${part}`;
    }
  }
}

function folderOf(name: string, folders: readonly string[], files: ConfinedFiles): string | null {
  for (const folder of folders) {
    const candidate = posix.join(folder, 'node_modules', name);
    if (files.directoryExists(candidate)) return candidate;
  }
  return null;
}

/** The package's own name, for it may import itself, and all it names; null where there is no manifest. */
function namesIn(folder: string, files: ConfinedFiles): ReadonlySet<string> | null {
  const path = posix.join(folder, 'package.json');
  if (!files.fileExists(path)) return null;
  const manifest = jsonOf(files.readFile(path));
  const names = new Set<string>();
  if (!isRecord(manifest)) return names;
  if (typeof manifest['name'] === 'string') names.add(manifest['name']);
  for (const key of dependencyKeys) {
    const dependencies = manifest[key];
    if (isRecord(dependencies)) for (const name of Object.keys(dependencies)) names.add(name);
  }
  for (const key of ['bundledDependencies', 'bundleDependencies']) {
    const bundled = manifest[key];
    if (Array.isArray(bundled)) for (const name of bundled) if (typeof name === 'string') names.add(name);
  }
  return names;
}

function neededBy(folder: string, files: ConfinedFiles): readonly string[] {
  const manifest = jsonOf(files.readFile(posix.join(folder, 'package.json')));
  if (!isRecord(manifest)) return [];
  const { peerDependenciesMeta: extra } = manifest;
  const isOptional = (name: string) => isRecord(extra) && isRecord(extra[name]) && extra[name]['optional'] === true;
  return ['dependencies', 'peerDependencies'].flatMap(key => {
    const named = manifest[key];
    return isRecord(named) ? Object.keys(named).filter(name => !isOptional(name)) : [];
  });
}

/** Names of all packages whose sources lie in the workspace, however it calls its parts together. */
function namesOfWorkspace(files: ConfinedFiles): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting: { readonly folder: string; readonly depth: number }[] = [{ folder: files.root, depth: 0 }];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined && seen < maxManifests * 10; next = waiting.shift()) {
    seen += 1;
    const { folder, depth } = next;
    const { files: here, directories } = files.entries(folder);
    if (here.includes('package.json')) {
      const manifest = jsonOf(files.readFile(posix.join(folder, 'package.json')));
      if (isRecord(manifest) && typeof manifest['name'] === 'string') names.add(manifest['name']);
    }
    if (depth >= 4) continue;
    for (const name of directories) {
      if (name !== 'node_modules' && !name.startsWith('.'))
        waiting.push({ folder: posix.join(folder, name), depth: depth + 1 });
    }
  }
  return names;
}

/** Paths that a bundler starts at a folder of sources: `components/Button` is no package where there is such a folder. */
function isFolderOfSources(segment: string, folders: readonly string[], files: ConfinedFiles): boolean {
  const starts = folders.flatMap(folder => [
    folder,
    ...['src', 'app', 'lib', 'source'].map(part => posix.join(folder, part)),
  ]);
  return starts.some(
    start =>
      files.directoryExists(posix.join(start, segment)) ||
      ['.ts', '.tsx', '.js', '.jsx', '.mjs'].some(ending => files.fileExists(posix.join(start, segment + ending))),
  );
}
