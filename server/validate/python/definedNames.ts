import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { textOnDisk } from '../../base/textOnDisk.js';
import type { StateFiles } from '../stateFiles.js';

/** Members that some source defines, whatever of. */
export interface DefinedNames {
  /** By the project's own sources, or by the packages of these names, where they are installed as sources. */
  isDefined(name: string, packages: readonly string[], files: StateFiles, signal: AbortSignal): Promise<boolean>;
}

/** Reads sources when first asked, and again what has changed. */
export function createDefinedNames(
  sources: () => ReadonlyMap<string, string>,
  sitePackages: readonly string[],
): DefinedNames {
  const ofFiles = new Map<string, { readonly stamp: string; readonly names: ReadonlySet<string> }>();
  const ofPackages = new Map<string, Promise<ReadonlySet<string>>>();

  const isOwn = async (name: string, files: StateFiles, signal: AbortSignal): Promise<boolean> => {
    for (const [path, given] of files.overlay) {
      if (given?.includes(name) === true && /\.pyi?$/.test(path) && definitionsIn(given).has(name)) return true;
    }
    for (const [path, stamp] of sources()) {
      if (files.given(path) !== undefined) continue;
      let known = ofFiles.get(path);
      if (known?.stamp !== stamp) {
        signal.throwIfAborted();
        known = { stamp, names: definitionsIn(textOnDisk(path) ?? '') };
        ofFiles.set(path, known);
      }
      if (known.names.has(name)) return true;
    }
    return false;
  };

  const ofPackage = (top: string): Promise<ReadonlySet<string>> => {
    const known = ofPackages.get(top);
    if (known !== undefined) return known;
    const reading = readPackage(top, sitePackages);
    ofPackages.set(top, reading);
    return reading;
  };

  return {
    async isDefined(name, packages, files, signal) {
      if (await isOwn(name, files, signal)) return true;
      for (const top of packages) {
        signal.throwIfAborted();
        if ((await ofPackage(top)).has(name)) return true;
      }
      return false;
    },
  };
}

const mostFiles = 600;

async function readPackage(top: string, sitePackages: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const pending = sitePackages.flatMap(folder => [join(folder, top), join(folder, `${top}.py`)]);
  let files = 0;
  for (let path = pending.shift(); path !== undefined && files < mostFiles; path = pending.shift()) {
    if (/\.pyi?$/.test(path)) {
      files++;
      for (const name of definitionsIn(textOnDisk(path) ?? '')) names.add(name);
      continue;
    }
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const isOfTests = /^tests?$|^__pycache__$/.test(entry.name);
      if ((entry.isDirectory() && !isOfTests) || /\.pyi?$/.test(entry.name)) pending.push(join(path, entry.name));
    }
  }
  return names;
}

function definitionsIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const definition =
    /\b(?:def|class)\s+(\w+)|\b\w+\.(\w+)\s*(?::[^=\n]+)?=(?!=)|^[ \t]+(\w+)\s*(?::[^=\n]+)?=(?!=)|^[ \t]+(\w+)\s*:\s*[A-Z"']|\b[sg]etattr\([^,()]+,\s*["'](\w+)["']/gm;
  for (const match of text.matchAll(definition)) {
    for (const name of match.slice(1)) if (name !== undefined) names.add(name);
  }
  return names;
}
