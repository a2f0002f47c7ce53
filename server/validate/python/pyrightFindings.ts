import { dirname, join, sep } from 'node:path';
import type { StateFiles } from '../stateFiles.js';
import type { Finding, Severity, SourceFile } from '../validator.js';
import { mayFail, nameErrors } from './guards.js';
import { makesNames } from './pythonFile.js';
import type { ProjectAnswer } from './pythonProject.js';
import type { PyrightDiagnostic } from './pyrightSession.js';
import { unknownName } from './ruffNames.js';
import { partsOfStandardLibrary } from './standardLibrary.js';
import { judgeImport, type ImportSurroundings } from './unknownImport.js';

/** What of pyright's diagnostics is a finding. What may be None, unbound or private is a checker's own business. */
export async function pyrightFinding(
  file: SourceFile,
  diagnostic: PyrightDiagnostic,
  { surroundings, defined }: Pick<ProjectAnswer, 'surroundings' | 'defined'>,
  signal: AbortSignal,
): Promise<Finding | null> {
  const { start, end } = diagnostic;
  const verdict = judge(file, diagnostic, surroundings);
  if (verdict === null) return null;
  const { mayBeElsewhere, ...said } = verdict;
  // Something has such a member: the name is not invented. Who has it is what checkers are often wrong about, as classes are
  // mixed, patched and handed about under the names of their parents.
  if (mayBeElsewhere === true && (await defined.isDefined(file.text.slice(start, end), packagesOf(file), signal)))
    return null;
  return { ...said, path: file.path, start, end, fix: null };
}

/** The first names of what a file imports. */
function packagesOf({ text }: SourceFile): readonly string[] {
  return [...new Set([...text.matchAll(/^\s*(?:from|import)\s+([A-Za-z_]\w*)/gm)].map(match => match[1] ?? ''))];
}

interface Verdict {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** That it counts for nothing where something else has such a member or parameter. */
  readonly mayBeElsewhere?: boolean;
}

function judge(file: SourceFile, diagnostic: PyrightDiagnostic, surroundings: ImportSurroundings): Verdict | null {
  const { rule, start, end, message } = diagnostic;
  const marked = file.text.slice(start, end);
  switch (rule) {
    case 'reportMissingImports':
      return judgeImport(marked.replace(/\s+/g, ''), start, file, surroundings);
    case 'reportUndefinedVariable':
      return isUncertain(file, marked, start)
        ? null
        : { rule: 'names/unknown-name', severity: 'high', message: unknownName(marked) };
    case 'reportAttributeAccessIssue':
      return isUncertain(file, marked, start) ? null : judgeMember(file, marked, diagnostic, surroundings);
    case 'reportCallIssue': {
      const parameter = /^No parameter named "([^"]+)"/.exec(message)?.[1];
      if (parameter === undefined) return null;
      return {
        rule: 'names/unknown-parameter',
        // What a class takes may be made when it runs: models that allow more fields than they name.
        severity: callsClass(file.text, start) ? 'medium' : 'high',
        message: `There is no parameter ${parameter} in what is called here.`,
        mayBeElsewhere: true,
      };
    }
    default:
      return null;
  }
}

/** Whether the call around a place is of something that is called like a class. */
function callsClass(text: string, offset: number): boolean {
  let depth = 0;
  for (let at = offset - 1; at >= Math.max(0, offset - 2_000); at--) {
    const unit = text[at] ?? '';
    if (')]}'.includes(unit)) depth++;
    else if ('([{'.includes(unit) && depth-- === 0) {
      return /(?:^|[^\w])_*\p{Lu}\w*(?:\[[^\]]*\])?\s*$/u.test(text.slice(Math.max(0, at - 120), at));
    }
  }
  return false;
}

