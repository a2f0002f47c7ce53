import { dirname, join } from 'node:path';
import { isInside } from '../base/paths.js';
import type { Import } from './imports.js';
import type { Supplies } from './source.js';
import { firstText, joinAll } from './workspaceText.js';

export interface ModuleText {
  readonly path: string;
  readonly text: string;
}

type Reading = Pick<Supplies, 'documents' | 'texts' | 'folders'>;

/** The files of the workspace that an import stands for; none where it is a package. */
export async function workspaceModules(
  { module, names }: Import,
  path: string,
  folder: string,
  languageId: string,
  supplies: Reading,
): Promise<readonly ModuleText[]> {
  switch (languageId) {
    case 'typescript':
    case 'typescriptreact':
    case 'javascript':
    case 'vue':
    case 'svelte':
      return one(await firstText(scriptPaths(module, path, folder), supplies));
    case 'python':
      return pythonModules(module, names, path, folder, supplies);
    case 'go':
      return goPackage(module, path, folder, supplies);
    case 'rust':
      return one(await firstText(rustPaths(module, path, folder), supplies));
    case 'java':
    case 'kotlin':
      return one(await firstText(javaPaths(module, names, path, languageId), supplies));
    case 'c':
    case 'cpp':
      return one(
        await firstText(
          [join(dirname(path), module), ...joinAll(folder, [module, join('include', module), join('src', module)])],
          supplies,
        ),
      );
    default:
      return [];
  }
}

function one(found: ModuleText | null): readonly ModuleText[] {
  return found === null ? [] : [found];
}

function scriptPaths(module: string, path: string, folder: string): string[] {
  const base = module.startsWith('.')
    ? join(dirname(path), module)
    : /^[@~]\//.test(module)
      ? join(folder, 'src', module.slice(2))
      : null;
  if (base === null) return [];
  const bare = base.replace(/\.[cm]?jsx?$/, '');
  const endings = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs'];
  const direct = /\.[cm]?[jt]sx?$|\.vue$|\.svelte$/.test(base) ? [base] : [];
  return [
    ...endings.map(ending => bare + ending),
    ...direct,
    ...['index.ts', 'index.tsx', 'index.js'].map(name => join(base, name)),
  ];
}

async function pythonModules(
  module: string,
  names: readonly string[],
  path: string,
  folder: string,
  supplies: Reading,
): Promise<readonly ModuleText[]> {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const parts = module
    .slice(dots)
    .split('.')
    .filter(part => part !== '');
  const bases: string[] = [];
  if (dots > 0) {
    let base = dirname(path);
    for (let level = 1; level < dots; level++) base = dirname(base);
    bases.push(base);
  } else {
    for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
      bases.unshift(at);
      if (at === dirname(at)) break;
    }
    bases.push(join(folder, 'src'));
  }
  for (const base of bases) {
    const target = join(base, ...parts);
    const found = await firstText([`${target}.py`, `${target}.pyi`, join(target, '__init__.py')], supplies);
    // A name may itself be a module of the package.
    const inside = await Promise.all(names.slice(0, 6).map(name => firstText([join(target, `${name}.py`)], supplies)));
    const all = [found, ...inside].flatMap(each => each ?? []);
    if (all.length > 0) return all;
  }
  return [];
}

const maxPackageFiles = 12;

/** All files of a Go package of this module: they are one. */
async function goPackage(
  module: string,
  path: string,
  folder: string,
  supplies: Reading,
): Promise<readonly ModuleText[]> {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    const mod = await supplies.texts.read(join(at, 'go.mod'), [folder]);
    const own = /^module\s+(\S+)/m.exec(mod ?? '')?.[1];
    if (own !== undefined) {
      return module === own || module.startsWith(`${own}/`)
        ? goFiles(join(at, module.slice(own.length)), null, folder, supplies)
        : [];
    }
    if (at === dirname(at)) break;
  }
  return [];
}

export async function goFiles(
  at: string,
  except: string | null,
  folder: string,
  supplies: Reading,
): Promise<readonly ModuleText[]> {
  const names = (await supplies.texts.list(at, [folder])).filter(
    name => name.endsWith('.go') && !name.endsWith('_test.go'),
  );
  const found = await Promise.all(
    names
      .map(name => join(at, name))
      .filter(path => path !== except)
      .slice(0, maxPackageFiles)
      .map(path => firstText([path], supplies)),
  );
  return found.flatMap(each => each ?? []);
}

function rustPaths(module: string, path: string, folder: string): string[] {
  const parts = module.split('::');
  const here = /(?:^|[\\/])(?:lib|mod|main)\.rs$/.test(path) ? dirname(path) : path.replace(/\.rs$/, '');
  let base: string;
  if (parts[0] === 'crate') {
    const at = path.lastIndexOf('/src/');
    base = at < 0 ? join(folder, 'src') : path.slice(0, at + 4);
    parts.shift();
  } else if (parts[0] === 'self') {
    base = here;
    parts.shift();
  } else if (parts[0] === 'super') {
    base = here;
    while (parts[0] === 'super') {
      base = dirname(base);
      parts.shift();
    }
  } else return [];
  const found: string[] = [];
  // The last parts may be names inside a module.
  for (let length = parts.length; length >= 0 && length >= parts.length - 1; length--) {
    const target = join(base, ...parts.slice(0, length));
    found.push(`${target}.rs`, join(target, 'mod.rs'), ...(length === 0 ? [join(target, 'lib.rs')] : []));
  }
  return found;
}

/** Under the folder from which the own file's path follows its package. */
function javaPaths(module: string, names: readonly string[], path: string, languageId: string): string[] {
  const ending = languageId === 'java' ? 'java' : 'kt';
  const roots = [...path.matchAll(/[\\/](?:java|kotlin|src|test)(?=[\\/])/g)].map(match =>
    path.slice(0, match.index + match[0].length),
  );
  const [name] = names;
  if (name === undefined) return [];
  const way = join(...module.split('.'), `${name}.${ending}`);
  return roots.reverse().flatMap(base => [join(base, way), join(base.replace(/([\\/])test([\\/])/, '$1main$2'), way)]);
}
