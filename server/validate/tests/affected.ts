import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { isInside } from '../../base/paths.js';
import type { TestSource } from './runner.js';

export interface Affected {
  /** A test file. */
  readonly test: string;
  /** The files judged that it belongs to: itself, or those that it is named after. */
  readonly of: readonly string[];
}

const script = /\.[cm]?[jt]sx?$/;
const mostFolders = 2_000;

/**
 * The test files of some files: those that are tests themselves, and those that are named after a file by the conventions of its
 * language, beside it or below a folder of tests. Without a convention there is none: guessing would run the whole suite.
 */
export async function affectedTests(
  folder: string,
  files: readonly TestSource[],
  signal: AbortSignal,
): Promise<readonly Affected[]> {
  const found = new Map<string, Set<string>>();
  const add = (test: string, path: string): void => void found.set(test, (found.get(test) ?? new Set()).add(path));
  const others: string[] = [];
  for (const { path, text } of files) {
    if (isTestFile(relative(folder, path))) add(path, path);
    else if (!path.endsWith('.rs')) others.push(path);
    // Rust's stand in the file itself.
    else if (/#\[(?:\w+::)*test\b/.test(text)) add(path, path);
  }
  if (others.length > 0) {
    for (const test of await testFiles(folder, others, signal)) {
      for (const path of others) if (isNamedAfter(test, path)) add(test, path);
    }
  }
  return [...found].map(([test, of]) => ({ test, of: [...of] }));
}

/** By its name, or by the folder where the runners of its language look. `way` is relative to the workspace. */
export function isTestFile(way: string): boolean {
  const name = basename(way);
  if (script.test(name)) return /[._-](?:test|spec)\.[cm]?[jt]sx?$/.test(name) || /(?:^|[/\\])__tests__[/\\]/.test(way);
  if (name.endsWith('.py')) return /^test_|_test\.py$/.test(name);
  if (name.endsWith('.go')) return name.endsWith('_test.go');
  return name.endsWith('.rs') && /(?:^|[/\\])tests[/\\][^/\\]+\.rs$/.test(way);
}

function isNamedAfter(test: string, path: string): boolean {
  const [stem, language] = [stemOf(path), extname(path)];
  const name = basename(test);
  if (script.test(path)) return script.test(name) && testedStem(name) === stem;
  if (language === '.py') return name === `test_${stem}.py` || name === `${stem}_test.py`;
  // All files of a package are tested together.
  return language === '.go' && name.endsWith('_test.go') && dirname(test) === dirname(path);
}

function stemOf(path: string): string {
  return basename(path).replace(/(?:\.d)?\.[^.]+$/, '');
}

function testedStem(name: string): string {
  return name.replace(script, '').replace(/[._-](?:test|spec)$/, '');
}

/** Test files beside the given ones and below folders of tests. */
async function testFiles(folder: string, paths: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const beside = new Set<string>();
  const roots = new Set<string>();
  for (const path of paths) {
    for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
      if (at === dirname(path)) beside.add(at);
      for (const name of ['__tests__', 'test', 'tests', 'spec']) roots.add(join(at, name));
      if (at === folder) break;
    }
  }
  const found = new Set<string>();
  const pending = [...roots];
  for (const at of beside)
    for (const { path, isFolder } of await entriesOf(at))
      if (!isFolder && isTestFile(relative(folder, path))) found.add(path);
  for (let looked = 0; pending.length > 0 && looked < mostFolders; looked++) {
    signal.throwIfAborted();
    const at = pending.pop() ?? folder;
    for (const { path, isFolder } of await entriesOf(at)) {
      if (isFolder) pending.push(path);
      else if (isTestFile(relative(folder, path))) found.add(path);
    }
  }
  return [...found].toSorted();
}

async function entriesOf(folder: string): Promise<readonly { readonly path: string; readonly isFolder: boolean }[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(
        entry =>
          (entry.isFile() || entry.isDirectory()) && entry.name !== 'node_modules' && !entry.name.startsWith('.'),
      )
      .map(entry => ({ path: join(folder, entry.name), isFolder: entry.isDirectory() }));
  } catch {
    return [];
  }
}
