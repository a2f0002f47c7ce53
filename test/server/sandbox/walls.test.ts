import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOnlyMounts } from '../../../server/sandbox/bubblewrap.js';
import { countsAllProcessesOfUser, defaultLimits } from '../../../server/sandbox/limits.js';
import { sandboxExecArguments, sandboxProfile } from '../../../server/sandbox/sandboxExec.js';
import { findToolchain } from '../../../server/sandbox/toolchains.js';

const { signal } = new AbortController();

describe('what a sandbox shows', () => {
  let base = '';
  beforeEach(async () => {
    base = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-walls-')));
    for (const path of ['home/me/project', 'home/me/.toolchain/bin', 'opt/go'])
      mkdirSync(join(base, path), { recursive: true });
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('is never the home folder, the sources, or what holds them, by whatever link', () => {
    const [home, folder] = [join(base, 'home/me'), join(base, 'home/me/project')];
    symlinkSync(home, join(base, 'link'));
    const show = (path: string): readonly string[] =>
      readOnlyMounts([join(base, path)], folder, home).map(mount => mount.path.slice(base.length + 1));
    for (const wide of ['', 'home', 'home/me', 'home/me/project', 'link', 'missing'])
      assert.deepEqual(show(wide), [], wide);
    assert.deepEqual(show('home/me/.toolchain'), ['home/me/.toolchain']);
    assert.deepEqual(show('opt/go'), ['opt/go']);
    symlinkSync(join(base, 'opt/go'), join(base, 'go'));
    assert.deepEqual(show('go'), ['go', 'opt/go']);
  });

  it('is of an installation that a project names only what belongs to Python', async () => {
    const folder = join(base, 'home/me/project');
    for (const path of ['home/me/bin', 'home/me/lib/python3.11', 'home/me/lib/private', 'home/me/.ssh'])
      mkdirSync(join(base, path), { recursive: true });
    for (const path of ['bin/python3', 'bin/own']) writeFileSync(join(base, 'home/me', path), '', { mode: 0o755 });
    mkdirSync(join(folder, '.venv'));
    writeFileSync(join(folder, '.venv', 'pyvenv.cfg'), `home = ${join(base, 'home/me/bin')}\nversion = 3.11\n`);
    const chain = await findToolchain('python3', { folder, env: { PATH: '' } }, signal);
    assert.deepEqual(
      chain?.readOnly.map(path => path.slice(base.length + 1)),
      ['home/me/bin/python3', 'home/me/lib/python3.11'],
    );
    assert.equal(chain.bin[0], join(folder, '.venv', 'bin'));
  });

  it('is nothing of a toolchain that is not there', async () => {
    for (const name of ['go', 'cargo', 'javac', 'python3', 'ls'])
      assert.equal(await findToolchain(name, { folder: base, env: { PATH: '' } }, signal), null, name);
  });

  it('counts the processes of a user where the kernel does', () => {
    const kernels = ['4.19.0', '5.13.2-generic', '5.14.0', '6.1.0-18-amd64'];
    assert.deepEqual(kernels.map(countsAllProcessesOfUser), [true, true, false, false]);
  });

  it('is on macOS what a profile says, which names no folder that it does not show', () => {
    const profile = sandboxProfile({ writable: ['/private/tmp/a "b"'], readOnly: ['/Users/me/go'] });
    assert.match(profile, /^\(version 1\)\n\(deny default\)\n\(deny network\*\)/);
    assert.match(profile, /\(allow file-write\* \(subpath "\/private\/tmp\/a \\"b\\""\)/);
    assert.ok(!/file-write.*Users/.test(profile));
    const argv = sandboxExecArguments(profile, defaultLimits(), ['node', 'a b.js']);
    assert.deepEqual(argv.slice(-3), ['sh', 'node', 'a b.js']);
    assert.equal(argv[0], '/usr/bin/sandbox-exec');
  });
});
