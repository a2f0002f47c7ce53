import { join } from 'node:path';
import { isRecord, type UnknownRecord } from '../../base/record.js';
import type { StateFiles } from '../stateFiles.js';
import { importNamesOf } from './knownPackages.js';

/** What a project says that it needs. */
export interface Declarations {
  /** Names that may be imported for that, in lower case. */
  readonly names: ReadonlySet<string>;
  /** Whether it says anything at all. */
  readonly isDeclared: boolean;
}

/**
 * Reads what the folders declare, as data: pyproject.toml, requirements, setup.cfg, setup.py, Pipfile, environment.yml, tox.ini,
 * noxfile.py and locks. Of what is code every text that looks like a requirement is taken for one.
 */
export async function readDeclarations(
  folders: readonly string[],
  files: StateFiles,
  isCounted: (path: string) => boolean = () => true,
): Promise<Declarations> {
  const distributions = new Set<string>();
  let isDeclared = false;
  for (const folder of folders) {
    for (const path of declaringFiles(folder, files)) {
      if (!isCounted(path)) continue;
      const text = files.read(path) ?? '';
      if (text.length > mostUnits) continue;
      const found = await distributionsIn(path, text);
      isDeclared ||= found.length > 0 && !/(?:tox\.ini|noxfile\.py)$/.test(path);
      for (const name of found) distributions.add(name);
    }
  }
  distributions.delete('python');
  return { names: new Set([...distributions].flatMap(importNamesOf)), isDeclared };
}

const mostUnits = 5_000_000;

function declaringFiles(folder: string, { list }: StateFiles): readonly string[] {
  const own = list(folder)
    .filter(name => readers.some(({ of }) => of.test(name)))
    .map(name => join(folder, name));
  const inner = list(join(folder, 'requirements'));
  return [...own, ...inner.filter(name => /\.(?:txt|in)$/.test(name)).map(name => join(folder, 'requirements', name))];
}

interface Reader {
  readonly of: RegExp;
  readonly read: (text: string) => readonly string[] | Promise<readonly string[]>;
}

const readers: readonly Reader[] = [
  { of: /^pyproject\.toml$|^Pipfile$/, read: inToml },
  { of: /requirements.*\.(?:txt|in)$|^constraints.*\.txt$/i, read: inLines },
  { of: /^setup\.cfg$|^tox\.ini$/, read: inLines },
  { of: /^(?:setup|noxfile)\.py$/, read: inStrings },
  {
    of: /^environment\.ya?ml$/,
    read: text => inLines(text.replace(/^\s*-\s*(?:[\w-]+::)?/gm, '').replace(/([\w.-])=(\d)/g, '$1==$2')),
  },
  {
    of: /^(?:poetry|uv|pdm)\.lock$/,
    read: text => [...text.matchAll(/^name\s*=\s*"([\w.-]+)"/gm)].map(match => match[1] ?? ''),
  },
  { of: /^Pipfile\.lock$/, read: text => [...text.matchAll(/"([\w.-]+)"\s*:\s*\{/g)].map(match => match[1] ?? '') },
];

/** Whether a file of that name may declare packages by hand; what tools write, or read as code, is left out. */
export function isPythonManifest(name: string): boolean {
  return /^pyproject\.toml$|^Pipfile$|^setup\.cfg$|requirements.*\.(?:txt|in)$/i.test(name);
}

/** Distributions that such a file names. */
export async function declaredIn(path: string, text: string): Promise<readonly string[]> {
  return text.length > mostUnits ? [] : distributionsIn(path, text);
}

function distributionsIn(path: string, text: string): readonly string[] | Promise<readonly string[]> {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return readers.find(({ of }) => of.test(name))?.read(text) ?? inLines(text);
}

/** Requirements in any list, and keys of any table that is called after dependencies or packages. */
async function inToml(text: string): Promise<readonly string[]> {
  const { parse } = await import('smol-toml');
  let table: unknown;
  try {
    table = parse(text);
  } catch {
    // Half-written: what looks like a requirement is one.
    return inStrings(text);
  }
  return isRecord(table) ? inTable(table, false) : [];
}

function inTable(table: UnknownRecord, isOfPackages: boolean): readonly string[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const ofPackages = /dependencies|dependency-groups|packages|requires/.test(key);
    if (Array.isArray(value)) {
      const texts = value.filter(item => typeof item === 'string');
      return ofPackages || isOfPackages ? texts.flatMap(requirement) : [];
    }
    if (isRecord(value)) return [...(isOfPackages ? [key] : []), ...inTable(value, ofPackages)];
    return isOfPackages ? [key] : [];
  });
}

function inLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .flatMap(line => requirement(line.replace(/^\s*[\w.-]+\s*=\s*(?=[A-Za-z])/, '').replace(/^[\w,{}!-]+:\s+/, '')));
}

function inStrings(text: string): readonly string[] {
  return [...text.matchAll(/(["'])((?:(?!\1).){2,200})\1/g)].flatMap(match => requirement(match[2] ?? ''));
}

/** PEP 508 as far as names go. */
function requirement(text: string): readonly string[] {
  const trimmed = text.trim();
  const egg = /[#&]egg=([\w.-]+)/.exec(trimmed)?.[1];
  if (egg !== undefined) return [egg];
  const found = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:$|[<>=!~;@(#\\]|\s+--)/.exec(trimmed)?.[1];
  return found === undefined ? [] : [found];
}
