import { basename, dirname, join, relative } from 'node:path';
import type { TextEdit } from '../../base/snapshot.js';
import type { ImportDialect, Project, Wanted } from './dialect.js';
import { addToList, placeLine, type ImportLine } from './importLines.js';
import { rustTypes } from './standard.js';

/** `use a::b::C;` */
export const rust: ImportDialect = {
  languages: ['rust'],
  bindings: text => usesOf(text).flatMap(({ wanted }) => wanted),
  adapt: wanted => ({ wanted, same: `${wanted.module}::${wanted.name ?? ''}` }),
  async define(name, _member, { path, text }, target, project) {
    if (path === target.path) return null;
    if (
      !new RegExp(
        String.raw`^pub(?:\([\w ]+\))?\s+(?:(?:async|const|unsafe|extern\s+"[^"]*")\s+)*(?:fn|struct|enum|trait|type|const|static|union|mod)\s+(?:mut\s+)?${name}\b`,
        'm',
      ).test(text)
    )
      return null;
    const crate = await crateOf(path, project);
    const own = await crateOf(target.path, project);
    if (crate === null) return null;
    const modules = modulesOf(relative(crate.source, path));
    const top = own?.source === crate.source ? 'crate' : crate.name;
    return modules === null
      ? null
      : { module: [top, ...modules].join('::'), name, local: name, form: 'named', isType: false };
  },
  standard(name) {
    const module = rustTypes.get(name);
    return module === undefined ? null : { module, name, local: name, form: 'named', isType: false };
  },
  insert,
};

interface Use {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly path: string;
  readonly wanted: readonly Wanted[];
}

function usesOf(text: string): Use[] {
  return [...text.matchAll(/^(?:pub(?:\([\w ]+\))?\s+)?use\s+([^;]+);[^\n]*(?:\n|$)/gm)].map(match => {
    const [whole, path = ''] = match;
    return {
      start: match.index,
      end: match.index + whole.length,
      text: whole,
      path: path.replace(/\s+/g, ' '),
      wanted: leavesOf(path.replace(/\s+/g, ' ').trim(), ''),
    };
  });
}

/** `a::{b, c::{d as e}}` brings b, e. */
function leavesOf(path: string, above: string): Wanted[] {
  const open = path.indexOf('{');
  if (open < 0) {
    const [, full = path, as] = /^(.*?)(?:\s+as\s+(\w+))?$/.exec(path) ?? [];
    const parts = (above === '' ? full : `${above}::${full}`).split('::').map(part => part.trim());
    const last = parts.at(-1) ?? '';
    const isSelf = last === 'self';
    const module = parts.slice(0, isSelf ? -2 : -1).join('::');
    const name = isSelf ? (parts.at(-2) ?? '') : last;
    return name === '' || name === '*' ? [] : [{ module, name, local: as ?? name, form: 'named', isType: false }];
  }
  const head = [
    above,
    path
      .slice(0, open)
      .replace(/::\s*$/, '')
      .trim(),
  ]
    .filter(part => part !== '')
    .join('::');
  return splitList(path.slice(open + 1, path.lastIndexOf('}'))).flatMap(part => leavesOf(part, head));
}

function splitList(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < list.length; at++) {
    if (list[at] === '{') depth++;
    else if (list[at] === '}') depth--;
    else if (list[at] === ',' && depth === 0) {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, list.slice(from)].map(part => part.trim()).filter(part => part !== '');
}

function insert(text: string, wanted: Wanted): TextEdit | null {
  const uses = usesOf(text);
  if (wanted.name === null || uses.some(use => use.wanted.some(({ local }) => local === wanted.local))) return null;
  const item = wanted.name === wanted.local ? wanted.name : `${wanted.name} as ${wanted.local}`;
  for (const { start, text: written } of uses) {
    if (/^pub/.test(written)) continue;
    const list = /^use\s+([\w:]+)::\{([^{}]*)\}\s*;/.exec(written);
    if (list?.[1] === wanted.module) {
      const at = start + written.indexOf('{') + 1;
      return { start: at, end: at + (list[2] ?? '').length, text: tight(addToList(list[2] ?? '', item)) };
    }
    const single = /^use\s+([\w:]+)::(\w+)\s*;/.exec(written);
    if (single?.[1] === wanted.module && single[2] !== undefined) {
      const at = start + written.indexOf(single[2], written.indexOf(`${single[1]}::`) + single[1].length + 2);
      return { start: at, end: at + single[2].length, text: `{${[single[2], item].sort().join(', ')}}` };
    }
  }
  const lines = uses
    .filter(({ text: written }) => !/^pub/.test(written))
    .map((use): ImportLine => ({ start: use.start, end: use.end, group: groupOf(use.path), key: use.path }));
  const path = `${wanted.module}::${item}`;
  return placeLine(
    text,
    lines,
    { text: `use ${path};`, group: groupOf(path), key: path },
    { first: startOfCode(text), isParted: false },
  );
}

function tight(list: string): string {
  return list.includes('\n') ? list : list.trim();
}

function groupOf(path: string): number {
  const top = path.split('::')[0] ?? '';
  if (top === 'std' || top === 'core' || top === 'alloc') return 0;
  return top === 'crate' || top === 'self' || top === 'super' ? 2 : 1;
}

/** Behind comments about the module and attributes of it. */
function startOfCode(text: string): number {
  const head = /^(?:(?:\/\/!|\/\/(?!\/)|#!\[)[^\n]*\n|\n(?=\/\/!|#!\[))*/.exec(text)?.[0] ?? '';
  return head.length;
}

async function crateOf(
  path: string,
  project: Project,
): Promise<{ readonly source: string; readonly name: string } | null> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = await project.read(join(folder, 'Cargo.toml'));
    const name = manifest === null ? undefined : /\[package\][^[]*?\bname\s*=\s*"([\w-]+)"/.exec(manifest)?.[1];
    if (name !== undefined) return { source: join(folder, 'src'), name: name.replaceAll('-', '_') };
    if (folder === project.folder || folder === dirname(folder)) return null;
  }
}

/** Null for what is no part of the library, such as tests and programs of their own. */
function modulesOf(path: string): string[] | null {
  if (path.startsWith('..')) return null;
  const parts = path.replace(/\.rs$/, '').split(/[\\/]/);
  if (parts[0] === 'bin') return null;
  const last = basename(parts.at(-1) ?? '');
  return last === 'mod' || (parts.length === 1 && (last === 'lib' || last === 'main')) ? parts.slice(0, -1) : parts;
}
