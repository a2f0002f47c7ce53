import { dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { importsOf } from '../imports.js';
import type { Supplies } from '../source.js';
import { collect, type Lead } from './collect.js';
import type { Ecosystem } from './ecosystem.js';
import { cargoSources } from '../../../index/packages/packageRoots.js';

/** Crates that Cargo.toml names, from Cargo's own copies of their sources, in the version of Cargo.lock. */
export const rust: Ecosystem = {
  languages: ['rust'],
  async find({ import: { module }, names }, from, supplies) {
    const [crate = '', ...path] = module.split('::');
    if (!/^\w+$/.test(crate) || /^(?:crate|self|super|std|core|alloc)$/.test(crate)) return [];
    const cargo = cargoSources(supplies);
    const within = [from.folder, cargo];
    const root = await crateFolder(crate, dirname(from.path), from.folder, cargo, supplies);
    if (root === null) return [];
    const source = join(root.folder, 'src');
    const entry = join(source, 'lib.rs');
    const module0 = await moduleFile(source, path, within, supplies);
    const wanted = names.map(name => (name === '' ? (path.at(-1) ?? crate) : name));
    return collect(
      wanted.flatMap(name => [...(module0 === null ? [] : [{ path: module0, name }]), { path: entry, name }]),
      {
        supplies,
        within,
        languageId: 'rust',
        labelOf: file => `${root.label}/${file.slice(root.folder.length + 1).replaceAll('\\', '/')}`,
        leads: (file, content, name) => leadsFrom(file, content, name, source, within, supplies),
        maxFiles: 24,
      },
    );
  },
};

async function crateFolder(
  crate: string,
  start: string,
  folder: string,
  cargo: string,
  { texts }: Supplies,
): Promise<{ readonly folder: string; readonly label: string } | null> {
  let locked: string | null = null;
  let required: string | null = null;
  for (let at = start; isInside(folder, at) && locked === null; at = dirname(at)) {
    required ??= requirement(await texts.read(join(at, 'Cargo.toml'), [folder]), crate);
    locked = lockedVersion(await texts.read(join(at, 'Cargo.lock'), [folder]), crate);
    if (at === dirname(at)) break;
  }
  const version = locked ?? required;
  if (version === null) return null;
  const names = [crate, crate.replaceAll('_', '-')];
  for (const registry of await texts.list(cargo, [cargo])) {
    const inside = join(cargo, registry);
    const there = await texts.list(inside, [cargo]);
    // Without a lock, the newest that is there and begins as required.
    const found = there
      .filter(each =>
        names.some(name => each.startsWith(`${name}-${version}`) && /^\d/.test(each.slice(name.length + 1))),
      )
      .at(-1);
    if (found !== undefined) return { folder: join(inside, found.replace(/\/$/, '')), label: found.replace(/\/$/, '') };
  }
  return null;
}

function requirement(manifest: string | null, crate: string): string | null {
  const name = crate.replaceAll('_', '[-_]');
  const match = new RegExp(`^\\s*${name}\\s*=\\s*(?:"([^"]+)"|\\{[^}]*version\\s*=\\s*"([^"]+)")`, 'm').exec(
    manifest ?? '',
  );
  return (match?.[1] ?? match?.[2])?.replace(/^[\^~=<>\s]+/, '') ?? null;
}

function lockedVersion(lock: string | null, crate: string): string | null {
  const name = crate.replaceAll('_', '[-_]');
  return new RegExp(`name = "${name}"\\r?\\nversion = "([^"]+)"`).exec(lock ?? '')?.[1] ?? null;
}

async function moduleFile(
  source: string,
  path: readonly string[],
  within: readonly string[],
  { texts }: Supplies,
): Promise<string | null> {
  if (path.length === 0) return null;
  const bare = join(source, ...path);
  for (const file of [`${bare}.rs`, join(bare, 'mod.rs')]) if ((await texts.read(file, within)) !== null) return file;
  return null;
}

/** What a file hands on with `pub use`, and the modules that it has. */
async function leadsFrom(
  file: string,
  content: string,
  name: string,
  source: string,
  within: readonly string[],
  supplies: Supplies,
): Promise<readonly Lead[]> {
  const here = /(?:^|[\\/])(?:lib|mod|main)\.rs$/.test(file) ? dirname(file) : file.replace(/\.rs$/, '');
  const found: Lead[] = [];
  const [base = '', member] = name.split('.');
  if (member !== undefined) {
    const inside = await moduleFile(here, [base], within, supplies);
    if (inside !== null) found.push({ path: inside, name: member });
  }
  for (const { module, names, alias } of importsOf(content, 'rust', 100_000)) {
    const isNamed = names.includes(base) || alias === base;
    if (!isNamed && names.length > 0) continue;
    const [first = '', ...rest] = module.split('::');
    const path = await (first === 'crate'
      ? moduleFile(source, rest, within, supplies)
      : moduleFile(here, first === 'self' ? rest : [first, ...rest], within, supplies));
    if (path !== null)
      (isNamed ? found.unshift : found.push).call(found, {
        path,
        name: names.includes(base) ? name : (names[0] ?? name),
      });
  }
  return found.slice(0, 16);
}
