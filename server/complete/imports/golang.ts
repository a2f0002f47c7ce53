import { basename, dirname, join, relative } from 'node:path';
import type { TextEdit } from '../../base/snapshot.js';
import type { ImportDialect, Wanted } from './dialect.js';
import { placeLine, type ImportLine } from './importLines.js';
import { goPackages } from './standard.js';

/** Packages by their path; grouped as goimports groups: Go's own first, then the others. */
export const golang: ImportDialect = {
  languages: ['go'],
  bindings: text => specsOf(text).map(({ wanted }) => wanted),
  adapt: wanted => ({ wanted, same: wanted.module }),
  async define(name, member, { path, text }, target, project) {
    // A name of the same package needs no import; one of another is always said with its package.
    const folder = dirname(path);
    if (member === null || folder === dirname(target.path) || path.endsWith('_test.go')) return null;
    const packageName = /^package\s+(\w+)/m.exec(text)?.[1];
    if (packageName !== name || packageName === 'main' || !/^\p{Lu}/u.test(member)) return null;
    for (let root = folder; ; root = dirname(root)) {
      const module = /^module\s+(\S+)/m.exec((await project.read(join(root, 'go.mod'))) ?? '')?.[1];
      if (module !== undefined) {
        const below = relative(root, folder).replaceAll('\\', '/');
        return wantedOf(below === '' ? module : `${module}/${below}`, name);
      }
      if (root === project.folder || root === dirname(root)) return null;
    }
  },
  standard(name, member) {
    const module = goPackages.get(name);
    return module !== undefined && member !== null && /^\p{Lu}/u.test(member) ? wantedOf(module, name) : null;
  },
  insert,
};

function wantedOf(module: string, local: string): Wanted {
  return { module, name: null, local, form: 'module', isType: false };
}

interface Spec {
  readonly start: number;
  readonly end: number;
  readonly wanted: Wanted;
  readonly isInBlock: boolean;
}

function specsOf(text: string): Spec[] {
  const found: Spec[] = [];
  for (const block of text.matchAll(/^import\s*\(\n?([^()]*)\)/gm)) {
    const from = block.index + block[0].indexOf(block[1] ?? '');
    for (const spec of (block[1] ?? '').matchAll(/^[ \t]*(?:([\w.]+)[ \t]+)?"([^"\n]+)"[^\n]*(?:\n|$)/gm)) {
      found.push(specOf(from + spec.index, spec[0], spec[1], spec[2] ?? '', true));
    }
  }
  for (const spec of text.matchAll(/^import[ \t]+(?:([\w.]+)[ \t]+)?"([^"\n]+)"[^\n]*(?:\n|$)/gm)) {
    found.push(specOf(spec.index, spec[0], spec[1], spec[2] ?? '', false));
  }
  return found.sort((a, b) => a.start - b.start);
}

function specOf(start: number, text: string, alias: string | undefined, module: string, isInBlock: boolean): Spec {
  return { start, end: start + text.length, isInBlock, wanted: wantedOf(module, alias ?? nameOf(module)) };
}

/** Without a version: `gopkg.in/yaml.v3` is yaml, `example.com/a/v2` is a. */
function nameOf(module: string): string {
  const parts = module.split('/');
  const last = /^v\d+$/.test(parts.at(-1) ?? '') && parts.length > 1 ? parts.at(-2) : parts.at(-1);
  return (last ?? module).replace(/\.v\d+$/, '').replace(/^go-|-go$/, '');
}

function insert(text: string, wanted: Wanted): TextEdit | null {
  const specs = specsOf(text);
  if (specs.some(spec => spec.wanted.local === wanted.local || spec.wanted.module === wanted.module)) return null;
  const alias =
    wanted.local === nameOf(wanted.module) || wanted.local === basename(wanted.module) ? '' : `${wanted.local} `;
  const line = `${alias}"${wanted.module}"`;
  const block = specs.filter(({ isInBlock }) => isInBlock);
  if (block.length > 0) {
    const lines = block.map((spec): ImportLine => ({
      start: spec.start,
      end: spec.end,
      group: groupOf(spec.wanted.module),
      key: spec.wanted.module,
    }));
    return placeLine(
      text,
      lines,
      { text: `\t${line}`, group: groupOf(wanted.module), key: wanted.module },
      { first: 0, isParted: true },
    );
  }
  const [single] = specs;
  if (single !== undefined && specs.length === 1) {
    const written = text
      .slice(single.start, single.end)
      .replace(/^import[ \t]+/, '')
      .trimEnd();
    const both = [
      { line: written, module: single.wanted.module },
      { line, module: wanted.module },
    ].sort((a, b) => groupOf(a.module) - groupOf(b.module) || (a.module < b.module ? -1 : 1));
    const gap = groupOf(single.wanted.module) === groupOf(wanted.module) ? '\n' : '\n\n';
    return {
      start: single.start,
      end: single.end,
      text: `import (\n${both.map(each => `\t${each.line}`).join(gap)}\n)\n`,
    };
  }
  const lines = specs.map((spec): ImportLine => ({
    start: spec.start,
    end: spec.end,
    group: groupOf(spec.wanted.module),
    key: spec.wanted.module,
  }));
  const head = /^package\s+\w+[^\n]*(?:\n|$)/m.exec(text);
  if (head === null) return null;
  return placeLine(
    text,
    lines,
    { text: `import ${line}`, group: groupOf(wanted.module), key: wanted.module },
    { first: head.index + head[0].length, isParted: true },
  );
}

function groupOf(module: string): number {
  return (module.split('/')[0] ?? '').includes('.') || !isStandard(module) ? 1 : 0;
}

function isStandard(module: string): boolean {
  const top = module.split('/')[0] ?? module;
  return [...goPackages.values()].some(path => path === module || path.split('/')[0] === top);
}
