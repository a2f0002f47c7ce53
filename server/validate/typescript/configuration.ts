import ts from 'typescript';
import { posix } from 'node:path';
import { isRecord } from '../../base/record.js';
import type { ConfinedFiles } from './confinedFiles.js';
import { jsonOf } from './jsonOf.js';
import { matchFiles } from './matchFiles.js';

/** How a part of the workspace is compiled, read as data: no plugin and no code of the workspace has a say. */
export interface Configuration {
  /** tsconfig.json or jsconfig.json, or null where nobody wrote one. */
  readonly path: string | null;
  readonly folder: string;
  readonly options: ts.CompilerOptions;
  readonly fileNames: readonly string[];
  readonly references: readonly ts.ProjectReference[];
  /** Whether JavaScript is checked because the project says so, and not because we ask. */
  readonly checksJavaScript: boolean;
}

const maxOtherFiles = 4_000;
const javaScript = /\.[cm]?jsx?$/;
const sources = ['.ts', '.tsx', '.d.ts', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
const builtFolders = [
  '**/node_modules',
  '**/dist',
  '**/build',
  '**/out',
  '**/coverage',
  '**/.*',
  '**/vendor',
  '**/*.min.js',
];

/** The configuration a file belongs to, as an editor would find it; the nearest one's options where none names it. */
export function configurationOf(
  path: string,
  files: ConfinedFiles,
  cache: Map<string, Configuration | null>,
): Configuration {
  const folders = foldersAbove(path, files.root);
  let nearest: Configuration | null = null;
  for (const folder of folders) {
    for (const candidate of candidatesIn(folder, files)) {
      const found = holder(path, candidate, files, cache, 3);
      if (found !== null) return asNeeded(found, path, cache);
      nearest ??= load(candidate, files, cache);
    }
  }
  return asNeeded(nearest ?? inferred(folders, files, cache), path, cache);
}

/** tsconfig.json first, then what stands beside it for tests or tools. */
function candidatesIn(folder: string, files: ConfinedFiles): readonly string[] {
  const names = files.entries(folder).files.filter(name => /^(?:ts|js)config(?:\.[\w.-]+)?\.json$/.test(name));
  const rank = (name: string) => (name === 'tsconfig.json' ? 0 : name === 'jsconfig.json' ? 1 : 2);
  return names
    .sort((left, right) => rank(left) - rank(right) || left.localeCompare(right))
    .map(name => posix.join(folder, name));
}

function holder(
  path: string,
  config: string,
  files: ConfinedFiles,
  cache: Map<string, Configuration | null>,
  depth: number,
): Configuration | null {
  const loaded = load(config, files, cache);
  if (loaded === null) return null;
  if (loaded.fileNames.includes(path)) return loaded;
  if (depth === 0) return null;
  for (const reference of loaded.references) {
    const found = holder(path, ts.resolveProjectReferencePath(reference), files, cache, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function load(path: string, files: ConfinedFiles, cache: Map<string, Configuration | null>): Configuration | null {
  const known = cache.get(path);
  if (known !== undefined) return known;
  // Against configurations that refer to one another.
  cache.set(path, null);
  const loaded = files.fileExists(path) ? parse(path, files) : null;
  cache.set(path, loaded);
  return loaded;
}

function parse(path: string, files: ConfinedFiles): Configuration {
  const { config } = ts.readConfigFile(path, files.readFile) as { config?: unknown };
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: !files.foldsCase,
    fileExists: files.fileExists,
    readFile: files.readFile,
    readDirectory: (folder, extensions, excludes, includes, depth) =>
      matchFiles(files, folder, extensions, excludes, includes, depth),
  };
  const folder = posix.dirname(path);
  const parsed = ts.parseJsonConfigFileContent(isRecord(config) ? config : {}, host, folder, undefined, path);
  const checksJavaScript = parsed.options.checkJs === true;
  return {
    path,
    folder,
    options: settled(parsed.options, olderDefaults(folder, files)),
    fileNames: parsed.fileNames,
    references: parsed.projectReferences ?? [],
    checksJavaScript,
  };
}

/** Where nobody wrote a configuration: whatever a bundler or Node would take, and all files as far as they are few. */
function inferred(
  folders: readonly string[],
  files: ConfinedFiles,
  cache: Map<string, Configuration | null>,
): Configuration {
  const folder = folders.find(candidate => files.fileExists(posix.join(candidate, 'package.json'))) ?? files.root;
  const key = `${folder}/`;
  const known = cache.get(key);
  if (known != null) return known;
  const fileNames = matchFiles(files, folder, sources, builtFolders, undefined, 12).slice(0, maxOtherFiles);
  const options = settled({ jsx: ts.JsxEmit.Preserve, allowJs: true, strict: false }, {});
  const made = { path: null, folder, options, fileNames, references: [], checksJavaScript: false };
  cache.set(key, made);
  return made;
}

/** JavaScript that the project does not compile is looked at all the same, by options of its own. */
function asNeeded(configuration: Configuration, path: string, cache: Map<string, Configuration | null>): Configuration {
  if (!javaScript.test(path) || configuration.checksJavaScript) return configuration;
  const key = `${configuration.path ?? configuration.folder}#script`;
  const made = cache.get(key) ?? { ...configuration, options: scriptOptions(configuration.options) };
  cache.set(key, made);
  return made;
}

function scriptOptions(given: ts.CompilerOptions): ts.CompilerOptions {
  const options: ts.CompilerOptions = {
    ...given,
    allowJs: true,
    checkJs: true,
    strict: false,
    noImplicitAny: false,
    noImplicitThis: false,
    strictNullChecks: false,
    maxNodeModuleJsDepth: 0,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    // What a script runs on is not known: the newest of everything is.
    target: ts.ScriptTarget.ESNext,
  };
  delete options.lib;
  return options;
}

/** What plays no part in judging is off, and what would hide types is on. */
function settled(options: ts.CompilerOptions, defaults: ts.CompilerOptions): ts.CompilerOptions {
  const result: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    ...defaults,
    ...options,
    noEmit: true,
    skipLibCheck: true,
    skipDefaultLibCheck: true,
    composite: false,
    incremental: false,
    declaration: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    types: options.types ?? ['*'],
    ignoreDeprecations: '6.0',
  };
  if (options.moduleResolution === undefined && options.module !== undefined) delete result.moduleResolution;
  for (const name of [
    'plugins',
    'tsBuildInfoFile',
    'outFile',
    'outDir',
    'declarationDir',
    'declarationMap',
    'isolatedDeclarations',
    'emitDeclarationOnly',
    'sourceMap',
    'inlineSourceMap',
    'rootDir',
  ]) {
    delete result[name];
  }
  return result;
}

/** Defaults became stricter with 6.0; a project that is written for an older compiler means the older ones. */
function olderDefaults(folder: string, files: ConfinedFiles): ts.CompilerOptions {
  for (const parent of foldersAbove(posix.join(folder, 'x'), files.root)) {
    const installed = jsonOf(files.readFile(posix.join(parent, 'node_modules/typescript/package.json')));
    const own = jsonOf(files.readFile(posix.join(parent, 'package.json')));
    const version = isRecord(installed) ? installed['version'] : declaredVersion(own);
    if (typeof version !== 'string') continue;
    const major = Number(/\d+/.exec(version)?.[0] ?? 0);
    if (major >= 6) return {};
    break;
  }
  return { strict: false, noUncheckedSideEffectImports: false };
}

function declaredVersion(manifest: unknown): unknown {
  if (!isRecord(manifest)) return null;
  for (const key of ['devDependencies', 'dependencies', 'peerDependencies']) {
    const declared = manifest[key];
    if (isRecord(declared) && typeof declared['typescript'] === 'string') return declared['typescript'];
  }
  return null;
}

/** From the file's own folder up to the workspace's. */
export function foldersAbove(path: string, root: string): readonly string[] {
  const folders: string[] = [];
  for (
    let folder = posix.dirname(path);
    folder === root || folder.startsWith(`${root}/`);
    folder = posix.dirname(folder)
  ) {
    folders.push(folder);
    if (folder === root) break;
  }
  return folders;
}
