import { basename, dirname, join } from 'node:path';
import { importsOf } from '../imports.js';
import type { Supplies } from '../source.js';
import { collect, type Lead } from './collect.js';
import type { Ecosystem } from './ecosystem.js';
import { virtualEnvironment } from '../../../index/packages/packageRoots.js';

/** Stubs and sources in the site-packages of virtual environments: those inside the workspace, and the active one. */
export const python: Ecosystem = {
  languages: ['python'],
  async find({ import: { module }, names }, from, supplies) {
    if (module === '' || module.startsWith('.')) return [];
    const active = virtualEnvironment(supplies);
    const within = active === null ? [from.folder] : [from.folder, active];
    for (const site of await sitePackages(from.folder, active, within, supplies)) {
      const look = (path: string): Promise<string | null> => moduleFile(path, within, supplies);
      const top = join(site, ...module.split('.'));
      const entry =
        (await look(join(site, ...`${module}`.replace(/^\w+/, '$&-stubs').split('.')))) ?? (await look(top));
      if (entry === null) continue;
      const isStub = entry.endsWith('.pyi');
      const leads = names.filter(name => name !== '').map(name => ({ path: entry, name }));
      const found = await collect(leads, {
        supplies,
        within,
        languageId: 'python',
        labelOf: path => `site-packages/${path.slice(site.length + 1).replaceAll('\\', '/')}`,
        leads: (path, content, name) => leadsFrom(path, content, name, site, look),
      });
      if (found.length > 0 || isStub) return found;
    }
    return [];
  },
};

const folders = ['.venv', 'venv', 'env', '.virtualenv', 'virtualenv'];

async function sitePackages(
  folder: string,
  active: string | null,
  within: readonly string[],
  { texts }: Supplies,
): Promise<readonly string[]> {
  const roots = [...folders.map(name => join(folder, name)), ...(active === null ? [] : [active])];
  const found: string[] = [];
  for (const root of roots) {
    for (const version of await texts.list(join(root, 'lib'), within)) {
      if (version.startsWith('python')) found.push(join(root, 'lib', version, 'site-packages'));
    }
    if ((await texts.list(join(root, 'Lib', 'site-packages'), within)).length > 0)
      found.push(join(root, 'Lib', 'site-packages'));
  }
  return found;
}

async function moduleFile(path: string, within: readonly string[], { texts }: Supplies): Promise<string | null> {
  for (const file of [`${path}.pyi`, join(path, '__init__.pyi'), `${path}.py`, join(path, '__init__.py')]) {
    if ((await texts.read(file, within)) !== null) return file;
  }
  return null;
}

async function leadsFrom(
  path: string,
  content: string,
  name: string,
  site: string,
  look: (path: string) => Promise<string | null>,
): Promise<readonly Lead[]> {
  const found: Lead[] = [];
  const [first = '', member] = name.split('.');
  const add = async (module: string, wanted: string): Promise<void> => {
    const entry = await look(module);
    if (entry !== null) found.push({ path: entry, name: wanted });
  };
  for (const { module, names } of importsOf(content, 'python', 100_000)) {
    const isStar =
      names.length === 0 && new RegExp(`from\\s+${module.replaceAll('.', '\\.')}\\s+import\\s+\\*`).test(content);
    if (!names.includes(first) && !isStar) continue;
    await add(resolve(module, path, site), name);
  }
  // A module of the package by that name.
  if (/__init__\.pyi?$/.test(path)) {
    const entry = await look(join(dirname(path), first));
    if (entry !== null) found.push({ path: entry, name: member ?? name });
  }
  return found.slice(0, 12);
}

function resolve(module: string, path: string, site: string): string {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const parts = module
    .slice(dots)
    .split('.')
    .filter(part => part !== '');
  if (dots === 0) return join(site, ...parts);
  let base = dirname(path);
  for (let level = 1; level < dots; level++) base = dirname(base);
  return parts.length === 0 ? join(dirname(base), basename(base)) : join(base, ...parts);
}
