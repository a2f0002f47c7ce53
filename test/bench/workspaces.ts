/**
 * Real source trees for the benchmarks, from what toolchains bring: Go's and Python's libraries, the JDK's java.base,
 * and TypeScript and JavaScript of the packages installed here. Copied once into the cache folder, always the same choice.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourceTree {
  readonly folder: string;
  readonly files: number;
  readonly megabytes: number;
  readonly languages: Readonly<Record<string, number>>;
}

export function benchCache(): string {
  const base =
    process.env['UNDERSTUDY_TEST_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'understudy-test');
  mkdirSync(base, { recursive: true });
  return base;
}

/** At least 10,000 files in five languages. */
export function largeWorkspace(): SourceTree {
  return materialise('large-3', () => [
    ...take(typical(goFiles()), 5_200),
    ...take(typical(pythonFiles()), 1_700),
    ...take(typical(javaFiles()), 3_200),
    ...take(typical(scriptFiles()), 1_000),
  ]);
}

/** 1,000 files of together at most 6 MB. */
export function smallWorkspace(): SourceTree {
  return materialise('small-1', () => {
    const modest = [...goFiles(), ...pythonFiles(), ...javaFiles(), ...scriptFiles()].filter(file => {
      const { size } = statSync(file.from);
      return size > 500 && size < 12_000;
    });
    return take(modest, 1_000);
  });
}

interface Source {
  readonly from: string;
  readonly to: string;
}

function materialise(name: string, choose: () => readonly Source[]): SourceTree {
  const folder = join(benchCache(), name);
  if (!existsSync(folder)) {
    const building = `${folder}.${process.pid}`;
    for (const { from, to } of choose()) {
      const target = join(building, to);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(from, target);
    }
    renameSync(building, folder);
  }
  return describe(folder);
}

function describe(folder: string): SourceTree {
  const languages: Record<string, number> = {};
  let files = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    bytes += statSync(join(entry.parentPath, entry.name)).size;
    const extension = extname(entry.name);
    languages[extension] = (languages[extension] ?? 0) + 1;
  }
  return { folder, files, megabytes: Number((bytes / 1e6).toFixed(1)), languages };
}

/** Libraries of toolchains hold more huge files than projects do: of those above 30 kB every eighth is kept. */
function typical(files: readonly Source[]): readonly Source[] {
  return files.filter((file, index) => statSync(file.from).size < 30_000 || index % 8 === 0);
}

/** Evenly spread over the list, so that no part of a tree dominates. */
function take(files: readonly Source[], count: number): readonly Source[] {
  if (files.length <= count) return files;
  return Array.from({ length: count }, (_, index) => files[Math.floor((index * files.length) / count)]).filter(
    file => file !== undefined,
  );
}

function under(folder: string, prefix: string, wanted: (path: string) => boolean): readonly Source[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(wanted)
    .sort()
    .map(from => ({ from, to: join(prefix, relative(folder, from)) }));
}

function goFiles(): readonly Source[] {
  const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  return under(join(root, 'src'), 'go', path => path.endsWith('.go') && !path.includes('/testdata/'));
}

function pythonFiles(): readonly Source[] {
  const library = execFileSync('python3', ['-c', 'import os; print(os.path.dirname(os.__file__))'], {
    encoding: 'utf8',
  });
  return under(library.trim(), 'python', path => path.endsWith('.py') && !path.includes('/site-packages/'));
}

function javaFiles(): readonly Source[] {
  const archive = readdirSync('/usr/lib/jvm')
    .map(name => join('/usr/lib/jvm', name, 'lib/src.zip'))
    .find(path => existsSync(path));
  if (archive === undefined)
    throw new Error('No src.zip of a JDK was found under /usr/lib/jvm: install a JDK with sources.');
  const folder = join(benchCache(), `jdk-${basename(dirname(dirname(archive)))}`);
  if (!existsSync(folder)) {
    const building = join(tmpdir(), `understudy-jdk-${process.pid}`);
    const script =
      'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nz.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith("java.base/") and n.endswith(".java")])';
    execFileSync('python3', ['-c', script, archive, building]);
    execFileSync('cp', ['-r', building, folder]);
    rmSync(building, { recursive: true, force: true });
  }
  return under(folder, 'java', path => path.endsWith('.java'));
}

function scriptFiles(): readonly Source[] {
  const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
  return under(modules, 'script', path => /\.(?:ts|js|mjs|cjs|d\.ts)$/.test(path) && statSync(path).size < 400_000);
}

/** Written beside each result, so that figures are read with the machine they come from. */
export function writeResult(name: string, result: unknown): void {
  const folder = fileURLToPath(new URL('../../../test/bench/results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}