function judgeMember(
  file: SourceFile,
  name: string,
  { message, start }: PyrightDiagnostic,
  { folders, ownNames, files }: ImportSurroundings,
): Verdict | null {
  if (/^"[^"]*" is unknown import symbol/.test(message)) {
    const from = moduleOfImport(file.text, start);
    if (isModuleOfState(from, name, file.path, folders, files)) return null;
    if (isBareFolder(from, folders, files) || holdsModule(from, name, folders, files)) return null;
    // Declarations of others leave out what is private.
    const isOwn = from.startsWith('.') || ownNames.has(from.split('.')[0] ?? '');
    if (!isOwn && [...from.split('.'), name].some(part => part.startsWith('_'))) return null;
    return { rule: 'names/unknown-export', severity: 'high', message: `${from} has no ${name} to import.` };
  }
  if (/^"[^"]*" is not a known attribute of module/.test(message)) {
    const module = /([\w.]+)\s*\.\s*$/.exec(file.text.slice(Math.max(0, start - 200), start))?.[1] ?? 'The module';
    if (name.startsWith('_') || holdsModule(meantBy(module, file.text), name, folders, files)) return null;
    return { rule: 'names/unknown-member', severity: 'high', message: `${module} has no member ${name}.` };
  }
  const type = /^Cannot access attribute "[^"]*" for class "(.*)"/.exec(message)?.[1];
  if (type === undefined || !/Attribute "[^"]*" is unknown/.test(message)) return null;
  const receiver = file.text.slice(Math.max(0, start - 60), start);
  // What is private is seldom declared, and often there all the same.
  if (isCallableType(type) || (name.startsWith('_') && !/(?:\bself|\bcls|\bsuper\(\))\s*\.\s*$/.test(receiver)))
    return null;
  return {
    rule: 'names/unknown-member',
    severity: 'high',
    message: `${type.replace(/\*$/, '')} has no member ${name}.`,
    mayBeElsewhere: true,
  };
}

/** Functions are given members at will. */
function isCallableType(type: string): boolean {
  return /^(?:FunctionType|MethodType|_Wrapped|_lru_cache_wrapper|function|CoroutineType)\b|->/.test(type);
}

function isUncertain(file: SourceFile, name: string, start: number): boolean {
  return (
    makesNames(file.text) ||
    mayFail(file.text, start, nameErrors) ||
    new RegExp(`(?:has|get|set|del)attr\\([^()]*["']${name}["']`).test(file.text)
  );
}

function moduleOfImport(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - 4000), offset);
  return [...before.matchAll(/\bfrom\s+([.\w]+)\s+import\b/g)].at(-1)?.[1] ?? 'The module';
}

/** A folder of some other use may be called as a package that is not installed, or hold a part of one. */
function isBareFolder(module: string, folders: readonly string[], files: StateFiles): boolean {
  if (module.startsWith('.')) return false;
  const way = join(...module.split('.'));
  const ends = ['.py', '.pyi', join(sep, '__init__.py'), join(sep, '__init__.pyi')];
  const isHeld = (folder: string): boolean => ends.some(end => files.isFile(join(folder, `${way}${end}`)));
  return folders.some(folder => files.exists(join(folder, way))) && !folders.some(isHeld);
}

/**
 * Whether a package has a module of that name, compiled, or to be imported before it is a member, which some other file does;
 * or whether the text of the module knows the name, which it may then make while it runs.
 */
function holdsModule(module: string, name: string, folders: readonly string[], files: StateFiles): boolean {
  if (module.startsWith('.')) return false;
  if (partsOfStandardLibrary.has(`${module}.${name}`)) return true;
  const way = join(...module.split('.'));
  return folders.some(
    folder =>
      files.list(join(folder, way)).some(entry => entry === name || entry.startsWith(`${name}.`)) ||
      [`${way}.py`, join(way, '__init__.py')].some(file => hasWord(files.read(join(folder, file)), name)),
  );
}

/** What is not on disk yet pyright does not find in a folder. */
function isModuleOfState(
  from: string,
  name: string,
  path: string,
  folders: readonly string[],
  files: StateFiles,
): boolean {
  const dots = /^\.*/.exec(from)?.[0].length ?? 0;
  const parts = from.slice(dots).split('.');
  let base = dirname(path);
  for (let level = 1; level < dots; level++) base = dirname(base);
  return (dots > 0 ? [base] : folders).some(folder => {
    const place = join(folder, ...parts, name);
    return [`${place}.py`, `${place}.pyi`, join(place, '__init__.py')].some(each => files.given(each) != null);
  });
}

function hasWord(text: string | null, name: string): boolean {
  return text !== null && new RegExp(`\\b${name}\\b`).test(text);
}

/** The module that a file calls so. */
function meantBy(name: string, text: string): string {
  const [first = name, ...rest] = name.split('.');
  const renamed = new RegExp(`^\\s*import\\s+([\\w.]+)\\s+as\\s+${first}\\b`, 'm').exec(text)?.[1];
  return [renamed ?? first, ...rest].join('.');
}
