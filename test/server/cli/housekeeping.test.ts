import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openCacheFolder } from '../../../index/cacheFolder.js';
import { takeLock } from '../../../server/base/lock.js';
import { cargoFolderOf } from '../../../server/validate/rust/cargoFolder.js';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';

describe('index, status, doctor and clean', () => {
  let shell: CommandLine;

  beforeEach(() => {
    shell = createCommandLine();
  });
  afterEach(() => {
    shell.remove();
  });

  const setting = (text: string): void => {
    const path = join(shell.configuration, 'understudy', 'settings.json');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  it('index has done its work in a folder that is too broad, and says on stderr what is left out', async () => {
    shell.write('src/a.ts', 'export function one() {\n  return 1;\n}\n');
    const home = process.env['HOME'];
    process.env['HOME'] = shell.folder;
    try {
      const indexed = await shell.run(['index']);
      assert.equal(indexed.exit, 0, indexed.stderr);
      assert.match(indexed.stderr, /too broad/);
      assert.match(indexed.stdout, /is indexed: 1 file/);
    } finally {
      if (home === undefined) delete process.env['HOME'];
      else process.env['HOME'] = home;
    }
  });

  it('index builds, status tells, clean removes', async () => {
    shell.write('src/a.ts', 'export function one() {\n  return 1;\n}\n');
    shell.write('.gitignore', 'ignored.ts\n');
    shell.write('ignored.ts', 'const hidden = 1;\n');
    const before = (await shell.run(['status', '--json'])).json() as StatusDocument;
    assert.deepEqual([before.folders[0]?.indexed, before.folders[0]?.pending], [0, 2]);
    assert.match(before.message, /not been indexed yet/);

    const indexed = await shell.run(['index', '--json']);
    assert.equal(indexed.exit, 0, indexed.stderr);
    const { files, chunks, symbols, skipped, ms } = indexed.json() as Readonly<Record<string, unknown>>;
    assert.equal(files, 2);
    assert(Number(chunks) >= 2 && Number(symbols) >= 1 && Number(ms) > 0);
    // The file that .gitignore names, and .git itself.
    assert.equal((skipped as Record<string, number>)['ignored'], 2);

    const after = (await shell.run(['status', '--json'])).json() as StatusDocument;
    assert.deepEqual([after.folders[0]?.indexed, after.folders[0]?.pending, after.state], [2, 0, 'ready']);

    shell.write('src/b.ts', 'export const two = 2;\n');
    assert.match((await shell.run(['status'])).stdout, /1 file changed since/);

    const { removed, bytes } = (await shell.run(['clean', '--json'])).json() as { removed: string[]; bytes: number };
    assert.equal(removed.length, 1);
    assert(bytes > 0);
    assert(!removed.some(path => existsSync(path)));
    assert.match((await shell.run(['clean'])).stdout, /nothing to remove/);
  });

  it('clean removes what cargo built for a folder, and with --all that of others too', async () => {
    const root = join(shell.cache, 'understudy');
    const [own, other] = [cargoFolderOf(root, shell.folder), cargoFolderOf(root, '/another')];
    const build = (folder: string): void => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'built'), 'xx');
    };
    [own, other].forEach(build);
    const cleaned = await shell.run(['clean']);
    assert.match(cleaned.stdout, /^Removed what cargo built, 2 bytes\.$/m);
    assert.deepEqual([existsSync(own), existsSync(other)], [false, true]);
    build(own);
    const all = (await shell.run(['clean', '--all', '--json'])).json() as { removed: string[]; bytes: number };
    assert.deepEqual(all.removed, [join(root, 'cargo')]);
    assert.equal(all.bytes, 4);
    assert(!existsSync(join(root, 'cargo')));
  });

  it('clean keeps an index that a running process holds', async () => {
    const cache = openCacheFolder(shell.folder, join(shell.cache, 'understudy'));
    mkdirSync(join(cache, 'store'));
    const lock = await takeLock(join(cache, 'store', 'owner.lock'));
    assert('release' in lock);
    const kept = await shell.run(['clean']);
    assert.equal(kept.exit, 3);
    assert.match(kept.stdout, new RegExp(`Kept .*project: process ${process.pid} has its index open`));
    assert(existsSync(cache));
    await lock.release();
    assert.equal((await shell.run(['clean', '--all'])).exit, 0);
    assert(!existsSync(cache));
  });

  it('status says which settings hold and where they come from', async () => {
    setting('{ "inline": { "minChars": 9, "minConfidance": 1 } }');
    shell.write('.understudy/settings.json', '{ "inline": { "enabled": false } }');
    const { stdout } = await shell.run(['status']);
    assert.match(stdout, /inline\.minChars +9 +.*config\/understudy\/settings\.json/);
    assert.match(stdout, /inline\.enabled +false +.*project\/\.understudy\/settings\.json/);
    assert.match(stdout, /no setting inline\.minConfidance.*Did you mean inline\.minConfidence/);
    const { state, settingsFrom } = (await shell.run(['status', '--json'])).json() as StatusDocument;
    assert.equal(state, 'disabled');
    assert.deepEqual(Object.keys(settingsFrom).sort(), ['inline.enabled', 'inline.minChars']);
  });

  it('doctor finds nothing wrong where nothing is', async () => {
    const { exit, stdout, json } = await shell.run(['doctor', '--json']);
    const { checks } = json() as { checks: CheckDocument[] };
    const unwell = checks.filter(({ ok, id }) => !ok && id !== 'watches' && id !== 'disk');
    assert.deepEqual(unwell, [], stdout);
    assert(checks.length >= 10);
    assert.equal(exit, checks.every(({ ok }) => ok) ? 0 : 1);
    assert.equal(statSync(join(shell.cache, 'understudy')).mode & 0o777, 0o700);
  });

  it('doctor names the tools of the gate that are missing, which are no trouble', async () => {
    const { json } = await shell.run(['doctor', '--json'], { env: { PATH: '' } });
    const { checks } = json() as { checks: (CheckDocument & { message: string })[] };
    const sandbox = checks.find(({ id }) => id === 'sandbox');
    assert.equal(sandbox?.ok, true);
    assert.match(
      sandbox.message,
      process.platform === 'linux' ? /cannot be run in a sandbox here.*bubblewrap/ : /sandbox/,
    );
    assert.ok(checks.some(({ id, ok }) => id === 'pyright' && ok));
  });

  it('doctor says what to do about what is wrong', async () => {
    setting('{ "inline": { "minChars": "many" }, "log": { "file": "/nowhere/at/all.log" } }');
    mkdirSync(join(shell.cache, 'understudy'), { recursive: true, mode: 0o755 });
    const { exit, stdout } = await shell.run(['doctor']);
    assert.equal(exit, 1);
    assert.match(stdout, /✗ .*inline\.minChars must be a whole number/);
    assert.match(stdout, /✗ Others can read the cache folder .*\n {2}chmod 700/);
    assert.match(stdout, /✗ The log cannot be written: \/nowhere\/at\/all\.log does not exist/);
  });
});

interface StatusDocument {
  readonly state: string;
  readonly message: string;
  readonly folders: readonly { readonly indexed: number; readonly pending: number }[];
  readonly settingsFrom: Readonly<Record<string, string>>;
}

interface CheckDocument {
  readonly id: string;
  readonly ok: boolean;
  readonly message: string;
}
