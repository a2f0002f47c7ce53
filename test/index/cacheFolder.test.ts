import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheKey, cacheRoot, listCaches, openCacheFolder } from '../../index/cacheFolder.js';
import { Failure } from '../../server/base/failure.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

describe('cache folder', () => {
  let place: TestWorkspace;
  beforeEach(() => {
    place = createWorkspace();
  });
  afterEach(() => place.dispose());

  it('lies where the platform keeps caches', () => {
    assert.equal(cacheRoot({ XDG_CACHE_HOME: '/c' }, 'linux', '/home/p'), '/c/understudy');
    assert.equal(cacheRoot({ XDG_CACHE_HOME: 'relative' }, 'linux', '/home/p'), '/home/p/.cache/understudy');
    assert.equal(cacheRoot({}, 'darwin', '/Users/p'), '/Users/p/Library/Caches/understudy');
    assert.equal(cacheRoot({ LOCALAPPDATA: '/l' }, 'win32', '/p'), '/l/understudy/Cache');
  });

  it('is for the user alone, and says whose it is', () => {
    const root = place.path('caches');
    const folder = openCacheFolder('/some/project', root);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(root).mode & 0o777, 0o700);
    assert.equal(openCacheFolder('/some/project', root), folder);
    assert.deepEqual(listCaches(root), [{ path: folder, folder: '/some/project' }]);
    assert.match(basename(folder), /^project-[0-9a-f]{16}$/);
  });

  it('tells workspaces of one name apart', () => assert.notEqual(cacheKey('/a/project'), cacheKey('/b/project')));

  it('says what to do when it cannot be made', () => {
    writeFileSync(place.path('file'), '');
    assert.throws(
      () => openCacheFolder('/some/project', join(place.path('file'), 'caches')),
      (error: unknown) => error instanceof Failure && (error.remedy?.includes('XDG_CACHE_HOME') ?? false),
    );
  });

  it('lists nothing where there is nothing', () => assert.deepEqual(listCaches(place.path('none')), []));
});
