import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure, type FailureKind } from '../../../server/base/failure.js';
import { pathToUri } from '../../../server/base/paths.js';
import { placeInside, whyNoPath } from '../../../server/trust/paths.js';
import { readPlace } from '../../../server/trust/readPlace.js';

describe('placeInside', () => {
  let outer: string;
  let root: string;

  beforeEach(() => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-paths-')));
    root = join(outer, 'workspace');
    mkdirSync(join(root, 'src'), { recursive: true });
    mkdirSync(join(outer, 'elsewhere'));
    writeFileSync(join(root, 'src', 'a.ts'), 'inside\n');
    writeFileSync(join(outer, 'elsewhere', 'secret'), 'secret\n');
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  const fails = (kind: FailureKind, path: string, use: 'read' | 'write' = 'read', at = root): void => {
    assert.throws(
      () => placeInside(at, path, use),
      error => error instanceof Failure && error.kind === kind,
      `${use} ${path}`,
    );
  };
  const read = (path: string): string => readPlace(placeInside(root, path, 'read'), 1000).bytes.toString('utf8');

  it('gives the real path of what lies inside, however it is named', () => {
    const wanted = join(root, 'src', 'a.ts');
    symlinkSync(root, join(outer, 'link'));
    symlinkSync(join(root, 'src'), join(root, 'other'));
    for (const path of [
      wanted,
      'src/a.ts',
      './src//a.ts',
      'other/a.ts',
      pathToUri(wanted),
      join(outer, 'link', 'src', 'a.ts'),
    ])
      assert.equal(placeInside(root, path, 'read').path, wanted, path);
    assert.equal(placeInside(join(outer, 'link'), 'src/a.ts', 'write').path, wanted);
    assert.equal(placeInside(root, 'new/folder/b.ts', 'write').path, join(root, 'new', 'folder', 'b.ts'));
    assert.equal(placeInside(root, 'new/folder/b.ts', 'write').found, null);
    assert.equal(placeInside(root, '..a/…/b.ts', 'write').path, join(root, '..a', '…', 'b.ts'));
    assert.equal(placeInside(root, 'src', 'read').path, join(root, 'src'));
    assert.equal(read('src/a.ts'), 'inside\n');
  });

  it('refuses what leads outside by its name', () => {
    for (const path of ['../elsewhere/secret', 'src/../../elsewhere/secret', 'src/../src/a.ts'])
      fails('bad-input', path);
    for (const path of [join(outer, 'elsewhere', 'secret'), `${root}-two`, '/', outer, `${outer}/workspac`])
      fails('permission', path);
    // The attack: a name that is joined and opened leads out.
    assert.equal(readFileSync(join(root, '../elsewhere/secret'), 'utf8'), 'secret\n');
  });

  it('refuses what leads outside by a symbolic link, to read and to write', () => {
    symlinkSync(join(outer, 'elsewhere'), join(root, 'folder'));
    symlinkSync(join(outer, 'elsewhere', 'secret'), join(root, 'file'));
    symlinkSync('file', join(root, 'twice'));
    for (const path of ['folder/secret', 'file', 'twice', 'folder/new.ts', 'folder', 'folder/a/b.ts']) {
      fails('permission', path);
      fails('permission', path, 'write');
    }
    // The attack: a lexical test passes, and what is opened lies outside.
    assert(resolve(root, 'folder/secret').startsWith(root));
    assert.equal(readFileSync(join(root, 'folder', 'secret'), 'utf8'), 'secret\n');
    writeFileSync(join(root, 'twice'), 'overwritten\n');
    assert.equal(readFileSync(join(outer, 'elsewhere', 'secret'), 'utf8'), 'overwritten\n');
  });

  it('refuses a link that leads nowhere yet', () => {
    symlinkSync(join(outer, 'elsewhere', 'new'), join(root, 'dangling'));
    symlinkSync(join(outer, 'elsewhere', 'none'), join(root, 'gone'));
    symlinkSync('loop', join(root, 'loop'));
    for (const path of ['dangling', 'gone/new.ts', 'loop', 'loop/a.ts']) fails('permission', path, 'write');
    // The attack: whoever writes to it makes a file outside.
    writeFileSync(join(root, 'dangling'), 'made\n');
    assert(existsSync(join(outer, 'elsewhere', 'new')));
  });

  it('refuses to write through a hard link', () => {
    linkSync(join(outer, 'elsewhere', 'secret'), join(root, 'hard'));
    fails('permission', 'hard', 'write');
    assert.equal(read('hard'), 'secret\n');
    // The attack: nothing about its path says so.
    assert.equal(realpathSync(join(root, 'hard')), join(root, 'hard'));
    writeFileSync(join(root, 'hard'), 'overwritten\n');
    assert.equal(readFileSync(join(outer, 'elsewhere', 'secret'), 'utf8'), 'overwritten\n');
  });

  it('refuses what is no plain file to write, and waits for no pipe', () => {
    fails('bad-input', 'src', 'write');
    fails('bad-input', '.', 'write');
    assert.throws(() => read('src'), Failure);
  });

  it('refuses URIs of anything but files of this machine, and escaped separators', () => {
    writeFileSync(join(root, '%2e%2e%2fsecret'), '');
    for (const path of [
      'file:///%2e%2e/secret',
      `${pathToUri(root)}/%2e%2e/elsewhere/secret`,
      `${pathToUri(root)}/..%2felsewhere%2fsecret`,
      `${pathToUri(root)}/a%00.ts`,
      'file://server/share/a.ts',
      'untitled:Untitled-1',
      `git:${root}/src/a.ts`,
      'vscode-remote://host/a.ts',
      'https://example.com/a.ts',
      'data:text/plain,a',
      '%2e%2e%2fsecret',
      'src%2fa.ts',
      'src%5Ca.ts',
      'a\0.ts',
      'a\n.ts',
      '',
    ])
      fails('bad-input', path);
    // The attack: decoded after it was tested, the name leads out.
    assert.equal(join(root, decodeURIComponent('..%2felsewhere%2fsecret')), join(outer, 'elsewhere', 'secret'));
  });

  it('takes no folder for another whose name differs in letter case', () => {
    const twin = join(outer, 'WORKSPACE');
    mkdirSync(twin);
    writeFileSync(join(twin, 'secret'), 'secret\n');
    fails('permission', join(twin, 'secret'));
    fails('permission', join(twin, 'secret'), 'write');
    // The attack: a comparison that folds letters everywhere.
    assert(join(twin, 'secret').toLowerCase().startsWith(root.toLowerCase()));
  });

  it('says that there is no such workspace', () => fails('not-found', 'a.ts', 'read', join(outer, 'missing')));
});

describe('readPlace', () => {
  it('reads the file that was looked at, and no other that took its place', () => {
    const outer = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-read-')));
    try {
      const root = join(outer, 'workspace');
      mkdirSync(join(root, 'src'), { recursive: true });
      mkdirSync(join(outer, 'elsewhere'));
      writeFileSync(join(outer, 'elsewhere', 'a.ts'), 'secret\n');
      const path = join(root, 'src', 'a.ts');
      writeFileSync(path, 'inside\n');
      const place = placeInside(root, path, 'read');
      assert.equal(readPlace(place, 7).bytes.toString(), 'inside\n');
      assert.throws(
        () => readPlace(place, 6),
        error => error instanceof Failure && error.kind === 'bad-input',
      );
      const swaps = [
        () => {
          rmSync(path);
          symlinkSync(join(outer, 'elsewhere', 'a.ts'), path);
        },
        () => {
          rmSync(join(root, 'src'), { recursive: true });
          symlinkSync(join(outer, 'elsewhere'), join(root, 'src'));
        },
      ];
      for (const swap of swaps) {
        swap();
        // The attack: opened by the name that was found to be inside.
        assert.equal(readFileSync(place.path, 'utf8'), 'secret\n');
        assert.throws(
          () => readPlace(place, 1000),
          error => error instanceof Failure && error.kind === 'locked',
        );
      }
    } finally {
      rmSync(outer, { recursive: true, force: true });
    }
  });
});

describe('whyNoPath', () => {
  const cases: readonly (readonly [string, 'bad' | 'fine', 'bad' | 'fine'])[] = [
    // A path, on Windows, elsewhere.
    ['src/a.ts', 'fine', 'fine'],
    ['C:\\work\\a.ts', 'fine', 'fine'],
    ['c:/work/a.b/.env', 'fine', 'fine'],
    ['src\\..\\..\\a.ts', 'bad', 'fine'],
    ['src/../a.ts', 'bad', 'bad'],
    ['..', 'bad', 'bad'],
    ['...', 'bad', 'fine'],
    ['a..b/c', 'fine', 'fine'],
    ['\\\\server\\share\\a.ts', 'bad', 'fine'],
    ['//server/share/a.ts', 'bad', 'fine'],
    ['\\\\?\\C:\\a.ts', 'bad', 'fine'],
    ['\\\\.\\PhysicalDrive0', 'bad', 'fine'],
    ['src\\con', 'bad', 'fine'],
    ['NUL.txt', 'bad', 'fine'],
    ['com1\\a.ts', 'bad', 'fine'],
    ['COM¹', 'bad', 'fine'],
    ['conin$', 'bad', 'fine'],
    ['console.ts', 'fine', 'fine'],
    ['.git.\\config', 'bad', 'fine'],
    ['.git \\config', 'bad', 'fine'],
    ['.git::$INDEX_ALLOCATION\\config', 'bad', 'fine'],
    ['a.ts:stream', 'bad', 'fine'],
    ['GIT~1\\config', 'bad', 'fine'],
    ['a~b.ts', 'fine', 'fine'],
    ['a*.ts', 'bad', 'fine'],
    ['a%2Fb', 'bad', 'bad'],
    ['a%2eb', 'bad', 'bad'],
    ['100%.ts', 'fine', 'fine'],
    ['a\tb', 'bad', 'bad'],
  ];
  for (const [path, windows, elsewhere] of cases) {
    it(`${JSON.stringify(path)}: ${windows} on Windows, ${elsewhere} elsewhere`, () => {
      assert.equal(whyNoPath(path, 'win32') === null ? 'fine' : 'bad', windows);
      assert.equal(whyNoPath(path, 'linux') === null ? 'fine' : 'bad', elsewhere);
    });
  }
});
