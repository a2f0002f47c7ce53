import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { homeFolder } from '../../../server/base/homeFolder.js';
import { platformFolders } from '../../../server/base/platformFolders.js';

describe('the home folder', () => {
  const own = resolve('/home/ada');

  it('is what is said, where that is a place of its own', () => {
    assert.equal(
      homeFolder(own, () => assert.fail('Nobody else is asked.')),
      own,
    );
  });

  for (const said of ['', '.', 'project'])
    it(`is never taken from the current folder: ${JSON.stringify(said)}`, () => {
      assert.equal(
        homeFolder(said, () => own),
        own,
      );
      assert.throws(() => homeFolder(said, () => said), /There is no home folder/);
    });

  it('holds the settings of the person, wherever the program was started', () => {
    const before = process.env['HOME'];
    process.env['HOME'] = '';
    try {
      for (const folder of Object.values(platformFolders({}))) assert.ok(resolve(folder) === folder, folder);
    } finally {
      if (before === undefined) delete process.env['HOME'];
      else process.env['HOME'] = before;
    }
  });
});
