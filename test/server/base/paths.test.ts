import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  distinctFolders,
  isInside,
  isReallyInside,
  nearestFolder,
  pathToUri,
  judgedPath,
  uriToPath,
} from '../../../server/base/paths.js';

const onPosix = process.platform !== 'win32';

function check(uri: string, path: string | null): void {
  it(`${uri} is ${path ?? 'no file'}`, () => assert.equal(uriToPath(uri), path));
}

describe('uriToPath', () => {
  if (onPosix) {
    check('file:///home/a/b.ts', '/home/a/b.ts');
    check('file:///home/a%20b/%C3%BC%23.ts', '/home/a b/ü#.ts');
    check('FILE:///a.ts', '/a.ts');
    check('file://localhost/a.ts', '/a.ts');
    check('file:///a/../b.ts', '/b.ts');
    check('file:///c%3A/x.ts', '/c:/x.ts');
    check('file:///c:/x.ts', '/c:/x.ts');
  }
  check('file://server/share/a.ts', null);
  check('file://wsl.localhost/Ubuntu/home/a.ts', null);
  check('file:///a%2Fb.ts', null);
  check('file:///a%00b.ts', null);
  check('file:///a%', null);
  check('file:a.ts', null);
  check('untitled:Untitled-1', null);
  check('git:/home/a.ts?%7B%22ref%22%3A%22HEAD%22%7D', null);
  check('vscode-remote://ssh-remote%2Bhost/home/a.ts', null);
  check('vscode-notebook-cell:/a.ipynb#W0', null);
  check('', null);
  check('/home/a.ts', null);
  check('\uD800', null);

  it('gives back what pathToUri made', () => {
    for (const path of ['/a b/ü.ts', '/100%/c#.ts', '/q?.ts', '/back\\slash.ts'])
      if (onPosix) assert.equal(uriToPath(pathToUri(path)), path);
  });
});

describe('folders', () => {
  let root: string;
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-paths-')));
    mkdirSync(join(root, 'project'));
    mkdirSync(join(root, 'other'));
    writeFileSync(join(root, 'other', 'secret'), '');
    symlinkSync(join(root, 'other'), join(root, 'project', 'link'));
  });
  after(() => rmSync(root, { recursive: true }));

  it('hold what lies in them by name', () => {
    assert.ok(isInside('/a/b', '/a/b/c'));
    assert.ok(isInside('/a/b', '/a/b'));
    assert.ok(isInside('/a/b', '/a/b/..c'));
    assert.ok(!isInside('/a/b', '/a/bc'));
    assert.ok(!isInside('/a/b', '/a/b/../c'));
  });

  it('do not hold what a link leads to, nor a new file behind one', () => {
    const project = join(root, 'project');
    assert.ok(isReallyInside(project, join(project, 'new', 'file.ts')));
    assert.ok(!isReallyInside(project, join(project, 'link', 'secret')));
    assert.ok(!isReallyInside(project, join(project, 'link', 'new')));
    assert.ok(!isReallyInside(project, join(project, '..', 'other')));
  });

  it('are named once, whatever leads to them', () => {
    const other = join(root, 'other');
    assert.deepEqual(distinctFolders([`${other}/`, join(root, 'project', 'link'), other, '/never/there']), [
      other,
      '/never/there',
    ]);
    assert.deepEqual(distinctFolders(['/']), ['/']);
  });

  it('are found deepest first', () => {
    assert.equal(nearestFolder('/a/b/c.ts', ['/a', '/a/b', '/x']), '/a/b');
    assert.equal(nearestFolder('/y/c.ts', ['/a']), null);
  });
});

describe('judgedPath', () => {
  for (const [uri, path] of [
    ['git:/project/.env?ref=HEAD', '/project/.env'],
    ['untitled:.env', '/.env'],
    ['vscode-remote://host/x/.env', '/x/.env'],
    ['git:/project/a%20b.ts#1', '/project/a b.ts'],
    ['untitled:%zz', '/%zz'],
    ['nothing', null],
  ] as const)
    it(`${uri} is judged by ${path ?? 'nothing'}`, () => assert.equal(judgedPath({ path: null, uri }), path));

  it('a file is judged by its own path', () =>
    assert.equal(judgedPath({ path: '/a.ts', uri: 'file:///elsewhere.ts' }), '/a.ts'));
});
