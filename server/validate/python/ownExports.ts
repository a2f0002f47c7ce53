import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { maskCode } from '../../../grammars/maskCode.js';
import { languageOf } from '../../../grammars/registry.js';
import { isInside, isReallyInside } from '../../base/paths.js';
import { stateFiles, type StateFiles } from '../stateFiles.js';
import type { Finding, SourceFile, Workplace } from '../validator.js';
import { readDeclarations } from './declaredPackages.js';
import { importErrors, mayFail, nameErrors } from './guards.js';
import { isWellKnown } from './knownPackages.js';
import { makesNames } from './pythonFile.js';
import type { Ruff } from './ruffClient.js';
import { standardLibrary } from './standardLibrary.js';

/** A name that a file takes from a module, as `from module import name` or as `module.name`. */
interface Taken {
  readonly module: string;
  /** Where the module is named, if this is an import. */
  readonly moduleStart: number;
  readonly name: string;
  readonly start: number;
  readonly how: 'imported' | 'member';
  /** As the module is called in this file. */
  readonly called: string;
}

interface OwnModule {
  readonly path: string;
  readonly text: string;
}

const maxUnits = 500_000;

/** Remembers what was asked of a module, as a change is judged twice and its imports seldom change. */
export type ExportsMemory = Map<string, { readonly text: string; readonly missing: Map<string, boolean> }>;

/**
 * Names that modules of the workspace are asked for and do not have, where that is certain without a type checker: the
 * module lies in the workspace, and makes no names while it runs.
 */
export async function missingExports(
  file: SourceFile,
  judged: readonly SourceFile[],
  { folder, overlay }: Workplace,
  ruff: Ruff,
  memory: ExportsMemory,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (folder === null || !isInside(folder, file.path)) return [];
  const state = stateFiles(new Map([...(overlay ?? []), ...judged.map(({ path, text }) => [path, text] as const)]));
  const byModule = new Map<string, readonly Taken[]>();
  for (const one of namesTaken(file)) byModule.set(one.module, [...(byModule.get(one.module) ?? []), one]);
  const findings: Finding[] = [];
  for (const [module, taken] of byModule) {
    signal.throwIfAborted();
    const own = await findModule(module, file.path, folder, state);
    const gone = own === null ? await goneModule(file, taken, folder, state) : null;
    if (gone !== null) findings.push(gone);
    if (own === null || isOpenEnded(own.text)) continue;
    const asked = taken.filter(({ name }) => name !== '' && !holdsModule(own.path, name, state));
    const missing = await missingOf(own, [...new Set(asked.map(({ name }) => name))], ruff, memory, signal);
    for (const one of asked)
      if (missing.has(one.name) && !isGuarded(file.text, one)) findings.push(findingOf(file, one));
  }
  return findings;
}

function findingOf({ path }: SourceFile, { how, called, name, start }: Taken): Finding {
  return {
    // The words of pyright's findings, so that a place is shown once.
    ...(how === 'imported'
      ? { rule: 'names/unknown-export', message: `${called} has no ${name} to import.` }
      : { rule: 'names/unknown-member', message: `${called} has no member ${name}.` }),
    severity: 'high',
    path,
    start,
    end: start + name.length,
    fix: null,
  };
}

function isGuarded(text: string, { name, start, how }: Taken): boolean {
  return (
    mayFail(text, start, how === 'imported' ? importErrors : nameErrors) ||
    new RegExp(`(?:has|get|set|del)attr\\([^()]*["']${name}["']`).test(text)
  );
}

