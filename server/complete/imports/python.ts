import { basename, dirname, join, relative } from 'node:path';
import type { TextEdit } from '../../base/snapshot.js';
import type { ImportDialect, Project, Wanted } from './dialect.js';
import { addToList, placeLine, type ImportLine } from './importLines.js';
import { pythonModules } from './standard.js';

/** `import a`, `from a import b`, absolute from the root of the packages or relative where the file does so. */
export const python: ImportDialect = {
  languages: ['python'],
  bindings: text => statementsOf(text).flatMap(({ wanted }) => wanted),
  adapt(wanted, from, target) {
    if (!wanted.module.startsWith('.')) return { wanted, same: `${wanted.module} ${wanted.name ?? ''}` };
    const file = absoluteOf(wanted.module, from);
    return { wanted: { ...wanted, module: relativeModule(target.path, file) }, same: `${file} ${wanted.name ?? ''}` };
  },
  async define(name, _member, { path, text }, target, project) {
    if (!new RegExp(String.raw`^(?:(?:async\s+)?def|class)\s+${name}\b|^${name}\s*(?::[^=\n]+)?=(?!=)`, 'm').test(text))
      return null;
    const root = await rootOf(path, project);
    const own = await rootOf(target.path, project);
    const named: Wanted = { module: '', name, local: name, form: 'named', isType: false };
    const isPackage = root !== dirname(path);
    if (isPackage && own === root && usesRelative(target.text) && samePackage(path, target.path, root)) {
      return { ...named, module: relativeModule(target.path, moduleFile(path)) };
    }
    const base = isPackage || dirname(path) === dirname(target.path) ? root : sourceFolder(path, project.folder);
    const module = relative(base, moduleFile(path)).replace(/[\\/]/g, '.');
    return module === '' || module.startsWith('.') ? null : { ...named, module };
  },
  standard(name, member) {
    return member !== null && pythonModules.has(name)
      ? { module: name, name: null, local: name, form: 'module', isType: false }
      : null;
  },
  insert,
};

interface Statement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly module: string;
  readonly isFrom: boolean;
  readonly wanted: readonly Wanted[];
}

