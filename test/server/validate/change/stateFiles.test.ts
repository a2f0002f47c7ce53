import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateFiles, type StateFiles } from '../../../../server/validate/stateFiles.js';

describe('the files of a state', () => {
  let folder: string;
  let state: StateFiles;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-state-')));
    for (const path of ['kept', 'lost']) {
      mkdirSync(join(folder, path));
      writeFileSync(join(folder, path, 'a.txt'), 'on disk');
    }
    const given: readonly (readonly [string, string | null])[] = [
      ['kept/a.txt', 'given'],
      ['kept/never.txt', null],
      ['lost/a.txt', null],
      ['new/deep/b.txt', 'new'],
    ];
    state = stateFiles(new Map(given.map(([path, text]) => [join(folder, path), text])));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are read as given, else from disk', () => {
    assert.equal(state.read(join(folder, 'kept/a.txt')), 'given');
    assert.equal(state.read(join(folder, 'lost/a.txt')), null);
    assert.equal(stateFiles().read(join(folder, 'lost/a.txt')), 'on disk');
  });

  for (const ending of ['', '/']) {
    it(`are listed, whether a folder is spelt with ${ending === '' ? 'no' : 'a'} slash at its end`, () => {
      const list = (path: string): readonly string[] => [...state.list(`${join(folder, path)}${ending}`)].sort();
      assert.deepEqual(list(''), ['kept', 'lost', 'new']);
      assert.deepEqual(list('kept'), ['a.txt']);
      assert.deepEqual(list('lost'), []);
      assert.deepEqual(list('new'), ['deep']);
      assert.deepEqual(list('new/deep'), ['b.txt']);
    });

    it(`are there, and their folders, spelt with ${ending === '' ? 'no' : 'a'} slash`, () => {
      const isThere = (path: string): boolean => state.exists(`${join(folder, path)}${ending}`);
      assert.deepEqual(['', 'kept', 'lost', 'new', 'new/deep', 'none'].map(isThere), [
        true,
        true,
        false,
        true,
        true,
        false,
      ]);
    });
  }
});
