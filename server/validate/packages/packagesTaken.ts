import { basename, dirname } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { requiredModules } from '../../../index/packages/goModule.js';
import { isRecord } from '../../base/record.js';
import type { FileChange } from '../gate.js';
import { declaredIn, isPythonManifest } from '../python/declaredPackages.js';
import { certainNamesOf, importNamesOf } from '../python/knownPackages.js';
import type { Ecosystem, PackagesTaken } from './taken.js';

export async function packagesTaken(change: readonly FileChange[]): Promise<readonly PackagesTaken[]> {
  const found: PackagesTaken[] = [];
  for (const { path, before, after } of change) {
    const kind = kindOf(path);
    if (kind === null || before === null) continue;
    const now = new Set(after === null ? [] : (await kind.namesIn(path, after)).all);
    const names = (await kind.namesIn(path, before)).certain.filter(name => !now.has(name));
    if (names.length > 0) found.push({ folder: dirname(path), ecosystem: kind.ecosystem, names: [...new Set(names)] });
  }
  return found;
}

interface Named {
  /** What is surely imported by that name. */
  readonly certain: readonly string[];
  /** All that may be. */
  readonly all: readonly string[];
}

interface Kind {
  readonly ecosystem: Ecosystem;
  namesIn(path: string, text: string): Named | Promise<Named>;
}

function kindOf(path: string): Kind | null {
  const name = basename(path);
  if (name === 'package.json') return npm;
  if (name === 'go.mod') return go;
  if (name === 'Cargo.toml') return rust;
  if (name === 'pom.xml') return java;
  return isPythonManifest(name) ? python : null;
}

const npm: Kind = { ecosystem: 'npm', namesIn: (_, text) => same(npmDependencies(text)) };

const python: Kind = {
  ecosystem: 'python',
  async namesIn(path, text) {
    const distributions = await declaredIn(path, text);
    return { certain: distributions.flatMap(certainNamesOf), all: distributions.flatMap(importNamesOf) };
  },
};

const go: Kind = { ecosystem: 'go', namesIn: (_, text) => same(requiredModules(text).map(({ path }) => path)) };

const rust: Kind = {
  ecosystem: 'rust',
  namesIn(_, text) {
    try {
      const { dependencies } = parseToml(text);
      return same(isRecord(dependencies) ? Object.keys(dependencies).map(name => name.replaceAll('-', '_')) : []);
    } catch {
      return same([]); // Whoever reads data says so.
    }
  },
};

const java: Kind = {
  ecosystem: 'java',
  namesIn: (_, text) =>
    same(
      [...text.matchAll(/<dependency>([\s\S]*?)<\/dependency>/g)].flatMap(
        ([, block = '']) => /<groupId>\s*([\w.-]+)\s*</.exec(block)?.[1] ?? [],
      ),
    ),
};

/** What lies in the workspace itself is not installed, and stays. */
export function npmDependencies(text: string): readonly string[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return []; // Whoever reads data says so.
  }
  if (!isRecord(manifest)) return [];
  return ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap(key => {
    const named = manifest[key];
    if (!isRecord(named)) return [];
    return Object.entries(named).flatMap(([name, version]) => {
      const isLocal = typeof version === 'string' && /^(?:workspace|file|link|portal):/.test(version);
      return isLocal || name.startsWith('@types/') ? [] : [name];
    });
  });
}

function same(names: readonly string[]): Named {
  return { certain: names, all: names };
}
