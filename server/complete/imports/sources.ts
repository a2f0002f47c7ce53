import { dirname, join } from 'node:path';
import { languageOf } from '../../../grammars/registry.js';
import type { CodeIndex } from '../../../index/codeIndex.js';
import type { FreeName } from '../groundNames.js';
import type { ImportDialect, Project, Target, Wanted } from './dialect.js';

/** One way to import a name, and who says so. */
export interface ImportSource {
  readonly wanted: Wanted;
  /** The same for imports that mean the same, however they are written. */
  readonly same: string;
  /** Absolute path of the file that imports it so, or that defines it. */
  readonly from: string;
}

export type ImportIndex = Pick<CodeIndex, 'definitions' | 'references' | 'search' | 'exclusion'>;

const mostFiles = 12;

/** How files that use a name import it, the nearest first. */
export async function importsOfUsers(
  use: FreeName,
  dialect: ImportDialect,
  target: Target,
  project: Project,
  index: ImportIndex,
  signal: AbortSignal,
): Promise<readonly ImportSource[]> {
  const asked = [use.name, ...(use.member === null ? [] : [use.member])];
  const found = await Promise.all(asked.map(name => index.references(name, signal)));
  const paths = found.flat().map(({ path }) => path);
  return importsIn(paths, use, dialect, target, project, signal);
}

/** How files import a name that are found by the words of an import: slower, for what is used without being called. */
export async function importsByWords(
  use: FreeName,
  dialect: ImportDialect,
  target: Target,
  project: Project,
  index: ImportIndex,
  signal: AbortSignal,
): Promise<readonly ImportSource[]> {
  const hits = await index.search(`import ${use.name}`, { limit: 20, sources: ['text'] }, signal);
  const paths = hits.map(({ path }) => path);
  return importsIn(paths, use, dialect, target, project, signal);
}

async function importsIn(
  relativePaths: readonly string[],
  { name }: FreeName,
  dialect: ImportDialect,
  target: Target,
  project: Project,
  signal: AbortSignal,
): Promise<readonly ImportSource[]> {
  const near = nearestFirst(relativePaths, dialect, target, project).slice(0, mostFiles);
  const texts = await Promise.all(near.map(path => project.read(path)));
  signal.throwIfAborted();
  return near.flatMap((from, at) =>
    dialect
      .bindings(texts[at] ?? '')
      .flatMap(binding => (binding.local === name ? [{ ...dialect.adapt(binding, from, target), from }] : [])),
  );
}

/** What the files that define a name give away. */
export async function importsOfDefinitions(
  { name, member }: FreeName,
  dialect: ImportDialect,
  target: Target,
  project: Project,
  index: ImportIndex,
  signal: AbortSignal,
): Promise<readonly ImportSource[]> {
  // A package of Go is known by what is in it.
  const isQualified = dialect.languages.includes('go');
  const symbols = await index.definitions(isQualified ? (member ?? name) : name, signal);
  const inNamespace = dialect.languages.includes('csharp') || dialect.languages.includes('c');
  const paths = symbols.filter(({ container }) => inNamespace || container === '').map(({ path }) => path);
  const near = nearestFirst(paths, dialect, target, project).slice(0, mostFiles);
  const found = await Promise.all(
    near.map(async (path): Promise<ImportSource | null> => {
      const text = await project.read(path);
      const wanted = text === null ? null : await dialect.define(name, member, { path, text }, target, project);
      return wanted === null ? null : { wanted, same: dialect.adapt(wanted, target.path, target).same, from: path };
    }),
  );
  signal.throwIfAborted();
  return found.filter(source => source !== null);
}

/** How many folders two files have in common. */
export function nearness(one: string, other: string): number {
  const [a, b] = [dirname(one).split(/[\\/]/), dirname(other).split(/[\\/]/)];
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  // Of files equally far up, the one that is less far down again is nearer.
  return common - (b.length - common) / 100;
}

function nearestFirst(
  relativePaths: readonly string[],
  dialect: ImportDialect,
  target: Target,
  project: Project,
): readonly string[] {
  return [...new Set(relativePaths)]
    .map(path => join(project.folder, path))
    .filter(path => path !== target.path && dialect.languages.includes(languageOf(path, '')?.id ?? ''))
    .sort((a, b) => nearness(target.path, b) - nearness(target.path, a) || (a < b ? -1 : 1));
}
