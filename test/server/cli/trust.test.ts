import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';

describe('understudy trust', () => {
  let shell: CommandLine;

  beforeEach(() => {
    shell = createCommandLine();
  });
  afterEach(() => {
    shell.remove();
  });

  const trusted = async (): Promise<boolean> => {
    const { trust } = (await shell.run(['status', '--json'])).json() as { trust: { folder: string; trusted: boolean } };
    assert.equal(trust.folder, shell.folder);
    return trust.trusted;
  };

  it('trusts the workspace around the current folder, and takes it back', async () => {
    assert.equal(await trusted(), false);
    const inner = dirname(shell.write('src/a.ts', ''));
    const given = await shell.run(['trust', '--json'], { cwd: inner });
    assert.deepEqual([given.exit, given.json()], [0, { folder: shell.folder, trusted: true }]);
    assert.equal(await trusted(), true);
    assert.match((await shell.run(['status'])).stdout, /project is trusted: its formatter/);
    assert.match((await shell.run(['doctor'])).stdout, /✓ .*project is trusted/);
    const taken = await shell.run(['trust', '--revoke', '--json']);
    assert.deepEqual([taken.exit, taken.json()], [0, { folder: shell.folder, trusted: false }]);
    assert.equal(await trusted(), false);
    assert.match((await shell.run(['doctor'])).stdout, /✓ .*project is not trusted/);
  });

  it('takes a folder, which may be gone when it is revoked', async () => {
    const other = join(dirname(shell.folder), 'other');
    mkdirSync(other);
    const given = (await shell.run(['trust', '../other', '--json'])).json();
    assert.deepEqual(given, { folder: other, trusted: true });
    assert.equal(await trusted(), false);
    rmSync(other, { recursive: true });
    assert.equal((await shell.run(['trust', '--revoke', other])).exit, 0);
    const wrong = await shell.run(['trust', other]);
    assert.deepEqual([wrong.exit, wrong.stderr.includes('no folder')], [2, true]);
    assert.equal((await shell.run(['trust', '.', '--folder', '.'])).exit, 2);
  });

  it('says why a folder is too broad, and where a workspace asks for less', async () => {
    const refused = await shell.run(['trust', '/']);
    assert.equal(refused.exit, 3);
    assert.match(refused.stderr, /Trust the folder of a project/);
    shell.write('.understudy/settings.json', '{ "trust": { "workspaces": "none" } }');
    assert.deepEqual((await shell.run(['trust', '--json'])).exit, 1);
    assert.equal(await trusted(), false);
  });

  it('tells of a store that is damaged', async () => {
    const store = join(shell.configuration, 'understudy', 'trust.json');
    mkdirSync(dirname(store), { recursive: true, mode: 0o700 });
    writeFileSync(store, '{', { mode: 0o600 });
    const found = await shell.run(['doctor']);
    assert.match(found.stdout, /✗ .*trust\.json is damaged/);
    assert.equal((await shell.run(['trust'])).exit, 0);
    assert.match(readFileSync(store, 'utf8'), /project/);
  });

  it('no file of a workspace, and no settings file at all, can say it', async () => {
    const demand = JSON.stringify({
      trust: { workspaces: 'all', [shell.folder]: { trusted: true }, folders: { [shell.folder]: { trusted: true } } },
    });
    shell.write('.understudy/settings.json', demand);
    shell.write('.understudy/trust.json', JSON.stringify({ folders: { [shell.folder]: { trusted: true } } }));
    assert.equal(await trusted(), false);
    const own = join(shell.configuration, 'understudy', 'settings.json');
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, demand);
    assert.equal(await trusted(), false);
    assert.match((await shell.run(['status'])).stdout, /trust\.workspaces can only be made stricter/);
    // What makes the demand count, were the rule not there: the file itself is what the store has.
    writeFileSync(
      join(shell.configuration, 'understudy', 'trust.json'),
      readFileSync(join(shell.folder, '.understudy', 'trust.json')),
      {
        mode: 0o600,
      },
    );
    assert.equal(await trusted(), true);
  });
});