/** Only at the left edge: what is imported inside of something holds only there. */
function statementsOf(text: string): Statement[] {
  const found: Statement[] = [];
  for (const match of text.matchAll(/^from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^()]*\)|[^\n(]+)(?:\n|$)/gm)) {
    const [whole, module = '', list = ''] = match;
    const names = list
      .replace(/[()]|#.*/g, '')
      .replaceAll('\\\n', ' ')
      .split(',');
    const wanted = names.flatMap((part): Wanted[] => {
      const [, name, as] = /^\s*(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
      return name === undefined ? [] : [{ module, name, local: as ?? name, form: 'named', isType: false }];
    });
    found.push({ start: match.index, end: match.index + whole.length, text: whole, module, isFrom: true, wanted });
  }
  for (const match of text.matchAll(/^import[ \t]+([^\n#;]+)[^\n]*(?:\n|$)/gm)) {
    const [whole, list = ''] = match;
    const wanted = list.split(',').flatMap((part): Wanted[] => {
      const [, module, as] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
      // `import a.b` binds `a`.
      return module === undefined
        ? []
        : [{ module, name: null, local: as ?? module.split('.')[0] ?? module, form: 'module', isType: false }];
    });
    found.push({
      start: match.index,
      end: match.index + whole.length,
      text: whole,
      module: wanted[0]?.module ?? '',
      isFrom: false,
      wanted,
    });
  }
  return found.sort((a, b) => a.start - b.start);
}

function insert(text: string, wanted: Wanted): TextEdit | null {
  const statements = statementsOf(text);
  if (statements.some(statement => statement.wanted.some(({ local }) => local === wanted.local))) return null;
  const item =
    wanted.name === null || wanted.name === wanted.local ? wanted.local : `${wanted.name} as ${wanted.local}`;
  if (wanted.form === 'named') {
    for (const { isFrom, module, start, text: written } of statements) {
      if (!isFrom || module !== wanted.module || /import\s+\*|\\/.test(written)) continue;
      const [head = ''] = /^from[ \t]+[.\w]+[ \t]+import[ \t]+\(?/.exec(written) ?? [];
      const inside = /^[^()#\n]*(?:\n[^()#]*)?/.exec(written.slice(head.length))?.[0] ?? '';
      const list = head.endsWith('(')
        ? (/^[^()]*/.exec(written.slice(head.length))?.[0] ?? '')
        : inside.replace(/\s*$/, '');
      if (list.includes('#')) continue;
      return { start: start + head.length, end: start + head.length + list.length, text: addToList(list, item) };
    }
  }
  const lines = statements.map((statement): ImportLine => ({
    start: statement.start,
    end: statement.end,
    group: groupOf(statement.module, statements, wanted),
    key: keyOf(statement.module, statement.isFrom),
  }));
  const isFrom = wanted.form === 'named';
  const line = isFrom
    ? `from ${wanted.module} import ${item}`
    : `import ${wanted.module}${wanted.local === wanted.module.split('.')[0] || wanted.local === wanted.module ? '' : ` as ${wanted.local}`}`;
  const added = { text: line, group: groupOf(wanted.module, statements, wanted), key: keyOf(wanted.module, isFrom) };
  return placeLine(text, lines, added, { first: startOfCode(text), isParted: true });
}

/** As isort sorts: first what imports a module, then what imports from one. */
function keyOf(module: string, isFrom: boolean): string {
  return `${isFrom ? 1 : 0} ${module.toLowerCase()}`;
}

/** The future, the standard library, packages, and what is relative. */
function groupOf(module: string, statements: readonly Statement[], wanted: Wanted): number {
  if (module === '__future__') return 0;
  if (module.startsWith('.')) return 4;
  const top = module.split('.')[0] ?? module;
  if (pythonModules.has(top)) return 1;
  // Which packages are the project's own is seen by where the last of them stand.
  const last = statements
    .filter(each => !each.module.startsWith('.') && !pythonModules.has(each.module.split('.')[0] ?? ''))
    .at(-1);
  const ownTop = wanted.form === 'named' ? wanted.module.split('.')[0] : undefined;
  return last !== undefined && top === ownTop && last.module.split('.')[0] === top
    ? 3
    : top === ownTop && statements.some(each => each.module.split('.')[0] === top)
      ? 3
      : 2;
}

/** Behind the documentation string, comments of the head and the future. */
function startOfCode(text: string): number {
  const head =
    /^\uFEFF?(?:#[^\n]*\n)*(?:\n*[rRuU]?(?:"""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*')[ \t]*\n)?/.exec(text)?.[0] ??
    '';
  return head.length;
}

function usesRelative(text: string): boolean {
  return (
    /^from[ \t]+\./m.test(text) &&
    !/^from[ \t]+[^.\s][\w.]*[ \t]+import/m.test(
      text.replace(/^from[ \t]+(?:__future__|typing|collections|dataclasses|abc|enum|functools|pathlib)\b.*$/gm, ''),
    )
  );
}

/** The folder that holds the outermost package around a file; its own folder where it is in none. */
async function rootOf(path: string, project: Project): Promise<string> {
  let folder = dirname(path);
  while (folder !== dirname(folder) && (await project.exists(join(folder, '__init__.py')))) folder = dirname(folder);
  return folder;
}

/** For modules without packages: below `src` or the folder of the workspace. */
function sourceFolder(path: string, folder: string): string {
  const source = join(folder, 'src');
  return relative(source, path).startsWith('..') ? folder : source;
}

/** `__init__.py` is its folder. */
function moduleFile(path: string): string {
  return basename(path) === '__init__.py' ? dirname(path) : path.replace(/\.pyi?$/, '');
}

function samePackage(one: string, other: string, root: string): boolean {
  return relative(root, one).split(/[\\/]/)[0] === relative(root, other).split(/[\\/]/)[0];
}

function absoluteOf(module: string, from: string): string {
  const [, dots = '.', rest = ''] = /^(\.+)(.*)$/.exec(module) ?? [];
  let folder = dirname(from);
  for (let up = 1; up < dots.length; up++) folder = dirname(folder);
  return rest === '' ? folder : join(folder, ...rest.split('.'));
}

function relativeModule(from: string, file: string): string {
  const parts = relative(dirname(from), file)
    .split(/[\\/]/)
    .filter(part => part !== '');
  const up = parts.filter(part => part === '..').length;
  return '.'.repeat(up + 1) + parts.slice(up).join('.');
}
