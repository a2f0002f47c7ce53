import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import { homeFolder } from '../../base/homeFolder.js';

/** Where packages are installed. Read as data: no interpreter is asked. */
export interface PythonEnvironment {
  /** Holds lib/python3.N/site-packages, or Lib/site-packages on Windows. */
  readonly prefix: string;
  readonly sitePackages: readonly string[];
  /** `3.12`, or null where it does not say. */
  readonly version: string | null;
  /** A virtual environment, or one of conda, and not a Python that everybody shares. */
  readonly isOwn: boolean;
}

export interface EnvironmentSearch {
  /** Innermost first: the project's folder and those around it, up to the workspace. */
  readonly folders: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The environment that a project most likely runs in: one in its folders, the active one, the Python on PATH. */
export function findEnvironment({ folders, env }: EnvironmentSearch): PythonEnvironment | null {
  for (const folder of folders) {
    for (const prefix of virtualEnvironmentsIn(folder)) {
      const found = describe(prefix, true);
      if (found !== null) return found;
    }
  }
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = env[name];
    const found = prefix !== undefined && isAbsolute(prefix) ? describe(prefix, true) : null;
    if (found !== null) return found;
  }
  for (const prefix of sharedPrefixes(folders, env)) {
    const found = describe(prefix, false);
    if (found !== null) return found;
  }
  return null;
}

const usualNames = ['.venv', 'venv', 'env', '.env', 'virtualenv'];

function virtualEnvironmentsIn(folder: string): readonly string[] {
  const names = [...usualNames, ...entriesOf(folder).filter(name => !usualNames.includes(name))];
  return names.map(name => join(folder, name)).filter(prefix => existsSync(join(prefix, 'pyvenv.cfg')));
}

function describe(prefix: string, isOwn: boolean): PythonEnvironment | null {
  const sitePackages: string[] = [];
  let version: string | null = /^version(?:_info)?\s*=\s*(3\.\d+)/m.exec(read(join(prefix, 'pyvenv.cfg')))?.[1] ?? null;
  for (const library of ['lib', 'lib64', 'Lib']) {
    const plain = join(prefix, library, 'site-packages');
    if (existsSync(plain)) sitePackages.push(plain);
    const shared = join(prefix, library, 'python3', 'dist-packages');
    if (existsSync(shared)) sitePackages.push(shared);
    for (const name of entriesOf(join(prefix, library)).filter(entry => /^python3\.\d+$/.test(entry))) {
      for (const packages of ['site-packages', 'dist-packages']) {
        const folder = join(prefix, library, name, packages);
        if (!existsSync(folder)) continue;
        sitePackages.push(folder);
        version ??= name.slice('python'.length);
      }
    }
  }
  const distinct = [...new Map(sitePackages.map(folder => [realOr(folder), folder])).values()];
  return distinct.length === 0 ? null : { prefix, sitePackages: distinct, version, isOwn };
}

/** Prefixes of Pythons that everybody uses: pyenv's choice, and what PATH leads to outside the project. */
function sharedPrefixes(
  folders: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const pyenv = env['PYENV_ROOT'] ?? join(homeFolder(env['HOME']), '.pyenv');
  const versions = [
    env['PYENV_VERSION'],
    ...folders.map(folder => read(join(folder, '.python-version'))),
    read(join(pyenv, 'version')),
  ];
  const chosen = versions
    .map(text => text?.trim().split(/\s+/)[0] ?? '')
    .filter(name => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name))
    .map(name => join(pyenv, 'versions', name));
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter(folder => isAbsolute(folder) && folders.every(own => !isInside(own, folder)))
    .map(folder => ['python3', 'python', 'python.exe'].map(name => join(folder, name)).find(file => existsSync(file)))
    .filter(file => file !== undefined)
    .map(file => dirname(realOr(file)))
    // Windows has python.exe beside Lib, others in a folder beside lib.
    .map(folder => (existsSync(join(folder, 'Lib')) ? folder : dirname(folder)));
  return [...new Set([...chosen, ...onPath])];
}

/** Names at the top of what is installed, and distributions by their normalised names. */
export function installedNames({ sitePackages }: PythonEnvironment): ReadonlySet<string> {
  const names = new Set<string>();
  for (const folder of sitePackages) {
    for (const entry of entriesOf(folder)) {
      const distribution = /^(.+?)-[^-]+(?:-py3\.\d+)?\.(?:dist|egg)-info$/.exec(entry)?.[1];
      if (distribution !== undefined) {
        names.add(distribution.toLowerCase().replace(/[-_.]+/g, '_'));
        for (const name of read(join(folder, entry, 'top_level.txt')).split(/\s+/)) if (name !== '') names.add(name);
      } else if (entry.endsWith('.pth')) {
        for (const line of read(join(folder, entry)).split(/\r?\n/)) {
          if (isAbsolute(line)) for (const inner of entriesOf(line)) names.add(moduleName(inner));
        }
      } else names.add(moduleName(entry));
    }
  }
  names.delete('');
  return names;
}

/** `yaml.py`, `_cffi.cpython-311-x86_64-linux-gnu.so` and `yaml` alike. */
function moduleName(entry: string): string {
  return /^([A-Za-z_]\w*)(?:$|\.pyi?$|\..*(?:so|pyd)$|-stubs$)/.exec(entry)?.[1] ?? '';
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(path: string): string {
  return textOnDisk(path, mostBytes) ?? '';
}

const mostBytes = 1024 * 1024;

function realOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
