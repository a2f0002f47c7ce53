import { basename, dirname, join, sep } from 'node:path';
import { nearestName } from '../../config/nearestName.js';
import type { StateFiles } from '../stateFiles.js';
import type { Severity, SourceFile } from '../validator.js';
import type { Declarations } from './declaredPackages.js';
import { importErrors, mayFail } from './guards.js';
import { isWellKnown } from './knownPackages.js';
import { isTest } from './pythonFile.js';
import { standardLibrary } from './standardLibrary.js';

/** What is known of the modules that a file could import. */
export interface ImportSurroundings {
  /** Names of files and folders of the project that hold Python, without endings. */
  readonly ownNames: ReadonlySet<string>;
  /** What is installed; null where no environment was found. */
  readonly installed: ReadonlySet<string> | null;
  readonly declarations: Declarations;
  /** Folders that modules are imported from, those of what is installed among them. */
  readonly folders: readonly string[];
  /** Files that are judged together: what is not on disk yet is there all the same. */
  readonly judged: readonly string[];
  readonly files: StateFiles;
}

export interface ImportVerdict {
  readonly rule: 'names/unknown-module' | 'names/unknown-package';
  readonly severity: Severity;
  readonly message: string;
}

/** What to say of a module that cannot be found, as it stands in the code (`a.b`, `.c`); null where it may well be there. */
export function judgeImport(
  name: string,
  offset: number,
  file: SourceFile,
  surroundings: ImportSurroundings,
): ImportVerdict | null {
  if (mayFail(file.text, offset, importErrors) || isGenerated(name)) return null;
  if (isJudged(name, file, surroundings.judged)) return null;
  if (name.startsWith('.')) return judgeRelative(name, file, surroundings.files);
  const top = name.split('.')[0] ?? name;
  const { ownNames, installed, declarations } = surroundings;
  if (standardLibrary.has(top)) return judgePart(name, top, unstubbed.has(top));
  const isDeclared = declarations.names.has(top.toLowerCase());
  // A module deep inside may be called as a package is that it needs.
  if (ownNames.has(top) && !(isDeclared && !isAtRoot(top, surroundings))) return judgePart(name, top, false);
  if (installed?.has(top) === true) return judgePart(name, top, true);
  // What is declared is there on other machines.
  if (isDeclared || installed?.has(top.toLowerCase()) === true) return null;
  const severity = severityOf(top, offset, file, surroundings);
  if (severity === null) return null;
  const near = isWellKnown(top) ? null : nearest(top, surroundings);
  const suggestion = near === null ? '' : ` Did you mean ${near}?`;
  return {
    rule: 'names/unknown-package',
    severity,
    message: `${top} is neither declared nor installed, nor part of Python.${suggestion}`,
  };
}

/**
 * Invented for certain only where the project says what it needs, and the module runs in any case. What everybody knows
 * exists; that tests and branches that seldom run need it undeclared is the project's own affair.
 */
function severityOf(
  top: string,
  offset: number,
  file: SourceFile,
  { declarations }: ImportSurroundings,
): Severity | null {
  const line = file.text.slice(file.text.lastIndexOf('\n', offset - 1) + 1, offset);
  const isBeside = /^\s/.test(line) || isTest(file) || isAside(file);
  if (isWellKnown(top)) return isBeside ? null : 'medium';
  return isBeside || !declarations.isDeclared ? 'medium' : 'high';
}

/** Nobody declares what documentation and scripts need. */
function isAside({ path }: SourceFile): boolean {
  return (
    /^(?:setup|noxfile|fabfile|conf|tasks|dodo)\.py$/.test(basename(path)) ||
    path
      .split(sep)
      .slice(-6, -1)
      .some(folder =>
        /^(?:docs?|examples?|scripts?|tools?|bench(?:marks?)?|\.github|samples?|notebooks?|ci|contrib)$/.test(folder),
      )
  );
}

function isAtRoot(top: string, { folders, files }: ImportSurroundings): boolean {
  return folders.some(folder => files.exists(join(folder, top)) || files.isFile(join(folder, `${top}.py`)));
}

function judgePart(name: string, top: string, isLoose: boolean): ImportVerdict | null {
  if (isLoose || name === top) return null;
  return { rule: 'names/unknown-module', severity: 'high', message: `There is no module ${name}.` };
}

function judgeRelative(name: string, file: SourceFile, files: StateFiles): ImportVerdict | null {
  const dots = /^\.+/.exec(name)?.[0].length ?? 1;
  let folder = dirname(file.path);
  for (let level = 1; level < dots; level++) folder = dirname(folder);
  const parts = name
    .slice(dots)
    .split('.')
    .filter(part => part !== '');
  const place = join(folder, ...parts);
  // What is compiled, or made when the project is built.
  const sources = ['.pyx', '.pxd', '.c', '.cc', '.cpp', '.rs', '.so', '.pyd', '.f90', '.in', '.tmpl', '.proto', '.g4'];
  if (sources.some(ending => files.exists(`${place}${ending}`)) || (parts.at(-1) ?? '').startsWith('_')) return null;
  return { rule: 'names/unknown-module', severity: 'high', message: `There is no module ${name} beside this file.` };
}

/** Whether one of the files judged is that module. */
function isJudged(name: string, file: SourceFile, judged: readonly string[]): boolean {
  const way = name.replace(/^\.+/, '').split('.').join(sep);
  const ends = way === '' ? [] : [`${sep}${way}.py`, `${sep}${way}.pyi`, `${sep}${way}${sep}__init__.py`];
  return judged.some(
    path =>
      path !== file.path &&
      (ends.some(end => path.endsWith(end)) || (way !== '' && path.includes(`${sep}${way}${sep}`))),
  );
}

/** Modules that a build writes. */
function isGenerated(name: string): boolean {
  return /(?:^|\.)(?:_?_?version_?_?|_version_info|\w+_pb2(?:_grpc)?|\w+_rc|ui_\w+|\w+_ui|_build\w*|\w*_?generated|local_settings|settings_local)$/.test(
    name,
  );
}

/** Parts of the standard library that pyright has no declarations of. */
const unstubbed: ReadonlySet<string> = new Set([
  'test',
  'idlelib',
  'turtledemo',
  'distutils',
  'lib2to3',
  'encodings',
  'asyncio',
  'ctypes',
  'xml',
  'venv',
  'msilib',
]);

/** Only among what is there: nobody is told to install what a model may have made up. */
function nearest(top: string, { ownNames, installed, declarations }: ImportSurroundings): string | null {
  const near = nearestName(top, [
    ...new Set([...standardLibrary, ...ownNames, ...(installed ?? []), ...declarations.names]),
  ]);
  if (near === null || near.startsWith('_') || near.toLowerCase() === top.toLowerCase()) return null;
  // Of short names every other is near.
  return top.length > 7 || isOneSlip(top.toLowerCase(), near.toLowerCase()) ? near : null;
}

/** One letter more, less or other, or two that changed places. */
function isOneSlip(left: string, right: string): boolean {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const [a, b] = [left.slice(at), right.slice(at)];
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a.charAt(0) === b.charAt(1) && a.charAt(1) === b.charAt(0) && a.slice(2) === b.slice(2))
  );
}
