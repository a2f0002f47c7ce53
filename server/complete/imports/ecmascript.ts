import { dirname, extname, join, relative } from 'node:path';
import type { ImportDialect, Project, Wanted } from './dialect.js';
import { addToList, placeLine, type ImportLine } from './importLines.js';

/** `import … from`, and `require` in files that have nothing else. */
export const ecmascript: ImportDialect = {
  languages: ['typescript', 'typescriptreact', 'javascript'],
  bindings: text => statementsOf(text).flatMap(bindingsOf),
  adapt(wanted, from, target) {
    if (!isRelative(wanted.module)) return { wanted, same: `${wanted.module} ${wanted.name ?? ''}` };
    const file = join(dirname(from), wanted.module);
    const same = `${file.replace(extension, '').replace(/[\\/]index$/, '')} ${wanted.name ?? ''}`;
    // The path leads to the same file; its end is written as the other file did, unless this one has a way of its own.
    const style = styleOf(target.text) ?? styleOf(`import '${wanted.module}'`) ?? 'none';
    return { wanted: { ...wanted, module: respelt(specifier(target.path, file), style) }, same };
  },
  async define(name, _member, { path, text }, target, project) {
    const form = exportedAs(name, text);
    if (form === null) return null;
    const style = styleOf(target.text) ?? styleOf(text) ?? (await usualStyle(path, project));
    const isType = new RegExp(String.raw`\bexport\s+(?:declare\s+)?(?:type|interface)\s+${name}\b`).test(text);
    return { module: respelt(specifier(target.path, path), style), name, local: name, form, isType };
  },
  standard: () => null,
  insert,
};

interface Statement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly module: string;
  readonly isType: boolean;
  readonly isRequire: boolean;
  /** Between `import` and `from`. */
  readonly clause: string;
}

