import { dirname } from 'node:path';
import type { TextEdit } from '../../base/snapshot.js';
import type { ImportDialect, Wanted } from './dialect.js';
import { placeLine, type ImportLine } from './importLines.js';
import { javaTypes } from './standard.js';

/** `import a.b.C;`, static ones apart. */
export const java: ImportDialect = {
  languages: ['java'],
  bindings: text => statementsOf(text).flatMap(({ wanted }) => (wanted.local === '*' ? [] : [wanted])),
  adapt: wanted => ({ wanted, same: `${wanted.module}.${wanted.local}` }),
  define(name, _member, { path, text }, target) {
    const own = packageOf(target.text);
    const module = packageOf(text);
    const isType = new RegExp(
      String.raw`^\s*(?:@\w+(?:\([^)]*\))?\s+)*public\s+(?:\w+\s+)*(?:class|interface|enum|record|@interface)\s+${name}\b`,
      'm',
    ).test(text);
    const isReachable = isType && module !== '' && module !== own && dirname(path) !== dirname(target.path);
    return Promise.resolve(isReachable ? typeOf(module, name) : null);
  },
  standard(name) {
    const module = javaTypes.get(name);
    return module === undefined ? null : typeOf(module, name);
  },
  insert(text, wanted): TextEdit | null {
    const statements = statementsOf(text);
    const has = statements.some(
      each =>
        each.wanted.local === wanted.local ||
        (each.wanted.local === '*' &&
          each.wanted.module === wanted.module &&
          each.isStatic === (wanted.form === 'module')),
    );
    if (has || packageOf(text) === wanted.module) return null;
    const isStatic = wanted.form === 'module';
    const key = `${wanted.module}.${wanted.local}`;
    const lines = statements.map((each): ImportLine => ({
      start: each.start,
      end: each.end,
      group: each.isStatic ? staticGroup(statements) : 1,
      key: `${each.wanted.module}.${each.wanted.local}`,
    }));
    const added = {
      text: `import ${isStatic ? 'static ' : ''}${key};`,
      group: isStatic ? staticGroup(statements) : 1,
      key,
    };
    const head = /^package\s+[\w.]+\s*;[^\n]*\n/m.exec(text);
    return placeLine(text, lines, added, { first: head === null ? 0 : head.index + head[0].length, isParted: true });
  },
};

function typeOf(module: string, name: string): Wanted {
  return { module, name, local: name, form: 'named', isType: false };
}

interface Statement {
  readonly start: number;
  readonly end: number;
  readonly isStatic: boolean;
  readonly wanted: Wanted;
}

function statementsOf(text: string): Statement[] {
  return [...text.matchAll(/^import\s+(static\s+)?([\w.]+)\.(\w+|\*)\s*;[^\n]*(?:\n|$)/gm)].map(match => {
    const [whole, isStatic, module = '', local = ''] = match;
    const form = isStatic === undefined ? 'named' : 'module';
    return {
      start: match.index,
      end: match.index + whole.length,
      isStatic: isStatic !== undefined,
      wanted: { module, name: local, local, form, isType: false },
    };
  });
}

/** Static ones stand first or last, as they do already. */
function staticGroup(statements: readonly Statement[]): number {
  return statements[0]?.isStatic === true ? 0 : 2;
}

function packageOf(text: string): string {
  return /^package\s+([\w.]+)\s*;/m.exec(text)?.[1] ?? '';
}
