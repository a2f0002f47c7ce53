import { basename, dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { importedPackages, type ImportedPackage } from '../licences/importedPackages.js';
import { readDeclarations } from '../python/declaredPackages.js';
import { importErrors, mayFail } from '../python/guards.js';
import { isTest } from '../python/pythonFile.js';
import { standardLibrary } from '../python/standardLibrary.js';
import { stateFiles, type StateFiles } from '../stateFiles.js';
import { nothingWrong, type Finding, type SourceFile, type Validator } from '../validator.js';
import { npmDependencies } from './packagesTaken.js';

const accepted = /\.(?:[cm]?[jt]s|[jt]sx|py)$/;

/**
 * Imports of packages that a change takes out of the manifest, whether they are still installed here or not. Go, Java and Rust know
 * by their manifests alone what may be imported: others say so.
 */
export function createPackagesValidator(): Validator {
  return {
    id: 'packages',
    judges: 'JavaScript, TypeScript and Python: imports of packages that a change declares no more',
    reach: 'edit',
    needsTrust: false,
    looksAround: true,
    accepts: ({ path }) => accepted.test(path),
    async examine(files, { folder, overlay, packagesTaken = [] }) {
      if (folder === null || packagesTaken.length === 0) return nothingWrong;
      const state = stateFiles(overlay);
      const findings: Finding[] = [];
      for (const file of files) {
        for (const imported of importedPackages(file.text, file.path.endsWith('.py') ? 'python' : 'typescript')) {
          const isTaken = packagesTaken.some(
            taken =>
              taken.ecosystem === imported.ecosystem &&
              isInside(taken.folder, file.path) &&
              taken.names.includes(nameOf(imported)),
          );
          if (isTaken && !(await isThereStill(imported, file, folder, state))) findings.push(findingOf(imported, file));
        }
      }
      return { findings, unknown: null };
    },
  };
}

function nameOf({ ecosystem, name }: ImportedPackage): string {
  return ecosystem === 'python' ? name.toLowerCase() : name;
}

async function isThereStill(
  { ecosystem, name, start }: ImportedPackage,
  file: SourceFile,
  folder: string,
  state: StateFiles,
): Promise<boolean> {
  const folders = foldersUp(file.path, folder);
  if (ecosystem === 'python') {
    if (standardLibrary.has(name) || mayFail(file.text, start, importErrors)) return true;
    const own = folders.flatMap(at => [at, join(at, 'src')]).map(at => join(at, name));
    if (own.some(path => state.exists(path) || state.isFile(`${path}.py`))) return true;
    // A lock that the change has not renewed tells of what was.
    const isCounted = (path: string): boolean => !path.endsWith('.lock') || state.given(path) !== undefined;
    return (await readDeclarations(folders, state, isCounted)).names.has(name.toLowerCase());
  }
  if (/\btry\s*\{[^}]*$/.test(file.text.slice(Math.max(0, start - 400), start))) return true;
  return folders.some(at => {
    const manifest = state.read(join(at, 'package.json')) ?? '';
    if (npmDependencies(manifest).includes(name) || manifest.includes(`"name": "${name}"`)) return true;
    // A path of the configuration may take its place.
    return (state.read(join(at, 'tsconfig.json')) ?? '').includes(`"${name}`);
  });
}

function foldersUp(path: string, folder: string): readonly string[] {
  const folders: string[] = [];
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    folders.push(at);
    if (at === dirname(at)) break;
  }
  return folders;
}

function findingOf({ name, start, end }: ImportedPackage, file: SourceFile): Finding {
  return {
    rule: 'names/unknown-package',
    // What tests need is often brought along by what runs them.
    severity: isTest(file) || /\.(?:test|spec)\.\w+$/.test(basename(file.path)) ? 'medium' : 'high',
    path: file.path,
    start,
    end,
    message: `No manifest of this project declares ${name} any more, and it is still imported here.`,
    fix: null,
  };
}
