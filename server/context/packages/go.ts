import { dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import type { Supplies } from '../source.js';
import { escapedModule, requiredModules } from '../../../index/packages/goModule.js';
import { goModuleCache } from '../../../index/packages/packageRoots.js';
import { collect } from './collect.js';
import type { Ecosystem } from './ecosystem.js';

/** Modules that go.mod requires: vendored ones, or those of the module cache, in the version that is required. */
export const go: Ecosystem = {
  languages: ['go'],
  async find({ import: { module }, names }, from, supplies) {
    if (!module.includes('.')) return [];
    const mod = await goMod(dirname(from.path), from.folder, supplies);
    if (mod === null) return [];
    const cache = goModuleCache(supplies);
    const within = [from.folder, cache];
    for (const { folder, label } of packageFolders(module, mod, cache)) {
      const files = (await supplies.texts.list(folder, within)).filter(
        name => name.endsWith('.go') && !name.endsWith('_test.go'),
      );
      if (files.length === 0) continue;
      return collect(
        names.filter(name => name !== '').flatMap(name => files.map(file => ({ path: join(folder, file), name }))),
        {
          supplies,
          within,
          languageId: 'go',
          labelOf: path => `${label}/${path.slice(folder.length + 1)}`,
          leads: () => Promise.resolve([]),
          maxFiles: 40,
        },
      );
    }
    return [];
  },
};

interface GoMod {
  readonly folder: string;
  readonly text: string;
}

async function goMod(start: string, folder: string, { texts }: Supplies): Promise<GoMod | null> {
  for (let at = start; isInside(folder, at); at = dirname(at)) {
    const text = await texts.read(join(at, 'go.mod'), [folder]);
    if (text !== null) return { folder: at, text };
    if (at === dirname(at)) break;
  }
  return null;
}

function packageFolders(
  module: string,
  { folder, text }: GoMod,
  cache: string,
): { readonly folder: string; readonly label: string }[] {
  const found = [{ folder: join(folder, 'vendor', module), label: `vendor/${module}` }];
  const required = requiredModules(text).filter(({ path }) => module === path || module.startsWith(`${path}/`));
  required.sort((left, right) => right.path.length - left.path.length);
  for (const { path, target, version } of required) {
    const inside = module.slice(path.length);
    if (version === null) found.push({ folder: join(folder, target, inside), label: `${path}${inside}` });
    else
      found.push({
        folder: join(cache, `${escapedModule(target)}@${version}`, inside),
        label: `${path}@${version}${inside}`,
      });
  }
  return found;
}
