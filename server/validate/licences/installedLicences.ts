import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ImportedPackage } from './importedPackages.js';
import { licenceOfManifest, readStart } from './projectLicence.js';

/** What an installed package declares: its licence; null where it declares none. `undefined`: it is not installed here. */
export type Declared = string | null | undefined;

/** Looks packages up in the folders that package managers fill. What was read is kept until the folder changes. */
export interface InstalledLicences {
  of(imported: ImportedPackage, path: string, folder: string): Promise<Declared>;
}

export function createInstalledLicences(): InstalledLicences {
  const distributions = new Map<string, { readonly at: number; readonly names: ReadonlyMap<string, string> }>();

  return {
    of(imported, path, folder) {
      switch (imported.ecosystem) {
        case 'npm':
          return ofNpm(imported.name, path, folder);
        case 'python':
          return ofPython(imported.name, folder);
        case 'rust':
          return ofCrate(imported.name, folder);
      }
    },
  };

  async function ofPython(name: string, folder: string): Promise<Declared> {
    for (const place of await sitePackages(folder)) {
      const names = await namesIn(place);
      const own = names.get(name.toLowerCase());
      if (own === undefined) continue;
      return licenceOfMetadata((await readStart(join(place, own, 'METADATA'))) ?? '');
    }
    return undefined;
  }

  /** From what is imported to the folder that describes it. */
  async function namesIn(place: string): Promise<ReadonlyMap<string, string>> {
    const at = await changedAt(place);
    const known = distributions.get(place);
    if (known?.at === at) return known.names;
    const names = new Map<string, string>();
    const entries = (await listed(place)).filter(entry => entry.endsWith('.dist-info'));
    await Promise.all(
      entries.map(async entry => {
        const named = entry.slice(0, entry.indexOf('-')).toLowerCase();
        names.set(named.replaceAll('.', '_'), entry);
        const tops = (await readStart(join(place, entry, 'top_level.txt'))) ?? '';
        for (const top of tops.split(/\s+/)) if (top !== '') names.set(top.toLowerCase(), entry);
      }),
    );
    distributions.set(place, { at, names });
    return names;
  }
}

async function ofNpm(name: string, path: string, folder: string): Promise<Declared> {
  for (let place = dirname(path); ; place = dirname(place)) {
    if (relative(folder, place).startsWith('..')) return undefined;
    const manifest = await readStart(join(place, 'node_modules', name, 'package.json'));
    if (manifest !== null) return licenceOfManifest(manifest);
    if (place === dirname(place)) return undefined;
  }
}

async function ofCrate(name: string, folder: string): Promise<Declared> {
  for (const spelt of [name, name.replaceAll('_', '-')]) {
    const manifest = await readStart(join(folder, 'vendor', spelt, 'Cargo.toml'));
    if (manifest !== null) return /^license\s*=\s*"([^"\n]+)"/m.exec(manifest)?.[1]?.replaceAll('/', ' OR ') ?? null;
  }
  return undefined;
}

/** Of the virtual environments that lie in the folder. */
async function sitePackages(folder: string): Promise<string[]> {
  const places: string[] = [];
  for (const environment of ['.venv', 'venv', 'env', '.env']) {
    for (const version of await listed(join(folder, environment, 'lib'))) {
      if (version.startsWith('python')) places.push(join(folder, environment, 'lib', version, 'site-packages'));
    }
    if ((await listed(join(folder, environment, 'Lib', 'site-packages'))).length > 0) {
      places.push(join(folder, environment, 'Lib', 'site-packages'));
    }
  }
  return places;
}

function licenceOfMetadata(text: string): string | null {
  const [head = ''] = text.split(/\r?\n\r?\n/, 1);
  const expression = /^License-Expression: (.+)$/m.exec(head)?.[1]?.trim();
  if (expression !== undefined) return expression;
  const declared = /^License: (.+)$/m.exec(head)?.[1]?.trim();
  if (declared !== undefined && declared !== 'UNKNOWN' && declared.length < 80) return declared;
  const classifiers = [...head.matchAll(/^Classifier: License :: (?:OSI Approved :: )?(.+)$/gm)].map(
    match => match[1] ?? '',
  );
  return classifiers.find(name => name !== 'OSI Approved') ?? null;
}

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // There is no such folder.
    return [];
  }
}

async function changedAt(folder: string): Promise<number> {
  try {
    return (await stat(folder)).mtimeMs;
  } catch {
    return 0;
  }
}
