import { basename, dirname, join, relative } from 'node:path';
import type { TextEdit } from '../../base/snapshot.js';
import type { ImportDialect, Wanted } from './dialect.js';
import { placeLine, type ImportLine } from './importLines.js';

/** `#include` of the header that declares a name. Which names a header brings is not seen in the line. */
export const includes: ImportDialect = {
  languages: ['c', 'cpp'],
  bindings: () => [],
  adapt: wanted => ({ wanted, same: wanted.module }),
  define(name, _member, { path }, target, project) {
    if (!/\.(?:h|hh|hpp|hxx|h\+\+|inl)$/i.test(path)) return Promise.resolve(null);
    if (headersOf(target.text).some(({ module }) => basename(module) === basename(path))) return Promise.resolve(null);
    // Below a folder that compilers are told of, or as seen from the file.
    const told =
      /^.*[\\/](?:include|inc)[\\/](.+)$/.exec(relative(project.folder, path))?.[1] ?? topFolder(path, project.folder);
    const beside = relative(dirname(target.path), path).replaceAll('\\', '/');
    const module = beside.startsWith('..') && told !== null ? told.replaceAll('\\', '/') : beside;
    return Promise.resolve({ module, name: null, local: name, form: 'module', isType: false });
  },
  standard: () => null,
  insert,
};

/** Seen from `include` or `src` at the top of the workspace. */
function topFolder(path: string, folder: string): string | null {
  const below = ['include', 'src'].map(name => relative(join(folder, name), path));
  return below.find(one => !one.startsWith('..')) ?? null;
}

interface Header {
  readonly start: number;
  readonly end: number;
  readonly module: string;
  readonly isSystem: boolean;
}

function headersOf(text: string): Header[] {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"][^\n]*(?:\n|$)/gm)].map(match => {
    const [whole, open, module = ''] = match;
    return { start: match.index, end: match.index + whole.length, module, isSystem: open === '<' };
  });
}

function insert(text: string, { module }: Wanted): TextEdit | null {
  const headers = headersOf(text);
  if (headers.some(header => basename(header.module) === basename(module))) return null;
  // Quoted ones stand before those of the system or after, as they do already.
  const firstQuoted = headers.findIndex(({ isSystem }) => !isSystem);
  const lastSystem = headers.findLastIndex(({ isSystem }) => isSystem);
  const quotedGroup =
    firstQuoted >= 0 && firstQuoted < lastSystem && headers.filter(({ isSystem }) => !isSystem).length > 1 ? 0 : 2;
  const lines = headers.map((header): ImportLine => ({
    start: header.start,
    end: header.end,
    group: header.isSystem ? 1 : groupOfQuoted(header, headers, quotedGroup),
    key: header.module,
  }));
  return placeLine(
    text,
    lines,
    { text: `#include "${module}"`, group: quotedGroup, key: module },
    { first: startOfCode(text), isParted: false },
  );
}

/** The file's own header may stand alone at the top. */
function groupOfQuoted(header: Header, headers: readonly Header[], usual: number): number {
  return header === headers[0] && usual === 2 && headers.some(({ isSystem }) => isSystem) ? 0 : usual;
}

function startOfCode(text: string): number {
  const head =
    /^(?:\s*\/\*[^]*?\*\/[ \t]*\n|\s*\/\/[^\n]*\n)*(?:\n*#[ \t]*pragma[ \t]+once[^\n]*\n|\n*#[ \t]*ifndef[ \t]+(\w+)[^\n]*\n#[ \t]*define[ \t]+\1[^\n]*\n)?/.exec(
      text,
    )?.[0] ?? '';
  return head.length;
}
