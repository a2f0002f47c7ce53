import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repositoryRoot.js';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
}

interface Locked {
  readonly version?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optional?: boolean;
  readonly resolved?: string;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8'));
const manifest = readJson('package.json') as Manifest;
const lock = (readJson('package-lock.json') as { packages: Readonly<Record<string, Locked>> }).packages;

/** LanceDB's native code, a package for each platform that it is built for. */
const platforms = [
  ['darwin-arm64', 'darwin', 'arm64', null],
  ['linux-arm64-gnu', 'linux', 'arm64', 'glibc'],
  ['linux-arm64-musl', 'linux', 'arm64', 'musl'],
  ['linux-x64-gnu', 'linux', 'x64', 'glibc'],
  ['linux-x64-musl', 'linux', 'x64', 'musl'],
  ['win32-arm64-msvc', 'win32', 'arm64', null],
  ['win32-x64-msvc', 'win32', 'x64', null],
] as const;

describe('the package', () => {
  for (const [name, os, cpu, libc] of platforms)
    it(`has LanceDB for ${name} among its optional dependencies and in the lock (npm ci refuses otherwise)`, () => {
      const full = `@lancedb/lancedb-${name}`;
      const version = manifest.devDependencies['@lancedb/lancedb'];
      assert.equal(manifest.optionalDependencies[full], version);
      const locked = lock[`node_modules/${full}`];
      assert.ok(locked !== undefined, 'missing in package-lock.json: add it by hand, with version, os, cpu and libc');
      assert.equal(locked.version, version);
      assert.deepEqual([locked.os, locked.cpu, locked.libc ?? null], [[os], [cpu], libc === null ? null : [libc]]);
      assert.equal(locked.optional, true);
    });

  it('names all that LanceDB names as its platforms', () => {
    const { optionalDependencies } = readJson('node_modules/@lancedb/lancedb/package.json') as Manifest;
    const named = Object.keys(optionalDependencies).filter(name => name.startsWith('@lancedb/'));
    assert.deepEqual(named.sort(), Object.keys(manifest.optionalDependencies).sort());
  });

  it('has a lock that names no registry', () => {
    const named = Object.entries(lock).filter(([, { resolved }]) => resolved !== undefined);
    assert.deepEqual(named, []);
  });

  it('leaves what is bundled out of what is installed', () => {
    assert.deepEqual(Object.keys(manifest.dependencies), ['apache-arrow']);
  });

  it('has every file that it names', () => {
    for (const file of [...manifest.files, ...Object.values(manifest.bin)])
      assert.ok(existsSync(join(repositoryRoot, file)), `${file} is missing (npm run build makes dist)`);
  });

  it('carries the licences of what is bundled', () => {
    const notices = readFileSync(join(repositoryRoot, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['@lancedb/lancedb', 'chokidar', 'ignore', 'jsonc-parser', 'vscode-jsonrpc', 'web-tree-sitter'])
      assert.match(notices, new RegExp(`^${name.replace('/', '\\/')} \\d`, 'm'));
  });
});
