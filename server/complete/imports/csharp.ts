import type { TextEdit } from '../../base/snapshot.js';
import type { ImportDialect, Wanted } from './dialect.js';
import { placeLine, type ImportLine } from './importLines.js';

/** `using Namespace;`. Which names a namespace brings is not seen in the line. */
export const csharp: ImportDialect = {
  languages: ['csharp'],
  bindings: text =>
    usingsOf(text).flatMap(({ alias, module }) => (alias === null ? [] : [{ ...wantedOf(module, alias) }])),
  adapt: wanted => ({ wanted, same: wanted.module }),
  define(name, _member, { text }, target) {
    const module = namespaceOf(text);
    const own = namespaceOf(target.text);
    const isType = new RegExp(
      String.raw`\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>[\]?]+)\s+${name}\b`,
    ).test(text);
    // A namespace sees those around it.
    const isSeen = module === '' || own === module || own.startsWith(`${module}.`);
    return Promise.resolve(isType && !isSeen ? wantedOf(module, name) : null);
  },
  standard: () => null,
  insert(text, { module }): TextEdit | null {
    const usings = usingsOf(text);
    if (usings.some(using => using.module === module && using.alias === null)) return null;
    const lines = usings
      .filter(({ alias }) => alias === null)
      .map((using): ImportLine => ({
        start: using.start,
        end: using.end,
        group: groupOf(using.module),
        key: using.module,
      }));
    const head = /^\uFEFF?(?:\/\/[^\n]*\n)*(?:#nullable[^\n]*\n)?/.exec(text)?.[0] ?? '';
    return placeLine(
      text,
      lines,
      { text: `using ${module};`, group: groupOf(module), key: module },
      { first: head.trim() === '' ? 0 : head.length, isParted: false },
    );
  },
};

function wantedOf(module: string, local: string): Wanted {
  return { module, name: null, local, form: 'module', isType: false };
}

interface Using {
  readonly start: number;
  readonly end: number;
  readonly module: string;
  readonly alias: string | null;
}

function usingsOf(text: string): Using[] {
  return [...text.matchAll(/^(?:global\s+)?using\s+(?:static\s+)?(?:(\w+)\s*=\s*)?([\w.]+)\s*;[^\n]*(?:\n|$)/gm)].map(
    match => {
      const [whole, alias, module = ''] = match;
      return { start: match.index, end: match.index + whole.length, module, alias: alias ?? null };
    },
  );
}

function groupOf(module: string): number {
  return module === 'System' || module.startsWith('System.') ? 0 : 1;
}

function namespaceOf(text: string): string {
  return /^\s*namespace\s+([\w.]+)/m.exec(text)?.[1] ?? '';
}
