import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOnDisk, startOnDisk, textOnDisk } from '../../../server/base/textOnDisk.js';

describe('a text on disk', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-text-'));
    writeFileSync(join(folder, 'a.txt'), 'ä text');
    writeFileSync(join(folder, 'empty'), '');
    symlinkSync(join(folder, 'a.txt'), join(folder, 'link'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is read whole, or its start', () => {
    assert.equal(textOnDisk(join(folder, 'a.txt')), 'ä text');
    assert.equal(textOnDisk(join(folder, 'link'), 7), 'ä text');
    assert.equal(textOnDisk(join(folder, 'empty')), '');
    assert.equal(startOnDisk(join(folder, 'a.txt'), 4), 'ä t');
    assert.equal(bytesOnDisk(join(folder, 'a.txt'))?.length, 7);
  });

  it('is null where it is too large, not there, or no file', () => {
    assert.equal(textOnDisk(join(folder, 'a.txt'), 6), null);
    assert.equal(textOnDisk(join(folder, 'nowhere')), null);
    assert.equal(textOnDisk(folder), null);
  });

  if (process.platform !== 'win32') {
    it('is null where a link leads to what never ends', () => {
      symlinkSync('/dev/zero', join(folder, 'zero'));
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      for (const name of ['zero', 'pipe']) {
        assert.equal(textOnDisk(join(folder, name)), null);
        assert.equal(startOnDisk(join(folder, name), 10), null);
      }
    });
  }
});
