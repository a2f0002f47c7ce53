import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findExecutable } from '../../../server/trust/executable.js';

describe('findExecutable', () => {
  let root: string;
  let workspace: string;
  let system: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-executable-')));
    workspace = join(root, 'workspace');
    system = join(root, 'system');
    mkdirSync(workspace);
    mkdirSync(system);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const program = (path: string, says: string): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho ${says}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const find = (...folders: string[]): string | null =>
    findExecutable('tool', { path: folders.join(delimiter), workspace });

  it('finds the first of PATH that can be run', () => {
    const other = join(root, 'other');
    const wanted = program(join(system, 'tool'), 'ours');
    program(join(other, 'tool'), 'later');
    mkdirSync(join(root, 'folder', 'tool'), { recursive: true });
    writeFileSync(join(root, 'data'), '');
    assert.equal(find(join(root, 'missing'), join(root, 'folder'), system, other), wanted);
    chmodSync(wanted, 0o644);
    assert.equal(find(system, other), join(other, 'tool'));
    assert.equal(find(), null);
    assert.equal(findExecutable('tool', { path: undefined, workspace: null }), null);
  });

  it('keeps the name of a program that does what it is called by', () => {
    const real = program(join(system, 'many'), 'many');
    symlinkSync(real, join(system, 'tool'));
    assert.equal(find(system), join(system, 'tool'));
  });

  it('takes plain names only', () => {
    program(join(system, 'tool'), 'ours');
    for (const name of ['', '.', '..', '../system/tool', join(system, 'tool'), 'tool\0', 'a b', './tool'])
      assert.equal(findExecutable(name, { path: system, workspace }), null, JSON.stringify(name));
  });

  it('an empty or relative entry of PATH, which a shell would look up in the workspace, is passed over', () => {
    program(join(workspace, 'tool'), 'attacked');
    for (const path of ['', '.', `${delimiter}${system}`, `bin${delimiter}..`]) {
      assert.equal(findExecutable('tool', { path, workspace }), null, path);
      // The attack: where the system itself looks the name up.
      const naive = spawnSync('tool', { cwd: workspace, env: { PATH: path }, encoding: 'utf8' });
      if (!path.includes('bin')) assert.equal(naive.stdout, 'attacked\n', path);
    }
  });

  const attacks: readonly (readonly [string, () => string])[] = [
    ['an entry inside the workspace', () => dirname(program(join(workspace, 'bin', 'tool'), 'attacked'))],
    [
      'an entry that is a link into the workspace',
      () => {
        program(join(workspace, 'bin', 'tool'), 'attacked');
        symlinkSync(join(workspace, 'bin'), join(root, 'link'));
        return join(root, 'link');
      },
    ],
    [
      'a program that is a link into the workspace',
      () => {
        symlinkSync(program(join(workspace, 'evil'), 'attacked'), join(system, 'tool'));
        return system;
      },
    ],
    [
      'a chain of links that passes through the workspace and can be turned there',
      () => {
        const harmless = program(join(root, 'elsewhere', 'tool'), 'attacked');
        symlinkSync(harmless, join(workspace, 'turn'));
        symlinkSync(join(workspace, 'turn'), join(system, 'tool'));
        return system;
      },
    ],
  ];
  for (const [name, prepare] of attacks) {
    it(`${name} is passed over`, () => {
      const folder = prepare();
      assert.equal(find(folder), null);
      // Without a workspace to be wary of it is found, and runs.
      const naive = findExecutable('tool', { path: folder, workspace: null });
      assert.equal(spawnSync(naive ?? '', { encoding: 'utf8' }).stdout, 'attacked\n');
      const wanted = program(join(root, 'later', 'tool'), 'ours');
      assert.equal(find(folder, dirname(wanted)), wanted);
    });
  }
});
