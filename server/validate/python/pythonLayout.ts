import { readdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import type { StateFiles } from '../stateFiles.js';

/** A project's own sources, as they lie on disk. */
export interface PythonLayout {
  /** Folders that modules are imported from, outermost first. */
  readonly roots: readonly string[];
  /** Of every source, by absolute path, what changes when it changes. */
  readonly stamps: ReadonlyMap<string, string>;
  /** Not all was looked at: there is too much. */
  readonly isPartial: boolean;
}

const markers = ['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', 'requirements.txt'];

/** The folder that holds what describes the project of a file; the workspace, or the file's own folder, where none does. */
export function projectFolderOf(path: string, workspace: string | null, files: StateFiles): string {
  const outermost = workspace !== null && isInside(workspace, path) ? workspace : null;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (markers.some(marker => files.isFile(join(folder, marker)))) return folder;
    if (folder === outermost || folder === dirname(folder)) return outermost ?? dirname(path);
    // Outside a workspace nothing tells how far up a project could reach.
    if (outermost === null) return dirname(path);
  }
}

const mostFolders = 4000;
const mostSources = 20_000;
const mostRoots = 40;

/** Walks the project's folder; links are not followed. */
export async function readLayout(folder: string, signal: AbortSignal): Promise<PythonLayout> {
  const stamps = new Map<string, string>();
  const roots = new Set([folder]);
  let pending = [{ path: folder, isPackage: false }];
  let folders = 0;
  let isPartial = false;
  while (pending.length > 0) {
    signal.throwIfAborted();
    folders += pending.length;
    if (folders > mostFolders || stamps.size > mostSources) {
      isPartial = true;
      break;
    }
    const levels = await Promise.all(pending.map(one => readFolder(one.path)));
    const next: typeof pending = [];
    for (const [index, { sources, inner }] of levels.entries()) {
      const { path, isPackage: isInPackage } = pending[index] ?? { path: folder, isPackage: false };
      for (const [source, stamp] of sources) stamps.set(source, stamp);
      const isPackage = sources.some(([source]) => /[\\/]__init__\.pyi?$/.test(source));
      if (isPackage && !isInPackage) roots.add(dirname(path));
      next.push(...inner.map(name => ({ path: join(path, name), isPackage })));
    }
    pending = next;
  }
  const source = join(folder, 'src');
  if (existsSync(source)) roots.add(source);
  const nearest = [...roots].filter(root => isInside(folder, root)).sort((a, b) => depthOf(a) - depthOf(b));
  return { roots: nearest.slice(0, mostRoots), stamps, isPartial };
}

async function readFolder(folder: string): Promise<{ sources: readonly [string, string][]; inner: readonly string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some(entry => entry.name === 'pyvenv.cfg')) return { sources: [], inner: [] };
  const sources = entries
    .filter(entry => entry.isFile() && /\.pyi?$/.test(entry.name))
    .map(entry => join(folder, entry.name));
  const stamped = await Promise.all(sources.map(async path => [path, await stampOf(path)] as [string, string]));
  const inner = entries.filter(entry => entry.isDirectory() && !isLeftOut(entry.name)).map(entry => entry.name);
  return { sources: stamped, inner };
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`;
}

function isLeftOut(name: string): boolean {
  return name.startsWith('.') || name.endsWith('.egg-info') || leftOut.has(name);
}

const leftOut: ReadonlySet<string> = new Set([
  'node_modules',
  '__pycache__',
  'site-packages',
  '__pypackages__',
  'build',
  'dist',
]);

function depthOf(path: string): number {
  return path.split(/[\\/]/).length;
}
