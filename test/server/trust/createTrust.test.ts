import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
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
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../server/base/failure.js';
import { createTrust } from '../../../server/trust/createTrust.js';
import type { TrustStore } from '../../../server/trust/trust.js';

describe('createTrust', () => {
  let root: string;
  let configFolder: string;
  let project: string;
  let store: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-trust-')));
    configFolder = join(root, 'config', 'understudy');
    store = join(configFolder, 'trust.json');
    project = join(root, 'work', 'project');
    mkdirSync(join(project, 'inner', 'deep'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const open = (said: 'store' | 'all' | 'none' = 'store', home = join(root, 'home')): TrustStore =>
    createTrust({ configFolder, said: () => said, home });
  const writeStore = (text: string): void => {
    mkdirSync(configFolder, { recursive: true, mode: 0o700 });
    writeFileSync(store, text, { mode: 0o600 });
  };

  it('trusts nobody until somebody says so', () => {
    assert.equal(open().isTrusted(project), false);
    assert.equal(open().isTrusted(join(root, 'missing')), false);
    assert(!existsSync(configFolder));
    assert.deepEqual(open().notices(), []);
  });

  it('trusts a folder and all in it, and nothing beside it', async () => {
    mkdirSync(join(root, 'work', 'project-two'));
    assert.equal((await open().set(project, true)).trusted, true);
    const states = [project, join(project, 'inner', 'deep'), join(root, 'work'), join(root, 'work', 'project-two')];
    assert.deepEqual(states.map(open().isTrusted), [true, true, false, false]);
    assert.equal(statSync(store).mode & 0o777, 0o600);
    assert.equal(statSync(configFolder).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(configFolder), ['trust.json']);
  });

  it('the nearest word counts: revoked inside trusted, trusted inside revoked', async () => {
    const trust = open();
    await trust.set(join(root, 'work'), true);
    await trust.set(project, false);
    await trust.set(join(project, 'inner'), true);
    const folders = [join(root, 'work'), project, join(project, 'inner'), join(project, 'inner', 'deep')];
    assert.deepEqual(folders.map(trust.isTrusted), [true, false, true, true]);
    assert.match(trust.stateOf(project).why, /project was revoked/);
    await trust.set(project, true);
    assert.equal(trust.isTrusted(project), true);
  });

  it('goes by the real path', async () => {
    const link = join(root, 'link');
    symlinkSync(project, link);
    await open().set(link, true);
    assert.equal(open().isTrusted(project), true);
    // What the name leads to tomorrow was trusted by nobody.
    rmSync(link);
    mkdirSync(join(root, 'other'));
    symlinkSync(join(root, 'other'), link);
    assert.equal(open().isTrusted(link), false);
  });

  it('a link in a trusted folder does not make what lies elsewhere trusted', async () => {
    await open().set(project, true);
    mkdirSync(join(root, 'evil'));
    symlinkSync(join(root, 'evil'), join(project, 'lib'));
    assert.equal(open().isTrusted(join(project, 'lib')), false);
  });

  it('a client vouches for what it opens, but not for what was revoked, and can take all trust away', async () => {
    assert.equal(open('all').isTrusted(project), true);
    await open().set(project, false);
    assert.equal(open('all').isTrusted(project), false);
    await open().set(project, true);
    assert.equal(open('none').isTrusted(project), false);
  });

  it('refuses what holds everything', async () => {
    const home = join(root, 'work');
    for (const folder of ['/', root, home]) {
      await assert.rejects(
        open('store', home).set(folder, true),
        error => error instanceof Failure && error.kind === 'permission' && error.remedy !== null,
        folder,
      );
      assert.equal(open('all', home).isTrusted(folder), false, folder);
    }
    await assert.rejects(createTrust({ configFolder, said: () => 'store' }).set(homedir(), true), Failure);
    // Written by hand it counts for nothing.
    writeStore(JSON.stringify({ folders: { '/': { trusted: true }, [home]: { trusted: true } } }));
    assert.equal(open('store', home).isTrusted(project), false);
    assert.equal((await open('store', home).set(project, true)).trusted, true);
    await assert.rejects(
      open().set(join(root, 'missing'), true),
      error => error instanceof Failure && error.kind === 'not-found',
    );
  });

  it('sees at once what another process has written', async () => {
    const here = open();
    assert.equal(here.isTrusted(project), false);
    await open().set(project, true);
    assert.equal(here.isTrusted(project), true);
    await open().set(project, false);
    assert.equal(here.isTrusted(project), false);
    rmSync(store);
    assert.equal(here.isTrusted(project), false);
  });

  const broken: readonly (readonly [string, string])[] = [
    ['cut off', '{ "folders": { "/a": { "trus'],
    ['no object', '[]'],
    ['folders that are none', '{ "folders": ["/a"] }'],
    ['a relative folder', '{ "folders": { "a": { "trusted": true } } }'],
    ['an entry that says nothing', '{ "folders": { "/a": {} } }'],
    ['a text for yes', '{ "folders": { "/a": { "trusted": "yes" } } }'],
    ['empty', ''],
  ];
  for (const [what, text] of broken) {
    it(`a store that is damaged (${what}) trusts nobody, is told, and is kept`, async () => {
      await open().set(project, true);
      writeStore(text);
      const trust = open('all');
      assert.equal(trust.isTrusted(project), false);
      assert.match(trust.notices().join(), /damaged.*understudy trust/);
      await trust.set(project, true);
      assert.equal(trust.isTrusted(project), true);
      assert.deepEqual(trust.notices(), []);
      const [kept] = readdirSync(configFolder).filter(name => name.startsWith('trust.json.damaged-'));
      assert.equal(readFileSync(join(configFolder, kept ?? ''), 'utf8'), text);
    });
  }

  it('a store that others can write counts for nothing and is not written to', async () => {
    await open().set(project, true);
    chmodSync(store, 0o666);
    assert.equal(open().isTrusted(project), false);
    assert.match(open().notices().join(), /chmod 600/);
    await assert.rejects(open().set(project, true), error => error instanceof Failure && error.kind === 'permission');
    chmodSync(store, 0o600);
    assert.equal(open().isTrusted(project), true);
    chmodSync(configFolder, 0o777);
    assert.equal(open().isTrusted(project), false);
  });

  it('keeps what a later version wrote, and a link to it', async () => {
    writeStore(JSON.stringify({ later: { more: 1 }, folders: { '/elsewhere': { trusted: true, note: 'x' } } }));
    renameSync(store, join(root, 'dotfiles.json'));
    symlinkSync(join(root, 'dotfiles.json'), store);
    await open().set(project, true);
    const written = JSON.parse(readFileSync(join(root, 'dotfiles.json'), 'utf8')) as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual(written['later'], { more: 1 });
    assert.deepEqual(written['folders']?.['/elsewhere'], { trusted: true, note: 'x' });
    assert.equal(open().isTrusted(project), true);
  });

  it('a workspace that holds the store cannot vouch for itself', async () => {
    writeStore(JSON.stringify({ folders: { [project]: { trusted: true }, [root]: { trusted: true } } }));
    assert.equal(open().isTrusted(project), true);
    assert.equal(open().isTrusted(join(root, 'config')), false);
    assert.equal(open().isTrusted(root), false);
  });

  it('loses nothing when several processes write at once', async () => {
    const module = new URL('../../../server/trust/createTrust.js', import.meta.url).href;
    const count = 5;
    const script = (worker: number): string => `
      import { createTrust } from ${JSON.stringify(module)};
      const trust = createTrust({ configFolder: ${JSON.stringify(configFolder)}, said: () => 'store', home: '/nowhere' });
      for (let index = 0; index < ${count}; index++)
        await trust.set(${JSON.stringify(root)} + '/many/${worker}-' + index, true);`;
    for (let worker = 0; worker < 3; worker++)
      for (let index = 0; index < count; index++)
        mkdirSync(join(root, 'many', `${worker}-${index}`), { recursive: true });
    const exits = await Promise.all(
      [0, 1, 2].map(async worker => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script(worker)], { stdio: 'inherit' });
        const [code] = (await once(child, 'exit')) as [number | null];
        return code;
      }),
    );
    assert.deepEqual(exits, [0, 0, 0]);
    const written = JSON.parse(readFileSync(store, 'utf8')) as { folders: Record<string, unknown> };
    assert.equal(Object.keys(written.folders).length, 3 * count);
    assert.deepEqual(readdirSync(configFolder), ['trust.json']);
  });
});
