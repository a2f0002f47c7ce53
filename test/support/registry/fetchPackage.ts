import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../../../server/base/failure.js';

/** A published version of a package. Maven names are `group:artifact`, Go names are module paths. */
export interface PackageVersion {
  readonly registry: 'npm' | 'pypi' | 'crates' | 'go' | 'maven';
  readonly name: string;
  readonly version: string;
}

/**
 * The sources of a package, fetched by the registry's ordinary client as it is configured here, unpacked, and kept.
 * Nothing of the package is run. Raises Failure: unavailable.
 */
export async function fetchPackage(wanted: PackageVersion, cache: string): Promise<string> {
  const folder = join(cache, 'packages', wanted.registry, folderName(wanted));
  if (await exists(folder)) return folder;
  await mkdir(join(cache, 'packages', wanted.registry), { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'understudy-fetch-'));
  try {
    const unpacked = await fetchers[wanted.registry](wanted, scratch);
    const arriving = `${folder}.${process.pid}`;
    await cp(unpacked, arriving, { recursive: true, verbatimSymlinks: true });
    // Whoever came first has the same files.
    await rename(arriving, folder).catch(() => rm(arriving, { recursive: true, force: true }));
    return folder;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where tests keep what they fetched. */
export function testCache(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return environment['UNDERSTUDY_TEST_CACHE'] ?? join(base, 'understudy-test');
}

const fetchers: Record<PackageVersion['registry'], (wanted: PackageVersion, scratch: string) => Promise<string>> = {
  async npm({ name, version }, scratch) {
    await run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', scratch], scratch);
    return unpackTar(scratch);
  },
  // Wheels: they hold the sources as they are installed, and nothing must be run to get them.
  async pypi({ name, version }, scratch) {
    const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--dest', scratch];
    await run('python3', ['-m', 'pip', 'download', ...flags, `${name}==${version}`], scratch);
    return unpackZip(scratch, '.whl');
  },
  async crates({ name, version }, scratch) {
    const manifest = [
      '[package]',
      'name = "fetch"',
      'version = "0.0.0"',
      'edition = "2021"',
      '[dependencies]',
      `wanted = { package = "${name}", version = "=${version}", default-features = false }`,
    ];
    await writeFile(join(scratch, 'Cargo.toml'), `${manifest.join('\n')}\n`);
    await mkdir(join(scratch, 'src'));
    await writeFile(join(scratch, 'src', 'lib.rs'), '');
    await run('cargo', ['vendor', '--quiet', '--versioned-dirs', 'vendored'], scratch);
    // What stands behind a plus sign is part of the folder's name but no part of the version that is asked for.
    const folder = (await readdir(join(scratch, 'vendored'))).find(
      entry => entry === `${name}-${version}` || entry.startsWith(`${name}-${version}+`),
    );
    return join(scratch, 'vendored', folder ?? `${name}-${version}`);
  },
  async go({ name, version }, scratch) {
    const modules = join(scratch, 'modules');
    await run('go', ['mod', 'download', '-modcacherw', `${name}@${version}`], scratch, { GOMODCACHE: modules });
    // Upper-case letters are stored as an exclamation mark and the lower-case letter.
    const escaped = name.replace(/[A-Z]/g, letter => `!${letter.toLowerCase()}`);
    return join(modules, `${escaped}@${version}`);
  },
  async maven({ name, version }, scratch) {
    const artifact = `-Dartifact=${name}:${version}:jar:sources`;
    await run('mvn', ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${scratch}`], scratch);
    return unpackZip(scratch, '.jar');
  },
};

async function unpackTar(folder: string): Promise<string> {
  const target = join(folder, 'unpacked');
  await mkdir(target);
  await run('tar', ['-xzf', await onlyFile(folder, '.tgz'), '-C', target, '--strip-components=1'], folder);
  return target;
}

async function unpackZip(folder: string, ending: string): Promise<string> {
  const target = join(folder, 'unpacked');
  await run('python3', ['-m', 'zipfile', '-e', await onlyFile(folder, ending), target], folder);
  return target;
}

async function onlyFile(folder: string, ending: string): Promise<string> {
  const found = (await readdir(folder)).find(entry => entry.endsWith(ending));
  if (found === undefined) throw new Failure('unavailable', `The registry sent no ${ending} file.`);
  return join(folder, found);
}

async function run(program: string, args: readonly string[], folder: string, environment = {}): Promise<void> {
  const options = { cwd: folder, env: { ...process.env, ...environment }, timeout: 300_000, maxBuffer: 1 << 26 };
  try {
    await promisify(execFile)(program, args, options);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    throw new Failure('unavailable', `${program} ${args.slice(0, 3).join(' ')} failed: ${said ?? ''}`, {
      remedy: `Install ${program}, and check that it can reach its registry from here.`,
      cause: error,
    });
  }
}

function folderName({ name, version }: PackageVersion): string {
  const readable = `${name}-${version}`.replace(/[^\w.+-]/g, '_');
  return `${readable}-${createHash('sha256').update(`${name} ${version}`).digest('hex').slice(0, 8)}`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
