import { dirname, extname, join, relative, sep } from 'node:path';
import type { Grammars } from '../../../grammars/parse.js';
import { outlineOf } from '../../../grammars/outline.js';
import { languageIdOf, languageOf } from '../../../grammars/registry.js';
import { scan } from '../../../index/scan.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import { isInside } from '../../base/paths.js';
import type { Ecosystem, PackagesTaken } from '../packages/taken.js';
import type { SourceFile } from '../validator.js';
import { linksOf, scriptExtensions, type ModuleLinks } from './moduleLinks.js';
import { takenAway, type Outlined, type Taken } from './takenAway.js';
import type { ChangedFile, Users, UsersRequest } from './usersMessages.js';
import { escapeRegExp } from '../../base/escapeRegExp.js';

/** So many users are judged beside a change. */
export const mostUsers = 20;
/** Of those that use a member without naming the module. */
const mostDistant = 8;
const mostFiles = 20_000;
const mostUnits = 120_000_000;
const mostFileKb = 500;
const parsing = { deadlineMs: 2_000, maxUnits: 1_000_000 };

interface Loss {
  readonly path: string;
  readonly links: ModuleLinks;
  readonly taken: Taken;
}

interface Found {
  readonly path: string;
  readonly text: string;
  /** It names the module; else only one of its members. */
  readonly isLinked: boolean;
  readonly steps: number;
}

/**
 * Files that use what a change takes away. Where nothing that others can see is gone or altered, nothing is read. By the text of
 * imports and names: some that are found use something else of that name, which costs time and nothing more.
 */
export function findUsers(request: Omit<UsersRequest, 'id'>, grammars: Grammars): Users {
  const { files, packages, folder, changed, exclude } = request;
  const losses = files.flatMap(file => lossOf(file, grammars));
  const names = [...new Set(losses.flatMap(({ taken }) => [...taken.names, ...taken.members]))].sort();
  names.push(...packages.flatMap(taken => taken.names));
  if (losses.length === 0 && packages.length === 0) return { names, files: [], more: 0, isCut: false };
  const extensions = new Set(losses.flatMap(({ links }) => links.extensions));
  for (const { ecosystem } of packages) for (const each of extensionsOf[ecosystem]) extensions.add(each);
  const { texts, isCut } = readTexts(folder, extensions, new Set(changed), exclude);
  const found = new Map<string, Found>();
  for (const loss of losses) {
    for (const user of usersOf(loss, texts)) {
      const known = found.get(user.path);
      if (known === undefined || (user.isLinked && !known.isLinked)) found.set(user.path, user);
    }
  }
  for (const taken of packages) for (const user of importersOf(taken, texts)) found.set(user.path, user);
  const nearest = [...found.values()].sort(
    (left, right) => left.steps - right.steps || (left.path < right.path ? -1 : 1),
  );
  const linked = nearest.filter(({ isLinked }) => isLinked).slice(0, mostUsers);
  const distant = nearest
    .filter(({ isLinked }) => !isLinked)
    .slice(0, Math.min(mostDistant, mostUsers - linked.length));
  const taken = [...linked, ...distant].map(({ path, text }): SourceFile => ({
    path,
    text,
    languageId: languageIdOf(path, text),
  }));
  return { names, files: taken, more: found.size - taken.length, isCut };
}

function lossOf({ path, languageId, before, after }: ChangedFile, grammars: Grammars): readonly Loss[] {
  const language = languageOf(path, languageId, before.slice(0, 4000));
  if (language === null) return [];
  const outlined = (text: string): (Outlined & { readonly grammar: string }) | null =>
    grammars.withTree(
      language,
      text,
      (tree, grammar) => ({ text, grammar: grammar.name, outline: outlineOf(tree, grammar, text) }),
      parsing,
    );
  const old = outlined(before);
  const links = old === null ? null : linksOf(old.grammar);
  if (old === null || links === null) return [];
  const now = after === null ? null : outlined(after);
  if (after !== null && now === null) return [];
  const taken = takenAway(old.grammar, old, now);
  return taken.names.size === 0 && taken.members.size === 0 && !taken.isAll ? [] : [{ path, links, taken }];
}

