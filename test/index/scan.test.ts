import assert from 'node:assert/strict';
import { skipByPath } from '../../index/exclusions.js';
import { mkdirSync, symlinkSync } from 'node:fs';
import { scan, type Scan, type ScanOptions } from '../../index/scan.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

let workspace: TestWorkspace;

function scanned(options: Partial<ScanOptions> = {}): Scan {
  const folder = options.folder ?? workspace.folder;
  return scan({ exclude: [], maxFileKb: 100, except: [], maxFiles: 1e6, broad: false, ...options, folder });
}

/** Writes the files (rule files with their text, others with a word), and says which the scan takes. */
function check(files: readonly string[], expected: readonly string[], options: Partial<ScanOptions> = {}): void {
  for (const file of files) {
    const [path = '', ...rules] = file.split(': ');
    workspace.write(path, rules.length === 0 ? 'x\n' : `${rules.join(': ').split(' | ').join('\n')}\n`);
  }
  assert.deepEqual(
    scanned(options)
      .files.map(file => file.path)
      .filter(path => !/(^|\/)\.[a-z]*(ignore|exclude)$/.test(path))
      .sort(),
    [...expected].sort(),
  );
}

describe('scan', () => {
  beforeEach(() => {
    workspace = createWorkspace();
  });
  afterEach(() => workspace.dispose());

  describe('follows .gitignore as git does', () => {
    const cases: readonly (readonly [what: string, files: readonly string[], expected: readonly string[]])[] = [
      ['a name at any depth', ['.gitignore: *.log', 'a.log', 'b/c.log', 'b/d'], ['b/d']],
      ['an anchored name', ['.gitignore: /a', 'a', 'b/a'], ['b/a']],
      ['a folder only', ['.gitignore: a/', 'a/x', 'b/a'], ['b/a']],
      ['a slash in the middle anchors', ['.gitignore: b/a', 'b/a', 'c/b/a'], ['c/b/a']],
      ['the last match decides', ['.gitignore: *.x | !k.x', 'a.x', 'k.x'], ['k.x']],
      ['nothing comes back out of an ignored folder', ['.gitignore: a/ | !a/k', 'a/k', 'b'], ['b']],
      ['a deeper file wins', ['.gitignore: *.x', 's/.gitignore: !*.x', 'a.x', 's/b.x'], ['s/b.x']],
      ['a deeper file re-opens a folder', ['.gitignore: out/', 's/.gitignore: !out/', 's/out/f', 'out/f'], ['s/out/f']],
      ['deeper rules are tied to their folder', ['s/.gitignore: /a', 's/a', 's/t/a', 'a'], ['a', 's/t/a']],
      ['deeper rules hold at any depth below', ['s/.gitignore: a', 's/t/a', 'a'], ['a']],
      ['two stars', ['.gitignore: a/**/z', 'a/z', 'a/b/c/z', 'b/z'], ['b/z']],
      ['escaped marks', ['.gitignore: \\#a | \\!b', '#a', '!b', 'a'], ['a']],
      ['strange folder names', ['[s]/.gitignore: a', '[s]/a', 's/a'], ['s/a']],
      [
        '.git/info/exclude, weaker than .gitignore',
        ['.git/info/exclude: *.x', '.gitignore: !k.x', 'a.x', 'k.x'],
        ['k.x'],
      ],
      ['a repository inside is on its own', ['.gitignore: *.x', 'r/.git/HEAD', 'r/a.x', 'a.x'], ['r/a.x']],
    ];
    for (const [what, files, expected] of cases) it(what, () => check(files, expected));

    it('begins at the top of the repository, above the workspace', () => {
      const files = ['.git/HEAD', '.gitignore: *.x', 'p/.gitignore: *.y', 'p/w/a.x', 'p/w/a.y', 'p/w/b'];
      for (const file of files) workspace.write(file.split(': ')[0] ?? '', file.split(': ')[1] ?? 'x');
      const found = scanned({ folder: workspace.path('p/w') }).files.map(file => file.path);
      assert.deepEqual(found, ['b']);
    });

    it('lets a person open a folder that is ignored', () => {
      workspace.write('.git/HEAD', 'x');
      workspace.write('.gitignore', 'build/\n');
      workspace.write('.aiexclude', 'private\n');
      workspace.write('build/a', 'x');
      workspace.write('build/private', 'x');
      assert.deepEqual(
        scanned({ folder: workspace.path('build') }).files.map(file => file.path),
        ['a'],
      );
    });
  });

  describe('leaves out what must stay private', () => {
    const kinds = ['understudyignore', 'aiexclude', 'aiignore', 'cursorignore', 'geminiignore', 'copilotignore'];
    for (const kind of kinds) {
      it(`.${kind}`, () => check([`.${kind}: secret/ | *.x`, `s/.${kind}: a`, 'secret/f', 'b.x', 's/a', 'ok'], ['ok']));
    }
    it('a negation of one kind re-opens nothing of another', () =>
      check(['.aiexclude: a', '.cursorignore: !a | b', '.gitignore: !a | !b', 'a', 'b', 'c'], ['c']));
    it('under any letter case', () => check(['.aiexclude: Secret.txt', 'SECRET.TXT', 'secret.txt', 'a'], ['a']));
    it('a nested workspace obeys the files above it', () => {
      workspace.write('.git/HEAD', 'x');
      workspace.write('.aiexclude', 'p/private\n');
      workspace.write('p/private', 'x');
      workspace.write('p/a', 'x');
      assert.deepEqual(
        scanned({ folder: workspace.path('p') }).files.map(file => file.path),
        ['a'],
      );
    });
    it('keys and environments, which no negation re-opens', () => {
      const secret = (
        '.env .ENV .env.local .envrc prod.env a.pem A.PEM id_rsa id_ed25519 id_work id_work.pub server.key c.p12 ' +
        '.npmrc .netrc .pypirc credentials credentials.json secrets.yaml terraform.tfvars .ssh/config .aws/x.txt s/.Env'
      ).split(' ');
      const kept = ['id_map.ts', 'environment.ts', 'keys.ts', 'credentials.ts', 'secrets/reader.ts'];
      check([`.gitignore: ${secret.map(name => `!${name}`).join(' | ')}`, ...secret, ...kept], kept);
    });
    it('what programs keep their keys in, and what was typed', () => {
      const secret = (
        '.docker/config.json .terraformrc terraform.rc a.tfrc.json .bash_history .zsh_history .psql_history .mysql_history ' +
        '.python_history .node_repl_history .sqlite_history local.settings.json firebase-adminsdk.json ' +
        'shop-firebase-adminsdk-ab1c2.json gha-creds-0123abcd.json wp-config.php wp-config.php.bak .pgpass .my.cnf ' +
        '.mylogin.cnf .git-credentials a.kdbx a.jks a.keystore a.p12 a.pfx a.p8 a.ovpn kubeconfig kubeconfig.yaml ' +
        'credentials.toml .m2/settings.xml .composer/auth.json .vscode/sftp.json gh/hosts.yml .DOCKER/Config.JSON'
      ).split(' ');
      const kept = (
        'config.json src/docker/config.json .docker/compose.json settings.xml auth.json hosts.yml history.ts ' +
        'bash_history.md wp-config-sample.php firebase.json settings.json local-settings.json gha.json .vscode/launch.json ' +
        'kubeconfig.ts tfrc.go keystore.java jks.py'
      ).split(' ');
      check([`.gitignore: ${secret.map(name => `!${name}`).join(' | ')}`, ...secret, ...kept], kept);
      for (const path of secret) assert.equal(skipByPath(`/elsewhere/${path}`), 'excluded', path);
      for (const path of kept) assert.equal(skipByPath(`/elsewhere/${path}`), null, path);
    });
    it('the same names where no workspace is', () => {
      assert.equal(skipByPath('/elsewhere/.env'), 'excluded');
      assert.equal(skipByPath('/elsewhere/.ssh/config'), 'excluded');
      assert.equal(skipByPath('/elsewhere/credentials/reader.ts'), null);
    });
    it('patterns of the settings', () =>
      check(['vendor/a', 'src/vendor/b', 'c.gen.ts', 'd'], ['d', 'src/vendor/b'], {
        exclude: ['/vendor/**', '*.gen.ts'],
      }));
  });

  it('skips what tools made and what is no text, and counts it', () => {
    check(
      [
        'node_modules/a/index.js',
        'x/__pycache__/a.py',
        'py/pyvenv.cfg: x',
        'py/lib/b.py',
        'target/CACHEDIR.TAG: x',
        'target/debug/c.rs',
        'vendor/modules.txt: x',
        'vendor/d.go',
        'other/vendor/e.go',
        'package-lock.json',
        'a.min.js',
        'logo.png',
        'f.go',
      ],
      ['f.go', 'other/vendor/e.go'],
    );
    assert.deepEqual(scanned().skipped, { ignored: 5, generated: 1, minified: 1, 'not-text': 1 });
  });

  it('skips large files by their size', () => {
    workspace.write('a', 'x'.repeat(3000));
    workspace.write('b', 'x');
    const { files, skipped } = scanned({ maxFileKb: 2 });
    assert.deepEqual([files.map(file => file.path), skipped], [['b'], { 'too-large': 1 }]);
  });

  it('never follows a link, neither outside nor in circles', () => {
    const outside = createWorkspace({ 'secret.txt': 'x' });
    try {
      workspace.write('a/b', 'x');
      symlinkSync(outside.folder, workspace.path('out'));
      symlinkSync(outside.path('secret.txt'), workspace.path('file'));
      symlinkSync(workspace.folder, workspace.path('a/again'));
      symlinkSync(workspace.path('nowhere'), workspace.path('broken'));
      const { files, skipped } = scanned();
      assert.deepEqual([files.map(file => file.path), skipped], [['a/b'], { outside: 2 }]);
    } finally {
      outside.dispose();
    }
  });

  it('leaves folders of others alone', () => {
    workspace.write('a/x', 'x');
    workspace.write('b/y', 'x');
    const { files } = scanned({ except: [workspace.path('a')] });
    assert.deepEqual(
      files.map(file => file.path),
      ['b/y'],
    );
  });

  it('takes what is near the top of a folder that is too large, and no hidden ones of a broad one', () => {
    for (const path of ['a', 'b/c', 'b/d/e', '.cache/f']) workspace.write(path, 'x');
    const { files, isCut } = scanned({ maxFiles: 2, broad: true });
    assert.deepEqual([files.map(file => file.path), isCut], [['a', 'b/c'], true]);
  });

  it('does not wait for pipes', async () => {
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [workspace.path('pipe')]);
    workspace.write('a', 'x');
    assert.deepEqual(
      scanned().files.map(file => file.path),
      ['a'],
    );
  });

  it('says that its folder cannot be read', () => {
    assert.throws(() => scanned({ folder: workspace.path('missing') }), { code: 'ENOENT' });
    mkdirSync(workspace.path('empty'));
    assert.deepEqual(scanned({ folder: workspace.path('empty') }).files, []);
  });
});