function namesTaken({ path, text }: SourceFile): readonly Taken[] {
  const python = languageOf(path, 'python');
  if (python === null) return [];
  const code = maskCode(text, python).text;
  const taken: Taken[] = [];
  const modules = new Map<string, string>();
  for (const match of code.matchAll(/^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n\r;(]+)/gm)) {
    const [whole, module = '', list = ''] = match;
    const listAt = match.index + whole.length - list.length;
    for (const part of list.matchAll(/([A-Za-z_]\w*)(?:[ \t]+as[ \t]+(\w+))?/g)) {
      const [, name = '', alias] = part;
      const moduleStart = match.index + whole.indexOf(module, whole.indexOf('from') + 4);
      taken.push({ module, moduleStart, name, start: listAt + part.index, how: 'imported', called: module });
      modules.set(alias ?? name, module.endsWith('.') ? `${module}${name}` : `${module}.${name}`);
    }
  }
  for (const match of code.matchAll(/^[ \t]*import[ \t]+([\w.]+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*$/gm)) {
    const [, module = '', alias] = match;
    const moduleStart = match.index + match[0].indexOf(module, match[0].indexOf('import') + 6);
    taken.push({ module, moduleStart, name: '', start: moduleStart, how: 'imported', called: module });
    if (alias !== undefined || !module.includes('.')) modules.set(alias ?? module, module);
  }
  for (const [called, module] of modules) taken.push(...membersOf(code, called, module));
  return taken.filter(({ name }) => !/^__\w+__$/.test(name));
}

/** Where a name means the module all over the file: it is bound once, by the import. */
function membersOf(code: string, called: string, module: string): readonly Taken[] {
  const bindings = new RegExp(
    `(?<![\\w.])${called}\\b(?:[ \\t]*(?::[^=\\n()]*)?=(?!=)|[ \\t]*,[^=\\n()]*=(?!=))|\\b(?:for|as|def|class|del|global)[ \\t]+(?:\\w+[ \\t]*,[ \\t]*)*${called}\\b|\\b(?:def|lambda)\\b[^:\\n]*\\b${called}\\b`,
    'g',
  );
  const bound = [...code.matchAll(bindings)].filter(match => !new RegExp(`\\bas[ \\t]+${called}$`).test(match[0]));
  const named = [...code.matchAll(new RegExp(`\\bas[ \\t]+${called}\\b`, 'g'))];
  if (bound.length > 0 || named.length > 1) return [];
  return [...code.matchAll(new RegExp(`(?<![\\w.)\\]])${called}\\.([A-Za-z_]\\w*)\\b(?![ \\t]*=(?!=))`, 'g'))].map(
    match => ({
      module,
      moduleStart: -1,
      name: match[1] ?? '',
      start: match.index + called.length + 1,
      how: 'member',
      called,
    }),
  );
}

/** A source of the workspace, if exactly one can be meant. */
async function findModule(module: string, path: string, folder: string, state: StateFiles): Promise<OwnModule | null> {
  const parts = module
    .replace(/^\.+/, '')
    .split('.')
    .filter(part => part !== '');
  if (!module.startsWith('.') && (parts.length === 0 || standardLibrary.has(parts[0] ?? ''))) return null;
  const found = new Set<string>();
  for (const base of basesOf(module, path, folder)) {
    const place = join(base, ...parts);
    for (const candidate of [`${place}.py`, join(place, '__init__.py')]) {
      if (candidate !== path && state.isFile(candidate)) found.add(candidate);
    }
    // Declarations beside the code, or code that is compiled, may say more.
    if ([`${place}.pyi`, join(place, '__init__.pyi')].some(candidate => state.isFile(candidate))) return null;
  }
  const [only, another] = [...found];
  if (only === undefined || another !== undefined) return null;
  const text = state.given(only) ?? (await readOwn(only, folder, state));
  return text === null || text.length > maxUnits ? null : { path: only, text };
}

