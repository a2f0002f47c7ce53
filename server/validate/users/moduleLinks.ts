import { basename, dirname, join, sep } from 'node:path';
import { escapeRegExp } from '../../base/escapeRegExp.js';

/** How the files of one family of languages name one another. */
export interface ModuleLinks {
  readonly extensions: readonly string[];
  /** A word that stands in every file that names the module, so that others need not be looked at; null: none is certain. */
  hint(module: string): string | null;
  /** Whether the file at `path` may mean `module`, a path, by one of its imports, or sees it without. */
  links(path: string, text: string, module: string): boolean;
  /** Whether it passes on what it gets from `module`: whoever uses it then uses the other. */
  passesOn(path: string, text: string, module: string): boolean;
}

export const scriptExtensions: readonly string[] = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

const specifier = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(['"])([^'"\n]+)\1/g;
const script: ModuleLinks = {
  extensions: scriptExtensions,
  hint: module => (isIndex(module) ? null : stemOf(module)),
  links: (path, text, module) => namesModule(path, text, module, specifier),
  passesOn: (path, text, module) =>
    namesModule(path, text, module, /\bexport\b[^;'"]*?\bfrom\s*(['"])([^'"\n]+)\1/g) ||
    (/\bmodule\.exports\b/.test(text) &&
      namesModule(path, text, module, /\bmodule\.exports\s*=\s*require\s*\(\s*(['"])([^'"\n]+)\1/g)),
};

const python: ModuleLinks = {
  extensions: ['.py', '.pyi'],
  hint: module => pythonWay(module).at(-1) ?? null,
  links: namesPython,
  passesOn: (path, text, module) => basename(path).startsWith('__init__.') && namesPython(path, text, module),
};

const go: ModuleLinks = {
  extensions: ['.go'],
  hint: () => null,
  links: (path, text, module) =>
    dirname(path) === dirname(module) ||
    new RegExp(`"[^"\\n]*\\b${escapeRegExp(basename(dirname(module)))}"`).test(text),
  passesOn: () => false,
};

const java: ModuleLinks = {
  extensions: ['.java'],
  hint: stemOf,
  links: (path, text, module) =>
    dirname(path) === dirname(module) || new RegExp(`\\b${escapeRegExp(stemOf(module))}\\b`).test(text),
  passesOn: () => false,
};

const rust: ModuleLinks = {
  extensions: ['.rs'],
  hint: () => null,
  links: (_, text, module) =>
    /^(?:mod|lib|main)$/.test(stemOf(module)) || new RegExp(`\\b${escapeRegExp(stemOf(module))}\\b`).test(text),
  passesOn: () => false,
};

const byGrammar: Readonly<Record<string, ModuleLinks>> = {
  typescript: script,
  tsx: script,
  javascript: script,
  python,
  go,
  java,
  rust,
};

/** Null: of such files nobody is looked for. */
export function linksOf(grammar: string): ModuleLinks | null {
  return byGrammar[grammar] ?? null;
}

function stemOf(path: string): string {
  return basename(path).replace(/(?:\.d)?\.\w+$/, '');
}

function isIndex(path: string): boolean {
  return stemOf(path) === 'index';
}

/** A path that leads there, or a name of another kind that ends alike: aliases are the compiler's to follow. */
function namesModule(path: string, text: string, module: string, pattern: RegExp): boolean {
  const targets = [bare(module), ...(isIndex(module) ? [dirname(module)] : [])];
  for (const [, , name = ''] of text.matchAll(pattern)) {
    if (/^\.{1,2}(?:\/|$)/.test(name)) {
      if (targets.includes(bare(join(dirname(path), name)).replace(/[\\/]$/, ''))) return true;
    } else if (targets.some(target => basename(target) === basename(bare(name)))) return true;
  }
  return false;
}

function bare(path: string): string {
  return path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
}

/** Folders and name: of a package its folder. */
function pythonWay(module: string): readonly string[] {
  const parts = module.replace(/\.pyi?$/, '').split(sep);
  return parts.at(-1) === '__init__' ? parts.slice(0, -1) : parts;
}

function namesPython(path: string, text: string, module: string): boolean {
  const way = pythonWay(module);
  const isMeant = (parts: readonly string[]): boolean =>
    parts.length > 0 && parts.every((part, at) => way.at(at - parts.length) === part);
  const lists = /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n(]+)/gm;
  for (const [, dots = '', from = '', list = ''] of text.matchAll(lists)) {
    const parts = from.split('.').filter(part => part !== '');
    const names = list.match(/\w+/g) ?? [];
    if (dots === '') {
      if (isMeant(parts) || names.some(name => isMeant([...parts, name]))) return true;
      continue;
    }
    let base = dirname(path);
    for (let level = 1; level < dots.length; level++) base = dirname(base);
    const start = [...base.split(sep), ...parts];
    const isSame = (whole: readonly string[]): boolean =>
      whole.length === way.length && whole.every((part, at) => way[at] === part);
    if (isSame(start) || names.some(name => isSame([...start, name]))) return true;
  }
  for (const [, name = ''] of text.matchAll(/^[ \t]*import[ \t]+([\w.]+)/gm)) if (isMeant(name.split('.'))) return true;
  return false;
}
