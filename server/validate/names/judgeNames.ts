import { dirname, join } from 'node:path';
import { cargoSources, goModuleCache, mavenRepository } from '../../../index/packages/packageRoots.js';
import { createGoNames } from '../go/judgeGo.js';
import { createJavaNames } from '../java/judgeJava.js';
import { createRustNames } from '../rust/judgeRust.js';
import { fileNotJudged, isTooDeep, joinUnknown } from '../apart.js';
import type { Overlay } from '../stateFiles.js';
import type { Examined, Finding, SourceFile, Unknown } from '../validator.js';
import { createDisk, type Disk } from './diskFolder.js';
import { goRoot, javaHome, rustLibrary, type Machine } from './installed.js';
import type { LanguageNames, LanguageNamesOptions } from './languageNames.js';
import type { Parse } from './parseTexts.js';

/** The languages whose names are judged by syntax trees and what is installed. */
export const judgedLanguages: readonly string[] = ['go', 'java', 'rust'];

export interface NamesJudge {
  examine(files: readonly SourceFile[], overlay?: Overlay): Examined;
}

const libraries = [
  { id: 'go', name: "Go's library", remedy: 'Install Go, or put it on the PATH.' },
  { id: 'java', name: "Java's library", remedy: 'Install a JDK that has a folder jmods, or set JAVA_HOME to one.' },
  { id: 'rust', name: "The source of Rust's library", remedy: 'Install it with rustup component add rust-src.' },
] as const;

/** Judges the files of one workspace; keeps what it has read of packages. Nothing of the workspace is run. */
export function createNamesJudge(folder: string | null, machine: Machine, parse: Parse): NamesJudge {
  const roots = { go: goRoot(machine, folder), java: javaHome(machine, folder), rust: rustLibrary(machine) };
  const installed = [roots.go, roots.java, roots.rust].filter(root => root !== null);
  const lasting = [
    ...installed,
    goModuleCache(machine),
    cargoSources(machine),
    mavenRepository(machine),
    join(machine.home, '.gradle', 'caches'),
  ];
  const disks = new Map<string, Disk>();
  const languages = new Map<string, LanguageNames>();

  return {
    examine(files, overlay = new Map()) {
      const findings: Finding[] = [];
      const unknown: Unknown[] = [];
      for (const disk of disks.values()) disk.refresh(overlay);
      for (const file of files) {
        const found = judgeFile(file, files, overlay);
        if (typeof found === 'string') unknown.push(fileNotJudged(file, found));
        else findings.push(...found);
      }
      const lacks = [lacking(files), judgedInPart(files, overlay)].filter(lack => lack !== null);
      return { findings, unknown: joinUnknown([...lacks, ...unknown]) };
    },
  };

  /** What is wrong, or why nobody can tell: the end of a sentence that begins with the file. */
  function judgeFile(file: SourceFile, all: readonly SourceFile[], overlay: Overlay): readonly Finding[] | string {
    try {
      return namesOf(file, overlay)?.judge(file, all) ?? 'cannot be read as it stands';
    } catch (error) {
      if (!isTooDeep(error)) throw error;
      return 'is nested too deeply for its names to be judged';
    }
  }

  /** Without a language's own library the names and members that come from it cannot be told from inventions. */
  function lacking(files: readonly SourceFile[]): Unknown | null {
    const { name, remedy } = libraries.find(
      ({ id }) => roots[id] === null && files.some(({ languageId }) => languageId === id),
    ) ?? { name: null, remedy: null };
    if (name === null) return null;
    const missing = `${name} is not on this machine.`;
    return { why: `${missing} What comes from it could not be judged.`, remedy, missing };
  }

  function judgedInPart(files: readonly SourceFile[], overlay: Overlay): Unknown | null {
    if (!files.some(file => namesOf(file, overlay)?.isJudgedInPart?.(file.path) === true)) return null;
    return {
      why: 'Not all that the build needs is on this machine: types and members that may come from there could not be judged.',
      remedy: 'Build the project once, or let its build tool fetch what it depends on.',
      missing: null,
    };
  }

  function namesOf({ path, languageId }: SourceFile, overlay: Overlay): LanguageNames | null {
    // Without a workspace, a file sees its own folder.
    const own = folder ?? dirname(path);
    const key = `${languageId}\0${own}`;
    const known = languages.get(key);
    if (known !== undefined) return known;
    const disk = disks.get(own) ?? createDisk([own], lasting);
    if (!disks.has(own)) disk.refresh(overlay);
    disks.set(own, disk);
    const made = makeNames(languageId, { parse, disk, machine, workspace: own });
    if (made !== null) languages.set(key, made);
    return made;
  }

  function makeNames(languageId: string, options: LanguageNamesOptions): LanguageNames | null {
    switch (languageId) {
      case 'go':
        return createGoNames({ ...options, goRoot: roots.go });
      case 'java':
        return createJavaNames({ ...options, javaHome: roots.java });
      case 'rust':
        return createRustNames({ ...options, library: roots.rust });
      default:
        return null;
    }
  }
}