/** An import of a module of the workspace that this state lacks, if nothing else can be meant. */
async function goneModule(
  { path, text }: SourceFile,
  taken: readonly Taken[],
  folder: string,
  state: StateFiles,
): Promise<Finding | null> {
  const { module, moduleStart } = taken.find(one => one.moduleStart >= 0) ?? { module: '', moduleStart: -1 };
  if (moduleStart < 0 || mayFail(text, moduleStart, importErrors)) return null;
  const parts = module
    .replace(/^\.+/, '')
    .split('.')
    .filter(part => part !== '');
  const [top = ''] = parts;
  if (parts.length === 0 || (!module.startsWith('.') && standardLibrary.has(top))) return null;
  const places = basesOf(module, path, folder).map(base => ({ base, place: join(base, ...parts) }));
  const ends = ['.py', '.pyi', '/__init__.py', '/__init__.pyi'];
  if (places.some(({ place }) => state.exists(place) || ends.some(end => state.isFile(`${place}${end}`)))) return null;
  const lost = places.filter(({ place }) => ends.some(end => state.given(join(`${place}${end}`)) === null));
  if (lost.length === 0) return null;
  // Where a package of the same name is to be installed, that one is meant from now on.
  const isOwn = module.startsWith('.') || (parts.length > 1 && lost.some(({ base }) => state.exists(join(base, top))));
  if (!isOwn && (isWellKnown(top) || (await isToBeInstalled(top, folder, path, state)))) return null;
  return {
    rule: 'names/unknown-module',
    severity: 'high',
    path,
    start: moduleStart,
    end: moduleStart + module.length,
    message: `There is no module ${module} any more.`,
    fix: null,
  };
}

async function isToBeInstalled(top: string, folder: string, path: string, state: StateFiles): Promise<boolean> {
  const folders: string[] = [];
  for (let at = dirname(path); isInside(folder, at) && at !== dirname(at); at = dirname(at)) folders.push(at);
  return (await readDeclarations(folders, state)).names.has(top.toLowerCase());
}

function basesOf(module: string, path: string, folder: string): readonly string[] {
  const dots = /^\.+/.exec(module)?.[0].length ?? 0;
  if (dots > 0) {
    let base = dirname(path);
    for (let level = 1; level < dots; level++) base = dirname(base);
    return [base];
  }
  const bases: string[] = [];
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    bases.push(at, join(at, 'src'));
    if (at === dirname(at)) break;
  }
  return bases;
}

async function readOwn(path: string, folder: string, state: StateFiles): Promise<string | null> {
  if (!isReallyInside(folder, path)) return null;
  const size = (await stat(path).catch(() => null))?.size ?? Infinity;
  return size > maxUnits ? null : state.read(path);
}

/** Whether a module may have names that its text does not show. */
function isOpenEnded(text: string): boolean {
  return (
    makesNames(text) ||
    /^\s*from\s+\S+\s+import\s+(?:\(\s*)?\*/m.test(text) ||
    /\b__getattr__\b|\bsys\.modules\b/.test(text)
  );
}

/** Whether the name is a module beside, or below, the package. */
function holdsModule(path: string, name: string, state: StateFiles): boolean {
  const folder = dirname(path);
  if (!path.endsWith('__init__.py')) return false;
  const entries = state.list(folder);
  return entries.length === 0 || entries.some(entry => entry === name || entry.startsWith(`${name}.`));
}

/** Ruff knows what a text binds: it is asked whether all of these could be exported. */
async function missingOf(
  { path, text }: OwnModule,
  names: readonly string[],
  ruff: Ruff,
  memory: ExportsMemory,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  let known = memory.get(path);
  if (known?.text !== text) {
    known = { text, missing: new Map() };
    if (memory.size >= mostRemembered) memory.clear();
    memory.set(path, known);
  }
  const { missing } = known;
  const asked = names.filter(name => !missing.has(name));
  if (asked.length > 0) {
    const list = asked.map(name => `"${name}"`).join(', ');
    const question = `${text.replace(/\b__all__\b/g, '__all_')}\n__all__ = [${list}]\n`;
    const answers = await ruff.check(question, ['F822'], signal);
    const isBroken = answers.some(({ code }) => code === 'invalid-syntax');
    const absent = new Set(answers.map(({ message }) => /`(\w+)`/.exec(message)?.[1] ?? ''));
    for (const name of asked) missing.set(name, !isBroken && absent.has(name));
  }
  return new Set(names.filter(name => missing.get(name) === true));
}

const mostRemembered = 300;