function readTexts(
  folder: string,
  extensions: ReadonlySet<string>,
  changed: ReadonlySet<string>,
  exclude: readonly string[],
): { readonly texts: ReadonlyMap<string, string>; readonly isCut: boolean } {
  const seen = scan({ folder, exclude, maxFileKb: mostFileKb, except: [], maxFiles: mostFiles, broad: false });
  const texts = new Map<string, string>();
  let units = 0;
  for (const { path } of seen.files) {
    if (!extensions.has(extname(path))) continue;
    const absolute = join(folder, ...path.split('/'));
    if (changed.has(absolute)) continue;
    if (units > mostUnits) return { texts, isCut: true };
    const text = textOnDisk(absolute);
    // It may have gone meanwhile.
    if (text === null) continue;
    units += text.length;
    texts.set(absolute, text);
  }
  return { texts, isCut: seen.isCut };
}

function usersOf({ path, links, taken }: Loss, texts: ReadonlyMap<string, string>): readonly Found[] {
  const own = [...texts].filter(([each]) => links.extensions.includes(extname(each)));
  const modules = passingOn(path, links, own);
  const named = wordsIn(taken.names);
  const membered = wordsIn(taken.members);
  return own.flatMap(([each, text]): readonly Found[] => {
    const hasName = named?.test(text) === true || membered?.test(text) === true;
    if (!hasName && !taken.isAll) return [];
    const isLinked = modules.some(module => mayName(links, module, text) && links.links(each, text, module));
    if (!isLinked && membered?.test(text) !== true) return [];
    return [{ path: each, text, isLinked, steps: stepsBetween(path, each) }];
  });
}

const extensionsOf: Readonly<Record<Ecosystem, readonly string[]>> = {
  npm: scriptExtensions,
  python: ['.py'],
  go: ['.go'],
  rust: ['.rs'],
  java: ['.java'],
};

/** Files below the manifest that import one of the packages. */
function importersOf(
  { folder, ecosystem, names }: PackagesTaken,
  texts: ReadonlyMap<string, string>,
): readonly Found[] {
  const any = names.map(escapeRegExp).join('|');
  const pattern = {
    npm: `["'](?:${any})(?:/[^"'\n]*)?["']`,
    python: `^[ \\t]*(?:from|import)[ \\t]+(?:${any})\\b`,
    go: `"(?:${any})(?:/[^"\n]*)?"`,
    rust: `\\b(?:${any})\\s*(?:::|;|as\\b)`,
    java: `^[ \\t]*import[ \\t]+(?:static[ \\t]+)?(?:${any})\\.`,
  }[ecosystem];
  const imports = new RegExp(pattern, ecosystem === 'python' ? 'im' : 'm');
  return [...texts].flatMap(([path, text]) =>
    extensionsOf[ecosystem].includes(extname(path)) && isInside(folder, path) && imports.test(text)
      ? [{ path, text, isLinked: true, steps: stepsBetween(join(folder, 'manifest'), path) }]
      : [],
  );
}

/** The module, and those through which it is used. */
function passingOn(path: string, links: ModuleLinks, own: readonly (readonly [string, string])[]): readonly string[] {
  const modules = [path];
  for (const module of modules) {
    for (const [each, text] of own) {
      if (modules.length >= 12) return modules;
      if (!modules.includes(each) && mayName(links, module, text) && links.passesOn(each, text, module))
        modules.push(each);
    }
  }
  return modules;
}

function mayName(links: ModuleLinks, module: string, text: string): boolean {
  const hint = links.hint(module);
  return hint === null || text.includes(hint);
}

function wordsIn(names: ReadonlySet<string>): RegExp | null {
  if (names.size === 0) return null;
  return new RegExp(`(?<![\\w$])(?:${[...names].map(escapeRegExp).join('|')})(?![\\w$])`);
}

/** How many folders lie between two files. */
function stepsBetween(from: string, to: string): number {
  return relative(dirname(from), dirname(to))
    .split(sep)
    .filter(part => part !== '').length;
}
