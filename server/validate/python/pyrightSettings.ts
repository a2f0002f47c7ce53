import { basename, dirname, join } from 'node:path';
import type { PythonEnvironment } from './pythonEnvironment.js';

export interface PyrightProject {
  /** Folders that modules are imported from. */
  readonly roots: readonly string[];
  readonly environment: PythonEnvironment | null;
  /** `3.12`. */
  readonly version: string;
  /** Absolute; asked where packages lie. Null: no interpreter is run. */
  readonly interpreter: string | null;
}

/**
 * What stands in the only configuration that pyright gets to see, in a folder of ours: nothing that a workspace says
 * decides what is checked, and nothing in it is run. The packages of an environment are read where they lie.
 */
export function pyrightConfiguration({ roots, environment, version, interpreter }: PyrightProject): object {
  const isRead = interpreter === null && environment !== null;
  return {
    include: ['.'],
    extraPaths: isRead ? [...roots, ...outsideVenv(environment)] : roots,
    ...(isRead ? { venvPath: dirname(environment.prefix), venv: basename(environment.prefix) } : {}),
    pythonVersion: version,
    // What one system lacks another has.
    pythonPlatform: 'All',
    typeCheckingMode: 'off',
    useLibraryCodeForTypes: true,
    strictParameterNoneValue: false,
    ...rules,
  };
}

/** Pyright reads the packages of an environment as a virtual one's; Debian's lie elsewhere. */
function outsideVenv({ sitePackages }: PythonEnvironment): readonly string[] {
  return sitePackages.filter(folder => /[\\/]dist-packages$/.test(folder));
}

const rules = {
  reportMissingImports: 'error',
  reportAttributeAccessIssue: 'error',
  reportUndefinedVariable: 'error',
  reportCallIssue: 'error',
  reportArgumentType: 'error',
} as const;

/**
 * Answers pyright's questions for settings. Without an interpreter it would look for one itself, on PATH and in what the
 * workspace names: a path where nothing lies keeps it from that.
 */
export function pyrightSettings(interpreter: string | null, ownFolder: string): (section: string) => unknown {
  const sections: Readonly<Record<string, unknown>> = {
    python: { pythonPath: interpreter ?? join(ownFolder, 'no-python') },
    'python.analysis': analysis,
    'basedpyright.analysis': analysis,
    pyright: { disableTaggedHints: true },
  };
  return section => sections[section] ?? {};
}

const analysis = {
  autoSearchPaths: false,
  diagnosticMode: 'openFilesOnly',
  useLibraryCodeForTypes: true,
  logLevel: 'Error',
};
