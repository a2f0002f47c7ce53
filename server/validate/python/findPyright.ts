import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInside } from '../../base/paths.js';
import { findExecutable } from '../../trust/executable.js';

export interface PyrightPlace {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
}

export interface PyrightSearch {
  /** The value of PATH. */
  readonly path: string | undefined;
  /** A file of our own package, which may have it beside itself; null: not looked for there. */
  readonly own: URL | null;
  readonly workspace: string | null;
  /** Whether one that lies in the workspace may be run. */
  readonly isTrusted: boolean;
}

/**
 * The language server of pyright, or of basedpyright: of a trusted workspace itself, on PATH outside the workspace, or beside
 * our own package. Null where there is none.
 */
export function findPyright({ path, own, workspace, isTrusted }: PyrightSearch): PyrightPlace | null {
  if (workspace !== null && isTrusted) {
    const found = inWorkspace(workspace);
    if (found !== null) return found;
  }
  for (const name of programs) {
    const found = findExecutable(name, { path, workspace });
    if (found !== null) return withNode(found);
  }
  const beside = own === null ? null : inNodeModulesAbove(dirname(fileURLToPath(own)));
  return beside === null || isOf(workspace, beside) ? null : withNode(beside);
}

const programs = ['pyright-langserver', 'basedpyright-langserver'];
const scripts = [join('pyright', 'langserver.index.js'), join('basedpyright', 'langserver.index.js')];

function inWorkspace(workspace: string): PyrightPlace | null {
  const candidates = [
    ...programs.flatMap(name =>
      environmentsIn(workspace).flatMap(folder => [join(folder, 'bin', name), join(folder, 'Scripts', `${name}.exe`)]),
    ),
    ...scripts.map(script => join(workspace, 'node_modules', script)),
  ];
  const found = candidates.find(candidate => existsSync(candidate));
  return found === undefined ? null : withNode(found);
}

function environmentsIn(workspace: string): readonly string[] {
  try {
    return readdirSync(workspace)
      .map(name => join(workspace, name))
      .filter(folder => existsSync(join(folder, 'pyvenv.cfg')));
  } catch {
    return [];
  }
}

function inNodeModulesAbove(folder: string): string | null {
  for (const script of scripts) {
    const candidate = join(folder, 'node_modules', script);
    if (existsSync(candidate)) return candidate;
  }
  const parent = dirname(folder);
  return parent === folder ? null : inNodeModulesAbove(parent);
}

/** What npm installs is a script for node, which need not be on PATH: the node that runs us will do. */
function withNode(file: string): PyrightPlace {
  const real = realpathSync(file);
  return /\.[cm]?js$/.test(real)
    ? { file: process.execPath, args: ['--max-old-space-size=3072', real, '--stdio'] }
    : { file, args: ['--stdio'] };
}

function isOf(workspace: string | null, file: string): boolean {
  if (workspace === null) return false;
  try {
    return isInside(realpathSync(workspace), realpathSync(file)) || isInside(workspace, file);
  } catch {
    return true;
  }
}
