/** One import of a file, read by its looks: broken code is the normal case. */
export interface Import {
  /** As written, without quotes: `./price.js`, `..models`, `a::b`, `java.util`. */
  readonly module: string;
  /** What is taken out of the module, by the names it has there; empty for the module as a whole, or for all of it. */
  readonly names: readonly string[];
  /** What the module as a whole is called here, or null. */
  readonly alias: string | null;
}

/** Imports stand at the top; only so much of a file is looked at. */
const maxUnits = 20_000;

export function importsOf(text: string, languageId: string, units = maxUnits): readonly Import[] {
  return readers[languageId]?.(text.slice(0, units)) ?? [];
}

type Reader = (text: string) => Import[];

const readers: Readonly<Record<string, Reader>> = {
  typescript: readScript,
  typescriptreact: readScript,
  javascript: readScript,
  javascriptreact: readScript,
  vue: readScript,
  svelte: readScript,
  python: readPython,
  go: readGo,
  rust: readRust,
  java: readJava,
  kotlin: readJava,
  scala: readJava,
  csharp: readCSharp,
  c: readC,
  cpp: readC,
};

function readScript(text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(
    /^\s*(?:import|export)\s+(?:type\s+)?(?:([\w$]+)\s*,?\s*)?(?:\{([^}]*)\}|\*\s+as\s+([\w$]+)|\*)?\s*from\s*["']([^"'\n]+)["']/gm,
  )) {
    const [, whole, list, star, module = ''] = match;
    // What a default import is called there is not known; its members are looked for by the name it has here.
    found.push({ module, names: namesIn(list ?? '', /\s+as\s+/), alias: star ?? whole ?? null });
  }
  for (const match of text.matchAll(
    /\b(?:const|let|var)\s+(?:\{([^}]*)\}|([\w$]+))\s*=\s*(?:await\s+)?(?:require|import)\(\s*["']([^"'\n]+)["']\s*\)/g,
  )) {
    const [, list, whole, module = ''] = match;
    found.push({ module, names: namesIn(list ?? '', /\s*:\s*/), alias: whole ?? null });
  }
  return found;
}

function readPython(text: string): Import[] {
  const found: Import[] = [];
  for (const [, module = '', list = ''] of text.matchAll(
    /^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)/gm,
  )) {
    const names = namesIn(list.replace(/[()\\]|#.*$/gm, ' '), /\s+as\s+/).filter(name => name !== '*');
    found.push({ module, names, alias: null });
  }
  for (const [, list = ''] of text.matchAll(/^[ \t]*import[ \t]+([\w., \t]+)/gm)) {
    for (const part of list.split(',')) {
      const [module = '', alias] = part.trim().split(/\s+as\s+/);
      if (/^[\w.]+$/.test(module)) found.push({ module, names: [], alias: alias ?? module });
    }
  }
  return found;
}

function readGo(text: string): Import[] {
  const found: Import[] = [];
  const add = (line: string): void => {
    const match = /^\s*(?:([\w.]+)\s+)?"([^"\n]+)"/.exec(line);
    if (match === null) return;
    const [, alias, module = ''] = match;
    found.push({ module, names: [], alias: alias ?? goName(module) });
  };
  for (const [, block] of text.matchAll(/^import\s*\(([^)]*)\)/gm))
    for (const line of block?.split('\n') ?? []) add(line);
  for (const [, line = ''] of text.matchAll(/^import\s+((?:[\w.]+\s+)?"[^"\n]+")/gm)) add(line);
  return found;
}

/** `github.com/labstack/echo/v4` is echo, `gopkg.in/yaml.v3` is yaml. */
function goName(module: string): string {
  const parts = module.split('/');
  const last = parts.pop() ?? '';
  const name = /^v\d+$/.test(last) ? (parts.pop() ?? last) : last;
  return name
    .replace(/\.v\d+$/, '')
    .replace(/^go-/, '')
    .replaceAll('-', '_');
}

function readRust(text: string): Import[] {
  const found: Import[] = [];
  for (const [, tree = ''] of text.matchAll(/^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+([^;]+);/gm)) {
    for (const path of rustPaths(tree.replace(/\s+/g, ' ').trim(), 0)) {
      const [whole = '', alias] = path.split(/ as /);
      const at = whole.lastIndexOf('::');
      if (at < 0) found.push({ module: whole, names: [], alias: alias ?? whole });
      else {
        const name = whole.slice(at + 2);
        const module = whole.slice(0, at);
        found.push({ module, names: name === '*' || name === 'self' ? [] : [name], alias: alias ?? name });
      }
    }
  }
  for (const [, name = ''] of text.matchAll(/^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;/gm)) {
    found.push({ module: `self::${name}`, names: [], alias: name });
  }
  return found;
}

/** `a::{b, c::{d, e}}` as its single paths. */
function rustPaths(tree: string, depth: number): string[] {
  const open = tree.indexOf('{');
  if (open < 0 || depth > 6) return tree === '' ? [] : [tree.trim()];
  const head = tree.slice(0, open).trim();
  const close = tree.lastIndexOf('}');
  const parts: string[] = [];
  let level = 0;
  let start = open + 1;
  for (let at = start; at <= close; at++) {
    const unit = tree[at];
    if (unit === '{') level++;
    else if (unit === '}' && at < close) level--;
    else if ((unit === ',' && level === 0) || at === close) {
      const part = tree.slice(start, at).trim();
      if (part !== '') parts.push(part);
      start = at + 1;
    }
  }
  return parts.flatMap(part => rustPaths(head + part, depth + 1));
}

function readJava(text: string): Import[] {
  return [...text.matchAll(/^\s*import\s+(?:static\s+)?([\w.]+?)\.(\w+|\*)\s*;?\s*$/gm)].map(
    ([, module = '', name = '']) => ({
      module,
      names: name === '*' ? [] : [name],
      alias: name === '*' ? null : name,
    }),
  );
}

function readCSharp(text: string): Import[] {
  return [...text.matchAll(/^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;/gm)].map(
    ([, module = '']) => ({ module, names: [], alias: null }),
  );
}

function readC(text: string): Import[] {
  return [...text.matchAll(/^\s*#\s*include\s*"([^"\n]+)"/gm)].map(([, module = '']) => ({
    module,
    names: [],
    alias: null,
  }));
}

/** The first of each pair: the name that the module has for it. */
function namesIn(list: string, renaming: RegExp): string[] {
  return list
    .split(',')
    .map(
      part =>
        part
          .trim()
          .replace(/^type\s+/, '')
          .split(renaming)[0]
          ?.trim() ?? '',
    )
    .filter(name => /^[\w$*]+$/u.test(name));
}
