import assert from 'node:assert/strict';
import fs, {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, type FailureKind } from '../../../server/base/failure.js';
import { placeInside } from '../../../server/trust/paths.js';
import { replacePlace } from '../../../server/trust/replacePlace.js';

describe('replacePlace', () => {
  let outer: string;
  let root: string;
  let path: string;

  beforeEach(() => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-replace-')));
    root = join(outer, 'workspace');
    path = join(root, 'src', 'a.ts');
    mkdirSync(join(root, 'src'), { recursive: true });
    mkdirSync(join(outer, 'elsewhere'));
    writeFileSync(path, 'old\n');
    writeFileSync(join(outer, 'elsewhere', 'a.ts'), 'old\n');
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  const buffer = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));
  const prepare = (name: string, expected: string | null, text: string | null): (() => void) => {
    const place = placeInside(root, name, 'write');
    return () => replacePlace({ place, expected: buffer(expected), bytes: buffer(text), mode: null, draft: '.draft' });
  };
  const fails = (kind: FailureKind, work: () => void): void =>
    assert.throws(work, error => error instanceof Failure && error.kind === kind);
  const unharmed = (): void => {
    assert.deepEqual(readdirSync(join(outer, 'elsewhere')), ['a.ts']);
    assert.equal(readFileSync(join(outer, 'elsewhere', 'a.ts'), 'utf8'), 'old\n');
  };

  it('changes, makes and removes, keeps the mode and leaves nothing beside', () => {
    chmodSync(path, 0o751);
    prepare('src/a.ts', 'old\n', 'new\n')();
    assert.equal(readFileSync(path, 'utf8'), 'new\n');
    assert.equal(statSync(path).mode & 0o777, 0o751);
    prepare('src/b.ts', null, 'made\n')();
    assert.equal(readFileSync(join(root, 'src', 'b.ts'), 'utf8'), 'made\n');
    prepare('src/a.ts', 'new\n', null)();
    prepare('src/none.ts', null, null)();
    assert.deepEqual(readdirSync(join(root, 'src')), ['b.ts']);
  });

  it('refuses another version than it was made for', () => {
    fails('stale', prepare('src/a.ts', 'older\n', 'new\n'));
    fails('stale', prepare('src/a.ts', 'old\n\n', null));
    const make = prepare('src/b.ts', null, 'made\n');
    writeFileSync(join(root, 'src', 'b.ts'), 'came\n');
    fails('locked', make);
    assert.deepEqual(readdirSync(join(root, 'src')), ['a.ts', 'b.ts']);
    assert.equal(readFileSync(path, 'utf8') + readFileSync(join(root, 'src', 'b.ts'), 'utf8'), 'old\ncame\n');
  });

  it('refuses to write through a hard link that came after the check', () => {
    const change = prepare('src/a.ts', 'old\n', 'new\n');
    linkSync(path, join(outer, 'second'));
    fails('permission', change);
    assert.equal(readFileSync(join(outer, 'second'), 'utf8'), 'old\n');
  });

  const swaps: readonly (readonly [string, () => void])[] = [
    [
      'the file by a link that leads out',
      () => {
        rmSync(path);
        symlinkSync(join(outer, 'elsewhere', 'a.ts'), path);
      },
    ],
    [
      'its folder by a link that leads out',
      () => {
        renameSync(join(root, 'src'), join(root, 'moved'));
        symlinkSync(join(outer, 'elsewhere'), join(root, 'src'));
      },
    ],
    [
      'the file by another with the same text',
      () => {
        rmSync(path);
        writeFileSync(path, 'old\n');
        linkSync(path, join(root, 'src', 'again'));
      },
    ],
  ];
  for (const [what, swap] of swaps) {
    for (const text of ['new\n', null]) {
      it(`somebody replaces ${what} after the check: nothing is ${text === null ? 'removed' : 'written'}`, () => {
        const change = prepare('src/a.ts', 'old\n', text);
        swap();
        assert.throws(change, Failure);
        unharmed();
      });
    }
  }

  it('the attack works on who writes by the name that was checked', () => {
    const place = placeInside(root, 'src/a.ts', 'write');
    swaps[1]?.[1]();
    writeFileSync(place.path, 'new\n');
    assert.equal(readFileSync(join(outer, 'elsewhere', 'a.ts'), 'utf8'), 'new\n');
  });

  /** Somebody else acts right before the given call of ours. */
  const before = (
    name: 'renameSync' | 'linkSync' | 'openSync',
    call: number,
    act: () => void,
    work: () => void,
  ): void => {
    const original = fs[name] as (...args: unknown[]) => unknown;
    let calls = 0;
    const patched = (...args: unknown[]): unknown => {
      if (++calls === call) {
        restore();
        act();
      }
      return original(...args);
    };
    const restore = (): void => {
      Object.assign(fs, { [name]: original });
      syncBuiltinESMExports();
    };
    Object.assign(fs, { [name]: patched });
    syncBuiltinESMExports();
    try {
      work();
    } finally {
      restore();
    }
    assert(calls >= call, 'the call was not reached');
  };

  it('the folder is swapped in the last moment before the text is put in its place: nothing outside is touched', function () {
    const change = prepare('src/a.ts', 'old\n', 'new\n');
    const make = prepare('src/b.ts', null, 'made\n');
    before(
      'renameSync',
      1,
      () => swaps[1]?.[1](),
      () => assert.throws(change, Failure),
    );
    unharmed();
    rmSync(join(root, 'src'));
    renameSync(join(root, 'moved'), join(root, 'src'));
    before(
      'linkSync',
      1,
      () => swaps[1]?.[1](),
      () => assert.throws(make, Failure),
    );
    unharmed();
  });

  it('the folder is swapped while the text is written beside it: nothing outside is touched', () => {
    const change = prepare('src/a.ts', 'old\n', 'new\n');
    // The first call opens the folder, the second the draft.
    before(
      'openSync',
      2,
      () => swaps[1]?.[1](),
      () => assert.throws(change, Failure),
    );
    unharmed();
    assert.equal(readFileSync(join(root, 'moved', 'a.ts'), 'utf8'), 'old\n');
    assert.deepEqual(readdirSync(join(root, 'moved')), ['a.ts']);
  });

  it('what comes in the last moment before a file is removed is not lost', () => {
    const remove = prepare('src/a.ts', 'old\n', null);
    before(
      'renameSync',
      1,
      () => writeFileSync(path, 'somebody has typed\n'),
      () => fails('stale', remove),
    );
    assert.equal(readFileSync(path, 'utf8'), 'somebody has typed\n');
    assert.deepEqual(readdirSync(join(root, 'src')), ['a.ts']);
  });

  it('what comes in the last moment before a file is made is not overwritten', () => {
    const make = prepare('src/b.ts', null, 'made\n');
    before(
      'linkSync',
      1,
      () => writeFileSync(join(root, 'src', 'b.ts'), 'came\n'),
      () => fails('stale', make),
    );
    assert.equal(readFileSync(join(root, 'src', 'b.ts'), 'utf8'), 'came\n');
    assert(!existsSync(join(root, 'src', '.draft')));
  });
});
