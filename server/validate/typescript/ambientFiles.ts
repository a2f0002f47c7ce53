import type { Configuration } from './configuration.js';
import type { ConfinedFiles } from './confinedFiles.js';

/** Files that are looked at again for a change of their kind only after so long. */
const lookAgainMs = 5_000;
const maxGlobalScripts = 400;

/**
 * Which files of a project give names to all others: declarations, scripts that are no modules, and `declare global`. They
 * belong to every program, whatever is judged; all else is found by its imports, and costs no memory where nobody imports it.
 */
export function createAmbientFiles(files: ConfinedFiles): (configuration: Configuration) => readonly string[] {
  const known = new Map<string, { readonly stamp: string | null; readonly gives: boolean }>();
  const lists = new WeakMap<Configuration, { readonly paths: readonly string[]; readonly atMs: number }>();

  const gives = (path: string): boolean => {
    const stamp = files.stamp(path);
    const old = known.get(path);
    if (old !== undefined && old.stamp === stamp) return old.gives;
    const result = givesGlobals(path, files.readFile(path) ?? '');
    known.set(path, { stamp, gives: result });
    return result;
  };

  return configuration => {
    const list = lists.get(configuration);
    if (list !== undefined && Date.now() - list.atMs < lookAgainMs) return list.paths;
    const paths = configuration.fileNames.filter(gives);
    const declarations = paths.filter(isDeclaration);
    const scripts = paths.filter(path => !isDeclaration(path)).slice(0, maxGlobalScripts);
    const chosen = [...declarations, ...scripts];
    lists.set(configuration, { paths: chosen, atMs: Date.now() });
    return chosen;
  };
}

function isDeclaration(path: string): boolean {
  return /\.d\.(?:[^/]+\.)?[cm]?ts$/.test(path);
}

function givesGlobals(path: string, text: string): boolean {
  if (path.endsWith('.json')) return false;
  if (isDeclaration(path)) return true;
  if (/\bdeclare\s+(?:global|module)\b/.test(text)) return true;
  if (/^\s*(?:import|export)\b/m.test(text) || /\bimport\.meta\b/.test(text)) return false;
  return !(/\.[cm]?jsx?$/.test(path) && /\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/.test(text));
}
