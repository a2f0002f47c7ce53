import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isInside } from '../../base/paths.js';
import { isRecord } from '../../base/record.js';
import { importsOf } from '../imports.js';
import type { Supplies } from '../source.js';
import { collect, type Lead } from './collect.js';
import type { Ecosystem } from './ecosystem.js';

/** Types of what lies in node_modules folders inside the workspace; without types, the code itself. */
export const node: Ecosystem = {
  languages: ['typescript', 'typescriptreact', 'javascript', 'vue', 'svelte'],
  async find({ import: { module, alias }, names }, from, supplies) {
    if (/^[./#]/.test(module)) return [];
    const { texts } = supplies;
    const within = [from.folder];
    const entry = await entryOf(module, dirname(from.path), from.folder, supplies);
    if (entry === null) return [];
    const text = (await texts.read(entry, within)) ?? '';
    const wanted = names.flatMap(name => (name === '' ? defaultNames(text, alias) : [name]));
    return collect(
      wanted.map(name => ({ path: entry, name })),
      {
        supplies,
        within,
        languageId: 'typescript',
        labelOf: path => relative(from.folder, path).replaceAll('\\', '/'),
        leads: (path, own, name) => leadsFrom(path, own, name, from.folder, supplies),
      },
    );
  },
};

const builtins = new Set(builtinModules);

async function entryOf(module: string, start: string, folder: string, supplies: Supplies): Promise<string | null> {
  const isBuiltin = module.startsWith('node:') || builtins.has(module);
  const parts = module.replace(/^node:/, '').split('/');
  const name = module.startsWith('@') ? parts.splice(0, 2).join('/') : (parts.shift() ?? '');
  const inside = parts.join('/');
  for (let at = start; isInside(folder, at); at = dirname(at)) {
    const modules = join(at, 'node_modules');
    const found = isBuiltin
      ? await firstFile([join(modules, '@types/node', `${[name, ...parts].join('/')}.d.ts`)], folder, supplies)
      : ((await typesIn(join(modules, name), inside, folder, supplies)) ??
        (await typesIn(join(modules, '@types', name.replace('@', '').replace('/', '__')), inside, folder, supplies)) ??
        (await codeIn(join(modules, name), inside, folder, supplies)));
    if (found !== null || at === dirname(at)) return found;
  }
  return null;
}

async function typesIn(root: string, inside: string, folder: string, supplies: Supplies): Promise<string | null> {
  const manifest = await manifestIn(root, folder, supplies);
  if (manifest === null) return null;
  const exported = exportOf(manifest['exports'], inside === '' ? '.' : `./${inside}`, [
    'types',
    'import',
    'require',
    'node',
    'default',
  ]);
  const types = inside === '' ? (text(manifest['types']) ?? text(manifest['typings'])) : null;
  const main = inside === '' ? (text(manifest['module']) ?? text(manifest['main']) ?? 'index.js') : inside;
  const candidates = [exported, types, main].flatMap(path => (path === null ? [] : declarationFiles(join(root, path))));
  return firstFile(candidates, folder, supplies);
}

async function codeIn(root: string, inside: string, folder: string, supplies: Supplies): Promise<string | null> {
  const manifest = await manifestIn(root, folder, supplies);
  if (manifest === null) return null;
  const exported = exportOf(manifest['exports'], inside === '' ? '.' : `./${inside}`, [
    'import',
    'node',
    'default',
    'require',
  ]);
  const main = inside === '' ? (text(manifest['module']) ?? text(manifest['main']) ?? 'index.js') : inside;
  const candidates = [exported, main].flatMap(path => (path === null ? [] : [path, `${path}.js`, `${path}/index.js`]));
  return firstFile(
    candidates.map(path => join(root, path)),
    folder,
    supplies,
  );
}

async function manifestIn(
  root: string,
  folder: string,
  { texts }: Supplies,
): Promise<Readonly<Record<string, unknown>> | null> {
  const manifest = await texts.read(join(root, 'package.json'), [folder]);
  if (manifest === null) return null;
  try {
    const read: unknown = JSON.parse(manifest);
    return isRecord(read) ? read : null;
  } catch {
    return null; // Half written, or no package at all.
  }
}

/** The target of a path in `exports`, by the first condition that leads to one. */
function exportOf(exported: unknown, path: string, conditions: readonly string[], depth = 0): string | null {
  if (typeof exported === 'string') return exported;
  if (Array.isArray(exported)) return exportOf(exported[0], path, conditions, depth + 1);
  if (!isRecord(exported) || depth > 8) return null;
  const keys = Object.keys(exported);
  if (keys.some(key => key.startsWith('.'))) {
    if (exported[path] !== undefined) return exportOf(exported[path], path, conditions, depth + 1);
    for (const key of keys) {
      const [head = '', tail = ''] = key.split('*');
      if (!key.includes('*') || !path.startsWith(head) || !path.endsWith(tail)) continue;
      const middle = path.slice(head.length, path.length - tail.length);
      return exportOf(exported[key], path, conditions, depth + 1)?.replaceAll('*', middle) ?? null;
    }
    return null;
  }
  for (const condition of conditions) {
    const found = exportOf(exported[condition], path, conditions, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** Where the types of a module may lie that is named with or without the ending of its code. */
function declarationFiles(path: string): string[] {
  if (/\.d\.[cm]?ts$/.test(path)) return [path];
  const bare = path.replace(/\.([cm]?)[jt]sx?$/, '');
  const ending = /\.([cm]?)[jt]sx?$/.exec(path)?.[1] ?? '';
  return [`${bare}.d.${ending}ts`, `${bare}.d.ts`, `${path}.d.ts`, `${bare}/index.d.ts`, `${bare}.ts`];
}

async function leadsFrom(
  path: string,
  content: string,
  name: string,
  folder: string,
  supplies: Supplies,
): Promise<readonly Lead[]> {
  const leads: { module: string; name: string }[] = [];
  const [first = '', member] = name.split('.');
  for (const { module, names, alias } of importsOf(content, 'typescript', 200_000)) {
    if (names.includes(first)) leads.push({ module, name });
    if (alias === first && names.length === 0) leads.push({ module, name: member ?? first });
    // `export { a as name } from`: by its name there.
    const renamed = new RegExp(`([\\w$]+)\\s+as\\s+${first.replace(/[^\w]/g, '\\$&')}\\b`).exec(content)?.[1];
    if (renamed !== undefined && names.includes(renamed))
      leads.push({ module, name: member === undefined ? renamed : `${renamed}.${member}` });
  }
  for (const [, module = ''] of content.matchAll(
    /^\s*export\s+(?:type\s+)?\*\s*(?:as\s+[\w$]+\s+)?from\s*["']([^"']+)["']/gm,
  )) {
    leads.push({ module, name });
  }
  const found: Lead[] = [];
  for (const lead of leads.slice(0, 24)) {
    const entry = lead.module.startsWith('.')
      ? await firstFile(declarationFiles(join(dirname(path), lead.module)), folder, supplies)
      : await entryOf(lead.module, dirname(path), folder, supplies);
    if (entry !== null) found.push({ path: entry, name: lead.name });
  }
  return found;
}

/** What a module is as a whole: what it exports by default, or as such. */
function defaultNames(content: string, alias: string | null): string[] {
  const name =
    /^\s*export\s*(?:=|default)\s*(?:abstract\s+)?(?:async\s+)?(?:class|function\*?|interface)?\s*([\w$]+)/m.exec(
      content,
    )?.[1];
  return [name, alias].flatMap(each => each ?? []);
}

async function firstFile(paths: readonly string[], folder: string, { texts }: Supplies): Promise<string | null> {
  for (const path of paths) if ((await texts.read(path, [folder])) !== null) return path;
  return null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
