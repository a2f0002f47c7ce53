import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Failure } from '../../../server/base/failure.js';
import { gitChanges } from '../../../server/trust/gitChanges.js';

const never = new AbortController().signal;

describe('gitChanges', () => {
  let root: string;
  let folder: string;

  const git = (...args: string[]): string => {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.example', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...identity, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  };
  const write = (path: string, text: string | Buffer): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return join(folder, path);
  };
  const commit = (message = 'more'): void => {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', message);
  };
  const read = async (range: string, at = folder): Promise<(string | null)[][]> => {
    const { changes } = await gitChanges(at, range, never);
    return changes
      .map(({ path, from, before, after }) => [
        relative(at, path),
        ...(from === null ? [] : [relative(at, from)]),
        before,
        after,
      ])
      .sort((left, right) => String(left[0]).localeCompare(String(right[0])));
  };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-changes-')));
    folder = join(root, 'project');
    mkdirSync(folder);
    git('init', '-q', '-b', 'main');
    write('kept.ts', 'kept\n');
    write('src/a.ts', 'one\n');
    write('gone.ts', 'gone for good\n');
    commit('first');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('compares two revisions', async () => {
    write('src/a.ts', 'two\n');
    write('ü new.ts', 'new\n');
    rmSync(join(folder, 'gone.ts'));
    commit();
    const expected = [
      ['gone.ts', 'gone for good\n', null],
      ['src/a.ts', 'one\n', 'two\n'],
      ['ü new.ts', null, 'new\n'],
    ];
    for (const range of ['HEAD~1..HEAD', 'HEAD~..', 'main^..main', ' HEAD~1..HEAD '])
      assert.deepEqual(await read(range), expected, range);
    assert.deepEqual(await read('HEAD..HEAD~1'), [
      ['gone.ts', null, 'gone for good\n'],
      ['src/a.ts', 'two\n', 'one\n'],
      ['ü new.ts', 'new\n', null],
    ]);
    assert.deepEqual(await read('HEAD..HEAD'), []);
  });

  it('compares from where two branches parted', async () => {
    git('checkout', '-q', '-b', 'topic');
    write('src/a.ts', 'topic\n');
    commit();
    git('checkout', '-q', 'main');
    write('kept.ts', 'main went on\n');
    commit();
    assert.deepEqual(await read('main...topic'), [['src/a.ts', 'one\n', 'topic\n']]);
    assert.equal((await read('main..topic')).length, 2);
  });

  it('compares a revision with the files as they are', async () => {
    write('src/a.ts', 'two\n');
    write('untracked.ts', 'git does not know it\n');
    write('staged.ts', 'staged\n');
    git('add', 'staged.ts');
    write('staged.ts', 'staged and changed\n');
    rmSync(join(folder, 'gone.ts'));
    const expected = [
      ['gone.ts', 'gone for good\n', null],
      ['src/a.ts', 'one\n', 'two\n'],
      ['staged.ts', null, 'staged and changed\n'],
    ];
    assert.deepEqual(await read('HEAD'), expected);
    commit();
    assert.deepEqual(await read('HEAD'), []);
    // Touched, and written anew as it was: no change.
    write('src/a.ts', 'two\n');
    assert.deepEqual(await read('HEAD'), []);
    write('src/a.ts', 'owt\n');
    assert.deepEqual(await read('HEAD'), [['src/a.ts', 'two\n', 'owt\n']]);
  });

  it('compares what is staged', async () => {
    write('src/a.ts', 'staged\n');
    git('add', 'src/a.ts');
    write('src/a.ts', 'not staged\n');
    write('announced.ts', 'x\n');
    git('add', '-N', 'announced.ts');
    git('rm', '-q', '--cached', 'gone.ts');
    const expected = [
      ['gone.ts', 'gone for good\n', null],
      ['src/a.ts', 'one\n', 'staged\n'],
    ];
    for (const range of ['staged', '--staged', '--cached']) assert.deepEqual(await read(range), expected, range);
  });

  it('compares what is to be committed where git commits without staging it first', async () => {
    write('src/a.ts', 'two\n');
    const other = join('.git', 'next-index-1.lock');
    execFileSync('git', ['read-tree', 'HEAD'], { cwd: folder, env: { ...process.env, GIT_INDEX_FILE: other } });
    execFileSync('git', ['add', 'src/a.ts'], { cwd: folder, env: { ...process.env, GIT_INDEX_FILE: other } });
    const outside = join(root, 'index');
    copyFileSync(join(folder, other), outside);
    try {
      // Hooks get it relative to the work tree or absolute; what lies elsewhere is no index of this repository.
      for (const [named, expected] of [
        [other, [['src/a.ts', 'one\n', 'two\n']]],
        [join(folder, other), [['src/a.ts', 'one\n', 'two\n']]],
        [outside, []],
      ] as const) {
        process.env['GIT_INDEX_FILE'] = named;
        assert.deepEqual(await read('staged'), expected, named);
      }
    } finally {
      delete process.env['GIT_INDEX_FILE'];
    }
  });

  it('takes everything staged before the first commit for new', async () => {
    rmSync(join(folder, '.git'), { recursive: true });
    git('init', '-q');
    git('add', 'src/a.ts');
    assert.deepEqual(await read('staged'), [['src/a.ts', null, 'one\n']]);
  });

  it('reads every version of the index', async () => {
    for (let index = 0; index < 30; index++) write(`deep/er/file${index}.ts`, `${index}\n`);
    commit();
    write('deep/er/file7.ts', 'seven\n');
    write('src/a.ts', 'two\n');
    for (const version of ['2', '3', '4']) {
      git('update-index', '--index-version', version);
      git('add', 'src/a.ts');
      const expected = [
        ['deep/er/file7.ts', '7\n', 'seven\n'],
        ['src/a.ts', 'one\n', 'two\n'],
      ];
      assert.deepEqual(await read('HEAD'), expected, version);
      assert.deepEqual(await read('staged'), expected.slice(1), version);
    }
    git('update-index', '--split-index');
    await assert.rejects(read('HEAD'), error => error instanceof Failure && error.kind === 'unavailable');
  });

  it('reads repositories whose objects are named by SHA-256', async () => {
    rmSync(join(folder, '.git'), { recursive: true });
    git('init', '-q', '--object-format=sha256');
    commit();
    write('src/a.ts', 'two\n');
    assert.deepEqual(await read('HEAD'), [['src/a.ts', 'one\n', 'two\n']]);
    git('add', '-A');
    assert.deepEqual(await read('staged'), [['src/a.ts', 'one\n', 'two\n']]);
    commit();
    assert.deepEqual(await read('HEAD~..HEAD'), [['src/a.ts', 'one\n', 'two\n']]);
  });

  it('limits itself to the folder, with paths as it was named', async () => {
    write('src/a.ts', 'two\n');
    write('kept.ts', 'changed outside\n');
    assert.deepEqual(await read('HEAD', join(folder, 'src')), [['a.ts', 'one\n', 'two\n']]);
    git('add', '-A');
    assert.deepEqual(await read('staged', join(folder, 'src')), [['a.ts', 'one\n', 'two\n']]);
    commit();
    assert.deepEqual(await read('HEAD~..HEAD', join(folder, 'src')), [['a.ts', 'one\n', 'two\n']]);
    symlinkSync(join(folder, 'src'), join(root, 'link'));
    assert.deepEqual(await read('HEAD~..HEAD', join(root, 'link')), [['a.ts', 'one\n', 'two\n']]);
  });

  it('knows a linked work tree and its own index', async () => {
    git('worktree', 'add', '-q', join(root, 'other'));
    writeFileSync(join(root, 'other', 'src', 'a.ts'), 'other\n');
    assert.deepEqual(await read('HEAD', join(root, 'other')), [['src/a.ts', 'one\n', 'other\n']]);
    assert.deepEqual(await read('HEAD'), []);
  });

  it('puts a renamed file together with what it was', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
    write('old.ts', lines.join(''));
    commit();
    rmSync(join(folder, 'old.ts'));
    write('moved/new.ts', [...lines, 'one more\n'].join(''));
    write('unlike.ts', 'nothing of the kind\n'.repeat(10));
    git('add', '-A');
    assert.deepEqual(await read('HEAD'), [
      ['moved/new.ts', 'old.ts', lines.join(''), [...lines, 'one more\n'].join('')],
      ['unlike.ts', null, 'nothing of the kind\n'.repeat(10)],
    ]);
  });

  it('says what it leaves out, and why', async () => {
    write('picture.png', Buffer.from([137, 80, 0, 1]));
    write('latin.txt', Buffer.from([0x67, 0x72, 0xfc, 0xdf, 0x65]));
    write('huge.txt', 'x'.repeat(5_000_000));
    write('lfs.txt', 'version https://git-lfs.github.com/spec/v1\n');
    symlinkSync('a.ts', join(folder, 'src', 'link.ts'));
    git('add', '-A');
    for (const range of ['HEAD', 'staged']) {
      const { changes, leftOut } = await gitChanges(folder, range, never);
      assert.deepEqual(changes, [], range);
      assert.deepEqual(
        leftOut.map(({ path }) => relative(folder, path)).sort(),
        ['huge.txt', 'latin.txt', 'lfs.txt', 'picture.png', 'src/link.ts'],
        range,
      );
    }
    const conflicting = (branch: string): void => {
      git('checkout', '-q', '-b', branch, 'HEAD');
      write('kept.ts', `${branch}\n`);
      git('add', 'kept.ts');
      git('commit', '-q', '-m', branch);
    };
    git('reset', '-q', '--hard');
    conflicting('left');
    git('checkout', '-q', 'main');
    conflicting('right');
    assert.throws(() => git('merge', 'left'));
    const { leftOut } = await gitChanges(folder, 'HEAD', never);
    assert.deepEqual(leftOut, [{ path: join(folder, 'kept.ts'), why: 'has conflicts' }]);
  });

  it('takes line ends that git itself turned round for no change', async () => {
    write('two.ts', 'a\nb\n');
    commit();
    write('two.ts', 'a\r\nb\r\n');
    assert.deepEqual(await read('HEAD'), []);
    write('two.ts', 'a\r\nc\r\n');
    assert.deepEqual(await read('HEAD'), [['two.ts', 'a\r\nb\r\n', 'a\r\nc\r\n']]);
  });

  it('refuses what is no range', async () => {
    for (const [range, kind] of [
      ['', 'bad-input'],
      ['--output=/tmp/x', 'bad-input'],
      ['HEAD..--output=x', 'bad-input'],
      ['HEAD\nHEAD', 'bad-input'],
      ['nowhere', 'not-found'],
      ['HEAD..nowhere', 'not-found'],
      ['HEAD~99', 'not-found'],
      ['HEAD:kept.ts', 'not-found'],
    ] as const)
      await assert.rejects(read(range), error => error instanceof Failure && error.kind === kind, range);
    await assert.rejects(read('HEAD', root), error => error instanceof Failure && error.kind === 'not-found');
  });

  describe('of a hostile repository', () => {
    const poison = (): string => {
      const trap = join(root, 'trap.sh');
      writeFileSync(trap, `#!/bin/sh\necho "$0" >> ${join(root, 'sprung')}\ncat\n`);
      chmodSync(trap, 0o755);
      for (const [name, value] of [
        ['core.fsmonitor', trap],
        ['core.hooksPath', dirname(trap)],
        ['core.pager', trap],
        ['core.editor', trap],
        ['core.sshCommand', trap],
        ['diff.external', trap],
        ['diff.evil.command', trap],
        ['diff.evil.textconv', trap],
        ['filter.evil.clean', trap],
        ['filter.evil.smudge', trap],
        ['filter.evil.process', trap],
        ['filter.evil.required', 'true'],
        ['gpg.program', trap],
        ['log.showSignature', 'true'],
        ['pager.diff-tree', trap],
        ['pager.cat-file', trap],
        ['alias.diff-tree', `!${trap}`],
        ['credential.helper', `!${trap}`],
      ] as const)
        git('config', name, value);
      return trap;
    };

    it('runs nothing of what its configuration names, where git itself does', async () => {
      write('src/a.ts', 'two\n');
      commit();
      poison();
      write('.gitattributes', '* diff=evil filter=evil\n');
      write('.git/info/attributes', '* diff=evil filter=evil\n');
      write('src/a.ts', 'three\n');
      assert.deepEqual(await read('HEAD~1..HEAD'), [['src/a.ts', 'one\n', 'two\n']]);
      assert.deepEqual(await read('HEAD~1...HEAD'), [['src/a.ts', 'one\n', 'two\n']]);
      assert.deepEqual(await read('HEAD'), [['src/a.ts', 'two\n', 'three\n']]);
      assert.deepEqual(await read('staged'), []);
      assert(!existsSync(join(root, 'sprung')));
      // The attack works on whoever asks git the usual way.
      spawnSync('git', ['diff', 'HEAD'], { cwd: folder });
      assert(existsSync(join(root, 'sprung')));
    });

    it('is not told where git itself lies', async () => {
      const trap = poison();
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, 'git'), readFileSync(trap));
      chmodSync(join(bin, 'git'), 0o755);
      const path = process.env['PATH'];
      process.env['PATH'] = `${bin}:${path}`;
      try {
        assert.deepEqual(await read('HEAD..HEAD'), []);
        assert(!existsSync(join(root, 'sprung')));
        assert.match(execFileSync('git', ['--version'], { encoding: 'utf8', input: 'taken over' }), /taken over/);
        assert(existsSync(join(root, 'sprung')));
      } finally {
        process.env['PATH'] = path;
      }
    });

    it('reads nothing outside by names in its index', async () => {
      writeFileSync(join(root, 'secret.ts'), 'secret\n');
      mkdirSync(join(root, 'elsewhere'));
      writeFileSync(join(root, 'elsewhere', 'a.ts'), 'secret\n');
      // A folder that git knows is replaced by a link that leads out.
      renameSync(join(folder, 'src'), join(root, 'moved'));
      symlinkSync(join(root, 'elsewhere'), join(folder, 'src'));
      assert.equal(readFileSync(join(folder, 'src', 'a.ts'), 'utf8'), 'secret\n');
      const linked = await gitChanges(folder, 'HEAD', never);
      assert.deepEqual([linked.changes, linked.leftOut.length], [[], 1]);
      // A name in the index goes up: as long as the one that it replaces, so that the file stays sound.
      const index = join(folder, '.git', 'index');
      const bytes = readFileSync(index);
      write('0123456789.ts', 'x\n');
      git('add', '0123456789.ts');
      const known = readFileSync(index);
      const at = known.indexOf('0123456789.ts');
      assert(at > 0 && bytes.indexOf('0123456789.ts') < 0);
      known.write('../secret.ts\0', at, 'latin1');
      writeFileSync(index, known);
      assert.equal(readFileSync(join(folder, '../secret.ts'), 'utf8'), 'secret\n');
      const { changes } = await gitChanges(folder, 'HEAD', never);
      assert(!JSON.stringify(changes).includes('secret'));
    });

    it('waits for no pipe in the place of its index', async () => {
      rmSync(join(folder, '.git', 'index'));
      execFileSync('mkfifo', [join(folder, '.git', 'index')]);
      await assert.rejects(read('HEAD'), error => error instanceof Failure && error.kind === 'damaged');
    });

    it('says that an index is damaged', async () => {
      const index = join(folder, '.git', 'index');
      for (const bytes of [
        Buffer.alloc(0),
        Buffer.from('DIRC\0\0\0\x02\xff\xff\xff\xff'),
        readFileSync(index).subarray(0, 90),
      ]) {
        writeFileSync(index, bytes);
        await assert.rejects(read('HEAD'), error => error instanceof Failure && error.kind === 'damaged');
      }
    });
  });
});
