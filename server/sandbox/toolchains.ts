import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isInside } from '../base/paths.js';
import { textOnDisk } from '../base/textOnDisk.js';
import { cleanEnvironment } from '../trust/environment.js';
import { findExecutable } from '../trust/executable.js';
import { runTool } from '../trust/runTool.js';
import { homeFolder } from '../base/homeFolder.js';

/** A toolchain as a sandbox shows it: read-only, where it really lies. */
export interface Toolchain {
  /** Folders that hold its programs, first to last. */
  readonly bin: readonly string[];
  /** Folders that are shown besides the system's. */
  readonly readOnly: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ToolSearch {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The toolchain that a program belongs to, asked of the programs on the person's PATH, never of one in the folder; null where
 * there is none, and for programs of the system. What a version manager's wrapper would start is found here, as it cannot work inside.
 */
export async function findToolchain(name: string, search: ToolSearch, signal: AbortSignal): Promise<Toolchain | null> {
  switch (families.get(name)) {
    case 'node':
      return findNode(search, signal);
    case 'python':
      return findPython(search, signal);
    case 'go':
      return findGo(search, signal);
    case 'rust':
      return findRust(search, signal);
    case 'java':
      return findJava(search);
    case undefined:
      return null;
  }
}

const families: ReadonlyMap<string, 'node' | 'python' | 'go' | 'rust' | 'java'> = new Map([
  ['node', 'node'],
  ['python', 'python'],
  ['python3', 'python'],
  ['go', 'go'],
  ['gofmt', 'go'],
  ['cargo', 'rust'],
  ['rustc', 'rust'],
  ['rustfmt', 'rust'],
  ['java', 'java'],
  ['javac', 'java'],
]);

async function findNode(search: ToolSearch, signal: AbortSignal): Promise<Toolchain> {
  const asked = await ask('node', ['-p', 'process.execPath'], search, signal);
  // The one that we run in is a Node.js too.
  const path = asked !== null && isAbsolute(asked) ? real(asked) : real(process.execPath);
  const prefix = dirname(dirname(path));
  // The program alone would do, but for libraries that a distribution puts beside it.
  const readOnly = existsSync(join(prefix, 'include', 'node')) ? [prefix] : [path];
  return { bin: [dirname(path)], readOnly, env: {} };
}

async function findPython(search: ToolSearch, signal: AbortSignal): Promise<Toolchain | null> {
  for (const name of ['.venv', 'venv', 'env']) {
    const home = homeOfEnvironment(join(search.folder, name));
    if (home === null) continue;
    // Its links name the installation as the file does, perhaps by another link; its own packages are shown with the folder.
    const base = [...new Set([dirname(home), dirname(real(home))])].flatMap(pythonFolders);
    return { bin: [join(search.folder, name, 'bin'), home], readOnly: base, env: {} };
  }
  const wanted = pinnedPython(search.folder);
  const env = wanted === null ? search.env : { ...search.env, PYENV_VERSION: wanted };
  const script = 'import sys; print(sys.executable, sys.prefix, sys.base_prefix, sep="\\n")';
  for (const name of ['python3', 'python']) {
    const asked =
      (await ask(name, ['-I', '-c', script], { ...search, env }, signal)) ??
      (wanted === null ? null : await ask(name, ['-I', '-c', script], search, signal));
    const [executable, prefix, basePrefix] = asked?.split('\n') ?? [];
    if (executable === undefined || prefix === undefined || basePrefix === undefined) continue;
    return {
      bin: [dirname(executable), dirname(real(executable))],
      readOnly: [...new Set([prefix, basePrefix])].flatMap(pythonFolders),
      env: {},
    };
  }
  return null;
}

/** Where the interpreter of a virtual environment lies, read from its file: an environment's own program may be anything. */
function homeOfEnvironment(environment: string): string | null {
  const text = textOnDisk(join(environment, 'pyvenv.cfg'));
  const home = text === null ? undefined : /^home\s*=\s*(.+?)\s*$/m.exec(text)?.[1];
  if (home === undefined || !isAbsolute(home) || !existsSync(home)) return null;
  return isInside(environment, real(home)) ? null : home;
}

/** Of an installation's folder only what belongs to Python: a project can name any folder to be one. */
function pythonFolders(path: string): readonly string[] {
  if (existsSync(join(path, 'pyvenv.cfg'))) return [path];
  const bin = join(path, 'bin');
  const programs = list(bin).filter(name => /^(?:python|pytest|py\.test|coverage)[\d.]*$/.test(name));
  const libraries = ['lib', 'lib64'].flatMap(folder => {
    const names = list(join(path, folder)).filter(name => /^(?:python\d|libpython)/.test(name));
    return names.map(name => join(path, folder, name));
  });
  return [...programs.map(name => join(bin, name)), ...libraries];
}

function pinnedPython(folder: string): string | null {
  const text = textOnDisk(join(folder, '.python-version'));
  return text === null ? null : (/^\s*(\d+(?:\.\d+)*)\s*$/m.exec(text)?.[1] ?? null);
}

async function findGo(search: ToolSearch, signal: AbortSignal): Promise<Toolchain | null> {
  const asked = await ask('go', ['env', '-json', 'GOROOT', 'GOMODCACHE', 'GOCACHE'], search, signal);
  const goroot = textIn(asked, 'GOROOT');
  if (goroot === null) return null;
  const modules = textIn(asked, 'GOMODCACHE');
  const hasModules = modules !== null && existsSync(modules);
  // Without what is built already, the standard library takes half a minute each time. Go does without writing to it.
  const built = textIn(asked, 'GOCACHE');
  const isBuilt = built !== null && existsSync(join(built, 'README'));
  return {
    bin: [join(goroot, 'bin')],
    readOnly: [goroot, ...(hasModules ? [modules] : []), ...(isBuilt ? [built] : [])],
    env: {
      GOROOT: goroot,
      ...(hasModules ? { GOMODCACHE: modules } : {}),
      GOPROXY: 'off',
      GOTOOLCHAIN: 'local',
      GOTELEMETRY: 'off',
      GOFLAGS: '-buildvcs=false',
      GOENV: 'off',
      // The index of modules alone insists on being written.
      ...(isBuilt ? { GOCACHE: built, GODEBUG: 'goindex=0' } : { GOCACHE: '/tmp/go-build' }),
    },
  };
}

async function findRust(search: ToolSearch, signal: AbortSignal): Promise<Toolchain | null> {
  const sysroot = await ask('rustc', ['--print', 'sysroot'], search, signal);
  if (sysroot === null || !isAbsolute(sysroot)) return null;
  const home = search.env['CARGO_HOME'] ?? join(homeFolder(), '.cargo');
  // Not all of cargo's folder: it holds tokens of registries.
  const packages = ['registry', 'git'].map(name => join(home, name)).filter(path => existsSync(path));
  return {
    bin: [join(sysroot, 'bin')],
    readOnly: [sysroot, ...packages],
    env: { CARGO_HOME: home, CARGO_NET_OFFLINE: 'true', CARGO_TERM_COLOR: 'never' },
  };
}

function findJava(search: ToolSearch): Toolchain | null {
  const path = findExecutable('javac', lookup(search)) ?? findExecutable('java', lookup(search));
  if (path === null) return null;
  const home = dirname(dirname(real(path)));
  return { bin: [join(home, 'bin')], readOnly: [home], env: { JAVA_HOME: home } };
}

/** What a program prints, run outside in a folder that holds nothing; null where it is missing or fails. */
async function ask(
  name: string,
  args: readonly string[],
  search: ToolSearch,
  signal: AbortSignal,
): Promise<string | null> {
  const file = findExecutable(name, lookup(search));
  if (file === null) return null;
  const env = {
    ...cleanEnvironment(search.env, search.folder),
    ...(search.env['PYENV_VERSION'] === undefined ? {} : { PYENV_VERSION: search.env['PYENV_VERSION'] }),
    GOTOOLCHAIN: 'local',
    RUSTUP_AUTO_INSTALL: '0',
  };
  try {
    const result = await runTool({ file, args, cwd: '/', stdin: null, timeoutMs: 10_000, env }, signal);
    return result.exit === 0 ? result.stdout.trim() : null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error) return null;
    throw error;
  }
}

function lookup({ env, folder }: ToolSearch): { readonly path: string | undefined; readonly workspace: string } {
  return { path: env['PATH'], workspace: folder };
}

function textIn(json: string | null, name: string): string | null {
  if (json === null) return null;
  try {
    const value: unknown = JSON.parse(json);
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
    return typeof found === 'string' && isAbsolute(found) ? found : null;
  } catch {
    return null;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
