import { createHash } from 'node:crypto';
import { fileNotJudged } from '../apart.js';
import type { Overlay } from '../stateFiles.js';
import type { Finding, Unknown } from '../validator.js';
import { checkFile } from './checkFile.js';
import { configurationOf, type Configuration } from './configuration.js';
import { createConfinedFiles, type ConfinedFiles } from './confinedFiles.js';
import { createInstalledWords } from './installedWords.js';
import { newerNodeNames } from './newerNodeNames.js';
import { createPackages, type Packages } from './packages.js';
import { createLivingProgram, type LivingProgram } from './program.js';
import { createProjectWords } from './projectWords.js';
import { readRuntimeNames } from './runtimeNames.js';

/** Judges files of one workspace, each by the configuration it belongs to. Lives in the compiler's process. */
export interface WorkspaceChecker {
  /**
   * `judged`: the texts of the files to judge; `overlay`: they and all others that stand as given, null what is not there.
   * Returns what is wrong with each of those to judge, in turn; says of each file that it is about to look at it.
   */
  check(
    judged: ReadonlyMap<string, string>,
    overlay: Overlay,
    onBusy: (path: string) => void,
  ): IterableIterator<CheckedPath>;
}

export interface CheckedPath {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly unknown: Unknown | null;
}

/** Programs are large: of parts of a workspace that were not asked about lately the program goes. */
const maxPrograms = 2;
const maxResults = 200;
const maxFileUnits = 1_500_000;

export function createWorkspaceChecker(root: string, libFolder: string): WorkspaceChecker {
  const files = createConfinedFiles(root, libFolder);
  const words = createProjectWords(files);
  const runtimeNames = new Set([...readRuntimeNames(), ...newerNodeNames]);
  let installedWords = createInstalledWords(files);
  const programs = new Map<string, LivingProgram>();
  const results = new Map<string, CheckedPath>();
  const reads = new Set<string>();
  /** Notes what configurations and manifests are made of. */
  const noting: ConfinedFiles = {
    ...files,
    readFile(path) {
      reads.add(path);
      return files.readFile(path);
    },
  };
  let configurations = new Map<string, Configuration | null>();
  let perFile = new Map<string, Configuration>();
  let packages: Packages = createPackages(noting);
  let overlay: Overlay = new Map();
  let noted = '';
  let busy: (path: string) => void = () => {};

  const stampOf = (path: string) => {
    const given = overlay.get(path);
    return given === undefined ? (files.stamp(path) ?? '') : given === null ? '' : hashOf(new Map([[path, given]]));
  };
  const stampOfReads = () => `${files.structure()}:${[...reads].map(stampOf).join(',')}`;
  /** Configurations and manifests are read again when a folder has changed or one of them has. */
  const look = () => {
    if (stampOfReads() === noted) return;
    configurations = new Map();
    perFile = new Map();
    packages = createPackages(noting);
    installedWords = createInstalledWords(files);
    results.clear();
    reads.clear();
  };
  const programFor = (key: string): LivingProgram => {
    const known =
      programs.get(key) ??
      createLivingProgram(
        files,
        () => overlay,
        libFolder,
        path => busy(path),
      );
    programs.delete(key);
    programs.set(key, known);
    for (const old of [...programs.keys()].slice(0, -maxPrograms)) programs.delete(old);
    return known;
  };
  const configurationFor = (path: string): Configuration => {
    const known = perFile.get(path);
    if (known !== undefined) return known;
    const found = configurationOf(path, noting, configurations);
    perFile.set(path, found);
    return found;
  };

  return {
    *check(given, all, onBusy) {
      overlay = all;
      busy = onBusy;
      files.begin(all);
      look();
      const state = hashOf(all);
      for (const [configuration, paths] of grouped(given, configurationFor)) {
        const living = programFor(keyOf(configuration));
        const epoch = living.look(configuration);
        const missing: string[] = [];
        for (const path of paths) {
          const known = results.get(`${epoch}:${state}:${path}`);
          if (known !== undefined) yield known;
          else if ((given.get(path) ?? '').length > maxFileUnits) yield tooLarge(path);
          else missing.push(path);
        }
        if (missing.length === 0) continue;
        const program = living.renew(configuration, missing);
        for (const path of missing) {
          onBusy(path);
          const result = {
            path,
            ...checkFile(path, { program, configuration, packages, words, installedWords, runtimeNames, files }),
          };
          results.set(`${epoch}:${state}:${path}`, result);
          for (const old of [...results.keys()].slice(0, -maxResults)) results.delete(old);
          yield result;
        }
      }
      noted = stampOfReads();
    },
  };
}

/** Files of one configuration are judged together; the compiler's options of JavaScript differ from those of the rest. */
function grouped(
  judged: ReadonlyMap<string, string>,
  configurationFor: (path: string) => Configuration,
): ReadonlyMap<Configuration, readonly string[]> {
  const byKey = new Map<string, { readonly configuration: Configuration; readonly paths: string[] }>();
  for (const path of judged.keys()) {
    const configuration = configurationFor(path);
    const key = keyOf(configuration);
    const group = byKey.get(key) ?? { configuration, paths: [] };
    group.paths.push(path);
    byKey.set(key, group);
  }
  return new Map([...byKey.values()].map(({ configuration, paths }) => [configuration, paths]));
}

function keyOf({ path, folder, options }: Configuration): string {
  return `${path ?? folder}:${options.checkJs === true ? 'script' : ''}`;
}

function tooLarge(path: string): CheckedPath {
  return { path, findings: [], unknown: fileNotJudged({ path }, 'is too large to be judged by the compiler') };
}

function hashOf(overlay: Overlay): string {
  const hash = createHash('sha1');
  for (const [path, text] of overlay)
    hash.update(`${path.length}:${path}${text?.length ?? 'none'}:`).update(text ?? '');
  return hash.digest('base64');
}
