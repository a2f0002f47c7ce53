import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../../../../server/base/failure.js';
import { defaultHistoryOptions, readGitHistory } from '../../../../server/cli/try/history.js';

describe('readGitHistory', () => {
  let folder: string;
  const never = new AbortController().signal;
  const git = (...args: string[]): void => {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.example', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
  };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const commit = (message: string): void => {
    git('add', '-A');
    git('commit', '-q', '-m', message);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-history-'));
    git('init', '-q', '-b', 'main');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the tree before the first change set, and each change with its lines', async () => {
    write('src/a.ts', 'one\ntwo\nthree\n');
    write('notes.md', 'n\n');
    commit('large enough to be one');
    write('src/a.ts', 'one\n2\n2b\nthree\n');
    write('ü b.ts', 'x\ny\n');
    commit('second');
    const options = { ...defaultHistoryOptions, maxChangeSets: 1, accepts: (path: string) => path.endsWith('.ts') };
    const { base, changeSets } = await readGitHistory(folder, options, never);
    assert.deepEqual([...base], [['src/a.ts', 'one\ntwo\nthree\n']]);
    assert.equal(changeSets.length, 1);
    assert.deepEqual(changeSets[0]?.files, [
      {
        path: 'src/a.ts',
        oldText: 'one\ntwo\nthree\n',
        newText: 'one\n2\n2b\nthree\n',
        hunks: [{ oldStart: 1, oldCount: 1, newStart: 1, newCount: 2 }],
      },
      {
        path: 'ü b.ts',
        oldText: null,
        newText: 'x\ny\n',
        hunks: [{ oldStart: 0, oldCount: 0, newStart: 0, newCount: 3 }],
      },
    ]);
  });

  it('takes over what merges and too large commits changed as drift', async () => {
    write('a.ts', 'a\nb\n');
    commit('first');
    write('big.ts', 'x\n'.repeat(500));
    commit('too large');
    git('rm', '-q', 'a.ts');
    write('c.ts', 'c\nc\n');
    commit('third');
    const { base, changeSets } = await readGitHistory(folder, defaultHistoryOptions, never);
    assert.equal(base.size, 0);
    assert.deepEqual(
      changeSets.map(({ drift, files }) => [drift.map(({ path }) => path), files.map(({ path }) => path)]),
      [
        [[], ['a.ts']],
        [['big.ts'], ['a.ts', 'c.ts']],
      ],
    );
    assert.equal(changeSets[1]?.files[0]?.newText, null);
  });

  it('limits itself to the folder it was given', async () => {
    write('one/a.ts', 'a\nb\n');
    write('two/b.ts', 'a\nb\n');
    commit('first');
    const { changeSets } = await readGitHistory(join(folder, 'two'), defaultHistoryOptions, never);
    assert.deepEqual(
      changeSets.flatMap(({ files }) => files.map(({ path }) => path)),
      ['b.ts'],
    );
  });

  it('starts no program that the repository names', async () => {
    write('.gitattributes', '*.ts diff=evil filter=evil\n');
    write('a.ts', 'a\nb\n');
    commit('first');
    write('a.ts', 'a\nb\nc\nd\n');
    commit('second');
    const proof = join(folder, 'proof');
    const program = join(folder, '.git', 'evil.sh');
    writeFileSync(program, `#!/bin/sh\necho ran >> "${proof}"\ncat\n`);
    chmodSync(program, 0o755);
    const settings = [
      'core.fsmonitor',
      'core.pager',
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'filter.evil.smudge',
      'gpg.program',
      'core.sshCommand',
      'core.askPass',
      'core.alternateRefsCommand',
    ];
    for (const name of settings) git('config', name, program);
    git('config', 'log.showSignature', 'true');
    git('config', 'core.hooksPath', join(folder, '.git'));
    const { changeSets } = await readGitHistory(folder, defaultHistoryOptions, never);
    assert.ok(changeSets.length === 2);
    assert.equal(existsSync(proof), false);
  });

  it('says what is wrong with a folder that has no history', async () => {
    await assert.rejects(readGitHistory(folder, defaultHistoryOptions, never), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.kind, 'not-found');
      return true;
    });
    rmSync(join(folder, '.git'), { recursive: true });
    await assert.rejects(readGitHistory(folder, defaultHistoryOptions, never), { name: 'Failure', kind: 'not-found' });
  });

  it('stops at once when it is called off', async () => {
    const reason = new Error('called off');
    await assert.rejects(readGitHistory(folder, defaultHistoryOptions, AbortSignal.abort(reason)), reason);
  });
});
