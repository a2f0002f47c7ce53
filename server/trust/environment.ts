import { safePath } from './executable.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a tool gets of our environment: where it is, who runs it, its language and where toolchains keep their things.
 * No keys, tokens, proxies, nor options of compilers and interpreters. With `workspace`, its folders are taken out of PATH.
 */
export function cleanEnvironment(env: Environment, workspace: string | null = null): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && isHarmless(name)) kept[name] = value;
  }
  for (const name of Object.keys(kept))
    if (name.toUpperCase() === 'PATH') kept[name] = safePath({ path: kept[name], workspace });
  return kept;
}

/** A list of what may pass: what is not known may hold a secret, or an option that runs something. */
function isHarmless(name: string): boolean {
  return process.platform === 'win32'
    ? windowsNames.has(name.toUpperCase())
    : names.has(name) || /^LC_[A-Z]+$/.test(name);
}

const names: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
  'GOROOT',
  'GOPATH',
  'GOCACHE',
  'GOMODCACHE',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'RUSTUP_TOOLCHAIN',
  'JAVA_HOME',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'PYENV_ROOT',
  'DEVELOPER_DIR',
  'SDKROOT',
]);

const windowsNames: ReadonlySet<string> = new Set([
  ...names,
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'NUMBER_OF_PROCESSORS',
  'OS',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'PROGRAMW6432',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
]);
