import { access, readdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import { field, namesIn, parseJson, textOf } from './json.js';
import type { Overlay } from '../stateFiles.js';
import type { RunnerId } from './runner.js';

export interface DetectedRunner {
  readonly runner: RunnerId;
  /** The folder that it starts in: of the nearest project file above the test. */
  readonly root: string;
}

const nothingGiven: Overlay = new Map();

/**
 * Which runner runs the tests of a project, or one test file of it; null where none is to be seen. From files that are read as data: what
 * the file itself imports, then what the project names, in the order of `runnerIds`.
 */
export async function detectRunner(
  folder: string,
  file: string | null = null,
  overlay: Overlay = nothingGiven,
): Promise<DetectedRunner | null> {
  if (file !== null) {
    const text = (await readText(file, overlay)) ?? '';
    const family = families.find(({ extensions }) => extensions.includes(extname(file)));
    return family === undefined ? null : family.detect(folder, file, text, overlay);
  }
  for (const family of families) {
    const found = await family.detect(folder, join(folder, 'any'), '', overlay);
    if (found !== null) return found;
  }
  return null;
}

interface Family {
  readonly extensions: readonly string[];
  detect(folder: string, file: string, text: string, overlay: Overlay): Promise<DetectedRunner | null>;
}

const families: readonly Family[] = [
  { extensions: ['.js', '.cjs', '.mjs', '.jsx', '.ts', '.cts', '.mts', '.tsx'], detect: detectJavaScript },
  { extensions: ['.py'], detect: detectPython },
  { extensions: ['.go'], detect: detectGo },
  { extensions: ['.rs'], detect: detectRust },
];

async function detectJavaScript(
  folder: string,
  file: string,
  text: string,
  overlay: Overlay,
): Promise<DetectedRunner | null> {
  const root = await nearestWith(folder, file, ['package.json'], overlay);
  if (root === null) return null;
  const imported = /(?:from|require\(|import\()\s*['"](vitest|@jest\/globals|node:test|mocha)['"]/.exec(text)?.[1];
  const byImport: Readonly<Record<string, RunnerId>> = {
    vitest: 'vitest',
    '@jest/globals': 'jest',
    'node:test': 'node:test',
    mocha: 'mocha',
  };
  const named = imported === undefined ? undefined : byImport[imported];
  if (named !== undefined) return { runner: named, root };
  // A repository of several packages often names its runner only at its top.
  for (let at = root; ; at = dirname(at)) {
    const runner = await javaScriptRunner(at, overlay);
    if (runner !== null) return { runner, root };
    if (at === folder || !isInside(folder, dirname(at))) return null;
  }
}

async function javaScriptRunner(root: string, overlay: Overlay): Promise<RunnerId | null> {
  const manifest = parseJson((await readText(join(root, 'package.json'), overlay)) ?? undefined);
  const packages = ['dependencies', 'devDependencies'].flatMap(name => namesIn(field(manifest, name)));
  const files = await namesOf(root);
  const script = textOf(field(manifest, 'scripts', 'test')) ?? '';
  if (packages.includes('vitest') || files.some(name => /^vitest\.(?:config|workspace)\./.test(name))) return 'vitest';
  if (
    packages.includes('jest') ||
    field(manifest, 'jest') !== undefined ||
    files.some(name => /^jest\.config\./.test(name))
  )
    return 'jest';
  if (
    packages.includes('mocha') ||
    field(manifest, 'mocha') !== undefined ||
    files.some(name => name.startsWith('.mocharc.'))
  )
    return 'mocha';
  return /(?:^|\s)node\s(?:.*\s)?--test\b/.test(script) ? 'node:test' : null;
}

const pythonFiles = [
  'pyproject.toml',
  'pytest.ini',
  'tox.ini',
  'setup.cfg',
  'setup.py',
  'requirements.txt',
  'conftest.py',
];

async function detectPython(
  folder: string,
  file: string,
  text: string,
  overlay: Overlay,
): Promise<DetectedRunner | null> {
  const root = await nearestWith(folder, file, pythonFiles, overlay);
  const tests = await namesOf(join(root ?? folder, 'tests'));
  if (root === null && text === '' && !tests.some(name => /^test_.*\.py$|_test\.py$/.test(name))) return null;
  const at = root ?? folder;
  const imports = (name: string): boolean => new RegExp(`^\\s*(?:import|from)\\s+${name}\\b`, 'm').test(text);
  if (imports('pytest') || /^(?:async )?def test_/m.test(text)) return { runner: 'pytest', root: at };
  const texts = await Promise.all(
    ['pytest.ini', 'tox.ini', 'setup.cfg', 'pyproject.toml', 'requirements.txt', 'requirements-dev.txt'].map(name =>
      readText(join(at, name), overlay),
    ),
  );
  const isNamed =
    texts.some(one => one !== null && /\bpytest\b/.test(one)) ||
    (await readText(join(at, 'conftest.py'), overlay)) !== null;
  if (isNamed) return { runner: 'pytest', root: at };
  return { runner: imports('unittest') || tests.length === 0 ? 'unittest' : 'pytest', root: at };
}

async function detectGo(folder: string, file: string, _text: string, overlay: Overlay): Promise<DetectedRunner | null> {
  const root = await nearestWith(folder, file, ['go.mod'], overlay);
  return root === null ? null : { runner: 'go test', root };
}

async function detectRust(
  folder: string,
  file: string,
  _text: string,
  overlay: Overlay,
): Promise<DetectedRunner | null> {
  const root = await nearestWith(folder, file, ['Cargo.toml'], overlay);
  return root === null ? null : { runner: 'cargo test', root };
}

/** The nearest folder above a file, up to the workspace's, that holds one of the files. */
async function nearestWith(
  folder: string,
  file: string,
  names: readonly string[],
  overlay: Overlay,
): Promise<string | null> {
  for (let at = dirname(file); isInside(folder, at); at = dirname(at)) {
    for (const name of names) if (await exists(join(at, name), overlay)) return at;
    if (at === dirname(at)) return null;
  }
  return null;
}

/** The text of a file in the state that is judged; null where there is none. */
export async function readText(path: string, overlay: Overlay): Promise<string | null> {
  const given = overlay.get(path);
  if (given !== undefined) return given;
  return textOnDisk(path);
}

async function exists(path: string, overlay: Overlay): Promise<boolean> {
  const given = overlay.get(path);
  if (given !== undefined) return given !== null;
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

async function namesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