function statementsOf(text: string): Statement[] {
  const found: Statement[] = [];
  for (const match of text.matchAll(
    /^import\s+(type\s+(?!from\b))?([\w$*{}\s,]+?)\s*from\s*(['"])([^'"\n]+)\3[^\n]*(?:\n|$)/gm,
  )) {
    const [whole, isType, clause = '', , module = ''] = match;
    found.push({
      start: match.index,
      end: match.index + whole.length,
      text: whole,
      module,
      clause,
      isType: isType !== undefined,
      isRequire: false,
    });
  }
  for (const match of text.matchAll(
    /^(?:const|let|var)\s+([\w$]+|\{[^{}]*\})\s*=\s*require\(\s*(['"])([^'"\n]+)\2\s*\)[^\n]*(?:\n|$)/gm,
  )) {
    const [whole, clause = '', , module = ''] = match;
    found.push({
      start: match.index,
      end: match.index + whole.length,
      text: whole,
      module,
      clause,
      isType: false,
      isRequire: true,
    });
  }
  for (const match of text.matchAll(/^import\s*(['"])([^'"\n]+)\1[^\n]*(?:\n|$)/gm)) {
    const [whole, , module = ''] = match;
    found.push({
      start: match.index,
      end: match.index + whole.length,
      text: whole,
      module,
      clause: '',
      isType: false,
      isRequire: false,
    });
  }
  return found.sort((a, b) => a.start - b.start);
}

function bindingsOf({ clause, module, isType, isRequire }: Statement): Wanted[] {
  const found: Wanted[] = [];
  const braces = /\{([^{}]*)\}/.exec(clause);
  for (const part of (braces?.[1] ?? '').split(',')) {
    const [, type, name, as] = /^\s*(type\s+)?([\w$]+)(?:\s*(?:as|:)\s*([\w$]+))?\s*$/.exec(part) ?? [];
    if (name === undefined) continue;
    const form = name === 'default' ? 'default' : 'named';
    found.push({ module, name, local: as ?? name, form, isType: isType || type !== undefined });
  }
  const rest = clause.replace(/\{[^{}]*\}/, '');
  const namespace = /\*\s*as\s+([\w$]+)/.exec(rest)?.[1];
  if (namespace !== undefined) found.push({ module, name: null, local: namespace, form: 'namespace', isType });
  const single = /^\s*([\w$]+)/.exec(rest.replace(/\*\s*as\s+[\w$]+/, ''))?.[1];
  if (single !== undefined)
    found.push({
      module,
      name: isRequire ? null : 'default',
      local: single,
      form: isRequire ? 'namespace' : 'default',
      isType,
    });
  return found;
}

function insert(text: string, wanted: Wanted): { start: number; end: number; text: string } | null {
  const statements = statementsOf(text);
  if (statements.some(statement => bindingsOf(statement).some(({ local }) => local === wanted.local))) return null;
  const merged = merge(statements, wanted);
  if (merged !== null) return merged;
  const lines = statements.map((statement): ImportLine => ({
    ...statement,
    group: groupOf(statement.module),
    key: statement.module.toLowerCase(),
  }));
  const added = {
    text: statementFor(wanted, text, statements),
    group: groupOf(wanted.module),
    key: wanted.module.toLowerCase(),
  };
  return placeLine(text, lines, added, { first: startOfCode(text), isParted: false });
}

/** Into the braces of an import from the same module. */
function merge(statements: readonly Statement[], wanted: Wanted): { start: number; end: number; text: string } | null {
  if (wanted.form === 'namespace' || wanted.form === 'module') return null;
  for (const { start, text, module, clause, isType, isRequire } of statements) {
    if (module !== wanted.module || clause === '' || clause.includes('*')) continue;
    if (isType && !wanted.isType) continue;
    if (wanted.form === 'default' && (isRequire || !/^\s*\{/.test(clause) || isType)) continue;
    const at = start + text.indexOf(clause);
    if (wanted.form === 'default') return { start: at, end: at, text: `${wanted.local}, ` };
    const written =
      wanted.name === wanted.local ? wanted.local : `${wanted.name ?? ''}${isRequire ? ': ' : ' as '}${wanted.local}`;
    const item = wanted.isType && !isType ? `type ${written}` : written;
    const braces = /\{([^{}]*)\}/.exec(clause);
    if (braces === null) {
      if (isRequire || isType) continue;
      return { start: at + clause.trimEnd().length, end: at + clause.trimEnd().length, text: `, { ${item} }` };
    }
    const inside = braces[1] ?? '';
    const open = at + braces.index + 1;
    return { start: open, end: open + inside.length, text: addToList(inside, item) };
  }
  return null;
}

function statementFor(
  { module, name, local, form, isType }: Wanted,
  text: string,
  statements: readonly Statement[],
): string {
  const quote = quoteOf(text, statements);
  const end = usesSemicolons(text, statements) ? ';' : '';
  const from = quote + module + quote;
  const item = name === null || name === local ? local : `${name} as ${local}`;
  if (statements.some(({ isRequire }) => isRequire) && !statements.some(({ isRequire }) => !isRequire)) {
    const bound = form === 'named' ? `{ ${item.replace(' as ', ': ')} }` : local;
    return `const ${bound} = require(${from})${end}`;
  }
  const type = isType ? 'type ' : '';
  if (form === 'default') return `import ${type}${local} from ${from}${end}`;
  if (form === 'namespace') return `import ${type}* as ${local} from ${from}${end}`;
  return `import ${type}{ ${item} } from ${from}${end}`;
}

function quoteOf(text: string, statements: readonly Statement[]): string {
  const sample = statements.length > 0 ? statements.map(statement => statement.text).join('') : text;
  return (sample.match(/'/g) ?? []).length >= (sample.match(/"/g) ?? []).length ? "'" : '"';
}

function usesSemicolons(text: string, statements: readonly Statement[]): boolean {
  if (statements.length > 0)
    return statements.filter(statement => /;\s*$/.test(statement.text)).length * 2 >= statements.length;
  const ends = text.match(/[;)\]\w'"`]$/gm) ?? [];
  return ends.length === 0 || ends.filter(end => end === ';').length * 3 >= ends.length;
}

/** The platform, packages, aliases, folders above, this folder. */
function groupOf(module: string): number {
  if (module.startsWith('node:')) return 0;
  if (/^(?:@\/|~|#)/.test(module)) return 2;
  if (module.startsWith('..')) return 3;
  return module.startsWith('.') ? 4 : 1;
}

/** Behind what has to stand first: the interpreter, a licence, directives. */
function startOfCode(text: string): number {
  const head =
    /^\uFEFF?(?:#![^\n]*\n)?(?:\s*\/\*[^]*?\*\/[ \t]*\n|(?:\/\/[^\n]*\n)+(?=\n))?(?:\n*(['"])use [\w ]+\1;?[ \t]*\n)*/.exec(
      text,
    )?.[0] ?? '';
  return head.length;
}

const extension = /\.(?:d\.)?[cm]?[jt]sx?$/;
type Style = 'none' | 'js' | 'ts';

function isRelative(module: string): boolean {
  return module.startsWith('./') || module.startsWith('../') || module === '.' || module === '..';
}

/** How relative paths end in a text; null where it has none. */
function styleOf(text: string): Style | null {
  const ends = [...text.matchAll(/(?:from|import|require\()\s*['"](\.{1,2}\/[^'"\n]*)['"]/g)].map(
    ([, path = '']) => extension.exec(path)?.[0] ?? '',
  );
  if (ends.length === 0) return null;
  const written = ends.filter(end => end !== '');
  if (written.length * 2 < ends.length) return 'none';
  return written.some(end => /ts/.test(end)) ? 'ts' : 'js';
}

async function usualStyle(path: string, project: Project): Promise<Style> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = await project.read(join(folder, 'package.json'));
    if (manifest !== null) return /"type"\s*:\s*"module"/.test(manifest) ? 'js' : 'none';
    if (folder === project.folder || folder === dirname(folder)) return 'none';
  }
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function respelt(path: string, style: Style): string {
  const own = extension.exec(path)?.[0] ?? '';
  const bare = path.slice(0, path.length - own.length);
  if (style === 'none') {
    const folder = bare.replace(/\/index$/, '');
    return own === '.json' || folder === '' ? bare : folder;
  }
  if (own === '') return style === 'ts' || extname(path) !== '' ? path : `${path}.js`;
  if (style === 'ts') return path;
  return bare + own.replace('.d', '').replace('tsx', 'js').replace('ts', 'js');
}

/** How a file gives a name away; null where it does not. */
function exportedAs(name: string, text: string): 'named' | 'default' | null {
  const word = name.replaceAll('$', String.raw`\$`);
  const has = (pattern: string): boolean => new RegExp(pattern, 'm').test(text);
  if (has(String.raw`^\s*export\s+default\s+(?:async\s+)?(?:abstract\s+)?(?:function\*?|class)?\s*${word}\b`))
    return 'default';
  if (
    has(
      String.raw`^\s*export\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(?:function\*?|class|const|let|var|type|interface|enum|const\s+enum|namespace)\s+${word}\b`,
    )
  )
    return 'named';
  if (has(String.raw`^\s*export\s+(?:type\s+)?\{[^}]*(?<![\w$]|as\s)${word}\s*[,}]`)) return 'named';
  if (has(String.raw`(?:^|[^\w$])exports\.${word}\s*=(?!=)|module\.exports\s*=\s*\{[^}]*\b${word}\b`)) return 'named';
  return has(String.raw`module\.exports\s*=\s*${word}\s*;?$`) ? 'default' : null;
}
