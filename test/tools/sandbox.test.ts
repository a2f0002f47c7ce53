import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../server/sandbox/createSandbox.js';
import { isRefusal, type Limits, type Sandbox, type SandboxRun } from '../../server/sandbox/sandbox.js';
import { findExecutable } from '../../server/trust/executable.js';
import { waitFor } from '../support/waitFor.js';

const MiB = 1024 * 1024;
const { signal } = new AbortController();

// Each attack is a script that is run twice: as it is, where it succeeds, and in the sandbox, where it does not.
for (const mode of ['as it is found', 'without a user of its own'] as const) {
  describe(`the sandbox, ${mode}`, function () {
    this.timeout(60_000);
    let folder = '';
    let outside = '';
    let sandbox: Sandbox;

    beforeEach(async () => {
      folder = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-attack-')));
      outside = realpathSync(await mkdtemp(join(tmpdir(), 'understudy-outside-')));
      writeFileSync(join(outside, 'secret.txt'), 'for nobody');
      const path = mode === 'as it is found' ? process.env['PATH'] : pathWithoutSetpriv(join(outside, 'bin'));
      sandbox = createSandbox({
        leaveOut: way => /(?:^|\/)\.env/.test(way),
        env: { ...process.env, PATH: path },
        temporaryFolder: outside,
      });
    });

    afterEach(() => {
      for (const path of [folder, outside]) rmSync(path, { recursive: true, force: true });
    });

    async function runInside(script: string, limits: Partial<Limits> = {}): Promise<SandboxRun> {
      writeFileSync(join(folder, 'attack.cjs'), script);
      const result = await sandbox.run({ argv: ['node', 'attack.cjs'], folder, limits }, signal);
      assert.ok(!isRefusal(result), JSON.stringify(result));
      assert.equal(result.gone, true);
      return result;
    }

    function runOutside(script: string, env: NodeJS.ProcessEnv = process.env): string {
      writeFileSync(join(folder, 'attack.cjs'), script);
      const { stdout } = spawnSync(process.execPath, ['attack.cjs'], {
        cwd: folder,
        encoding: 'utf8',
        env,
        maxBuffer: 64 * MiB,
      });
      return stdout;
    }

    it('runs a program on a copy and says how it ended', async () => {
      const result = await runInside(
        'require("fs").writeFileSync("made.txt", ""); console.log("said"); process.exit(3)',
      );
      assert.deepEqual(
        [result.sandbox, result.exit, result.signal, result.stdout, result.exceeded, result.stdoutCut],
        ['bubblewrap', 3, null, 'said\n', null, false],
      );
      assert.ok(!existsSync(join(folder, 'made.txt')));
      const killed = await runInside('process.kill(process.pid, "SIGSEGV"); setTimeout(() => {}, 1e6)');
      assert.deepEqual([killed.exit, killed.signal], [null, 'SIGSEGV']);
    });

    it('judges the files that are given, whatever is on disk', async () => {
      writeFileSync(join(folder, 'a.txt'), 'on disk');
      writeFileSync(join(folder, 'b.txt'), 'on disk');
      const script =
        'const fs = require("fs"); console.log(fs.readFileSync("a.txt", "utf8"), fs.existsSync("b.txt"), fs.readFileSync("new/c.txt", "utf8"))';
      writeFileSync(join(folder, 'read.cjs'), script);
      const files = [
        { path: join(folder, 'a.txt'), text: 'given' },
        { path: join(folder, 'b.txt'), text: null },
        { path: join(folder, 'new', 'c.txt'), text: 'new' },
      ];
      const result = await sandbox.run({ argv: ['node', 'read.cjs'], folder, files }, signal);
      assert.ok(!isRefusal(result));
      assert.equal(result.stdout, 'given false new\n');
      assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'on disk');
      const refused = await sandbox.run(
        { argv: ['node'], folder, files: [{ path: join(outside, 'x'), text: '' }] },
        signal,
      );
      assert.ok(isRefusal(refused));
      assert.ok(!existsSync(join(outside, 'x')));
    });

    it('lets nothing reach the network, not even this machine', async () => {
      let reached = 0;
      const server = createServer(socket => {
        reached++;
        socket.end();
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const script = `const socket = require('net').connect(${port}, '127.0.0.1');
        socket.on('connect', () => { console.log('reached'); socket.destroy(); });
        socket.on('error', error => console.log(error.code));`;
      try {
        writeFileSync(join(folder, 'attack.cjs'), script);
        const free = spawn(process.execPath, ['attack.cjs'], { cwd: folder });
        await new Promise(resolve => free.on('close', resolve));
        assert.equal(reached, 1);
        assert.equal((await runInside(script)).stdout, 'ECONNREFUSED\n');
        assert.equal(reached, 1);
      } finally {
        server.close();
      }
    });

    it('leaves no process behind, however it hides', async () => {
      const marker = `understudy-left-behind-${process.pid}-${mode.length}`;
      // A session of its own, and one whose parent is gone.
      const script = `const { spawn } = require('child_process');
        const idle = 'setTimeout(() => {}, 300000)';
        spawn(process.execPath, ['-e', idle, '${marker}'], { detached: true, stdio: 'ignore' }).unref();
        spawn('/bin/sh', ['-c', 'setsid "$0" -e "$1" "$2" & setsid sh -c \\'"$0" -e "$1" "$2" & exit 0\\' "$0" "$1" "$2" & exit 0', process.execPath, idle, '${marker}'], { detached: true, stdio: 'ignore' }).unref();
        setTimeout(() => console.log('done'), 500);`;
      assert.equal(runOutside(script), 'done\n');
      await waitFor(() => processesWith(marker).length >= 3);
      for (const pid of processesWith(marker)) process.kill(pid, 'SIGKILL');
      await waitFor(() => processesWith(marker).length === 0);
      const done = await runInside(script);
      assert.equal(done.stdout, 'done\n');
      assert.deepEqual(processesWith(marker), []);
      const late = await runInside(`${script} setTimeout(() => {}, 1e6);`, { wallMs: 2_000 });
      assert.deepEqual([late.timedOut, late.exceeded, late.signal], [true, 'time', 'SIGKILL']);
      assert.deepEqual(processesWith(marker), []);
    });

    it('shows nothing of the home folder, nor of others', async () => {
      const script = `const fs = require('fs');
        for (const path of ${JSON.stringify([homedir(), join(outside, 'secret.txt'), '/etc/hostname', '/etc/shadow', '/var/log', '/sys/class'])}) {
          try { console.log(fs.statSync(path).isFile() ? fs.readFileSync(path, 'utf8').length : fs.readdirSync(path).filter(name => !/^\\.(?:pyenv|cargo|rustup|nvm)$/.test(name)).length); }
          catch { console.log('nothing'); }
        }`;
      const [home, secret] = runOutside(script).split('\n');
      assert.ok(Number(home) >= 0, 'The home folder is to be seen outside.');
      assert.equal(Number(secret), 'for nobody'.length);
      const seen = (await runInside(script)).stdout.trim().split('\n');
      assert.equal(seen.length, 6);
      assert.ok(
        seen.every(line => line === 'nothing' || line === '0'),
        seen.join(),
      );
    });

    it('lets nothing be written but the copy and what goes with it', async () => {
      const places = [
        join(outside, 'written'),
        '/usr/written',
        '/etc/written',
        '/written',
        '/dev/written',
        '/bin/written',
      ];
      const script = `for (const path of ${JSON.stringify(places)}) {
          try { require('fs').writeFileSync(path, ''); console.log('wrote ' + path); } catch {}
        }`;
      assert.match(runOutside(script), /wrote .*understudy-outside/);
      rmSync(join(outside, 'written'));
      for (const path of places.filter(place => existsSync(place))) rmSync(path);
      assert.equal((await runInside(script)).stdout, '');
      assert.ok(places.every(place => !existsSync(place)));
    });

    it('bounds how many processes there are', async () => {
      const script = `const { spawn } = require('child_process');
        let made = 0;
        for (let i = 0; i < 120; i++) {
          const child = spawn('/bin/sleep', ['3'], { stdio: 'ignore' });
          child.on('error', () => {});
          if (child.pid !== undefined) made++;
        }
        setTimeout(() => { console.log(made); process.exit(); }, 500);`;
      assert.equal(runOutside(script), '120\n');
      const result = await runInside(script, { processes: 60 });
      // The kernel refuses, or all are ended from outside where it does not count root's.
      assert.ok(result.exceeded === 'processes' || Number(result.stdout) < 60, JSON.stringify(result));
    });

    it('bounds how much memory they take together', async () => {
      const script = `const { fork } = require('child_process');
        const kept = [];
        const take = () => { for (let i = 0; i < 20; i++) kept.push(Buffer.alloc(10 * ${MiB}, 1)); };
        if (process.argv[2] === 'child') { take(); setTimeout(() => process.send('taken'), 200); setTimeout(() => {}, 5000); }
        else {
          let taken = 0;
          const children = [1, 2].map(() => fork(__filename, ['child']));
          for (const child of children) child.on('message', () => { if (++taken === 2) { console.log('taken'); children.forEach(one => one.kill()); } });
        }`;
      assert.equal(runOutside(script), 'taken\n');
      const result = await runInside(script, { memoryBytes: 350 * MiB });
      assert.deepEqual([result.memoryExceeded, result.exceeded, result.stdout], [true, 'memory', '']);
      // One process alone is stopped by the kernel, before it touches what it asks for.
      const map =
        'try { Buffer.allocUnsafeSlow(3 * 1024 ** 3); console.log("mapped"); } catch { console.log("refused"); }';
      assert.equal(runOutside(map), 'mapped\n');
      assert.notEqual((await runInside(map, { addressBytes: 2048 * MiB })).stdout, 'mapped\n');
    });

    it('bounds what is printed', async () => {
      const script = 'const line = "y\\n".repeat(5000); for (let i = 0; i < 800; i++) process.stdout.write(line);';
      assert.equal(runOutside(script).length, 8_000_000);
      const result = await runInside(script, { outputBytes: MiB });
      assert.deepEqual([result.exceeded, result.stdoutCut, result.stdout.length], ['output', true, MiB]);
      const flood = await sandbox.run({ argv: ['yes'], folder, limits: { outputBytes: MiB } }, signal);
      assert.ok(!isRefusal(flood));
      assert.deepEqual([flood.exceeded, flood.stdout.length, flood.gone], ['output', MiB, true]);
    });

    it('bounds what is written to the disk', async () => {
      const script = `const fs = require('fs');
        const block = Buffer.alloc(5 * ${MiB}, 1);
        for (let i = 0; i < 20; i++) { fs.writeFileSync((i % 2 ? '/tmp/' : '') + 'fill-${process.pid}-' + i, block); fs.fsyncSync(fs.openSync('.')); }
        setTimeout(() => { console.log('filled'); for (let i = 1; i < 20; i += 2) fs.rmSync('/tmp/fill-${process.pid}-' + i); }, 3000);`;
      assert.equal(runOutside(script), 'filled\n');
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      const result = await runInside(script, { diskBytes: 40 * MiB });
      assert.deepEqual([result.exceeded, result.stdout], ['disk', '']);
      const large = `require('fs').writeFileSync('large', Buffer.alloc(8 * ${MiB})); console.log('wrote');`;
      assert.equal(runOutside(large), 'wrote\n');
      assert.equal((await runInside(large, { fileBytes: 4 * MiB })).stdout, '');
      const memory = `require('fs').writeFileSync('/dev/shm/fill-${process.pid}', Buffer.alloc(60 * ${MiB})); require('fs').writeFileSync('/dev/shm/fill2-${process.pid}', Buffer.alloc(60 * ${MiB})); console.log('wrote');`;
      assert.equal((await runInside(memory, { fileBytes: 256 * MiB })).stdout, '');
    });

    it('bounds how long it takes, and ends with the request', async () => {
      const late = await runInside('for (;;);', { wallMs: 500 });
      assert.deepEqual([late.timedOut, late.exceeded], [true, 'time']);
      const busy = await runInside('for (;;);', { cpuSeconds: 1 });
      assert.deepEqual([busy.timedOut, busy.signal], [false, 'SIGKILL']);
      const aborting = new AbortController();
      setTimeout(() => aborting.abort(new Error('No longer wanted.')), 300);
      await assert.rejects(sandbox.run({ argv: ['node', 'attack.cjs'], folder }, aborting.signal), /No longer wanted/);
    });

    it('hands on nothing of the environment', async () => {
      const script =
        'console.log(Object.values(process.env).includes("for nobody"), Object.keys(process.env).length > 20)';
      const env = { ...process.env, OWN_TOKEN: 'for nobody' };
      assert.match(runOutside(script, env), /^true/);
      const own = createSandbox({ leaveOut: () => false, env });
      writeFileSync(join(folder, 'attack.cjs'), script);
      const result = await own.run({ argv: ['node', 'attack.cjs'], folder }, signal);
      assert.ok(!isRefusal(result));
      assert.equal(result.stdout, 'false false\n');
      const parent = 'console.log(require("fs").readdirSync("/proc").filter(name => /^\\d+$/.test(name)).length < 10)';
      assert.equal((await runInside(parent)).stdout, 'true\n');
    });

    it('copies no secrets and no history', async () => {
      mkdirSync(join(folder, '.git'));
      writeFileSync(join(folder, '.git', 'config'), 'token');
      writeFileSync(join(folder, '.env.local'), 'token');
      mkdirSync(join(folder, 'node_modules', 'one'), { recursive: true });
      writeFileSync(join(folder, 'node_modules', 'one', 'index.js'), 'module.exports = 1;');
      const script = `const fs = require('fs');
        let wrote = true;
        try { fs.writeFileSync('node_modules/one/index.js', ''); } catch { wrote = false; }
        console.log(fs.readdirSync('.').join(), require('one'), wrote);`;
      const result = await runInside(script);
      assert.equal(result.stdout, 'attack.cjs,node_modules 1 false\n');
      assert.deepEqual(result.leftOut, ['.env.local']);
      assert.match(runOutside(script), /\.env\.local,\.git.* true/);
    });

    it('follows no link of the sources that leads outside, and none back to the original', async () => {
      symlinkSync(join(outside, 'secret.txt'), join(folder, 'link'));
      symlinkSync(outside, join(folder, 'node_modules'));
      writeFileSync(join(folder, 'real.txt'), 'original');
      symlinkSync(join(folder, 'real.txt'), join(folder, 'inner'));
      const script = `const fs = require('fs');
        for (const path of ['link', 'node_modules/secret.txt', 'inner']) try { console.log(fs.readFileSync(path, 'utf8')); } catch { console.log('nothing'); }
        if (process.argv[2] !== 'read') fs.writeFileSync('inner', 'changed');`;
      writeFileSync(join(folder, 'attack.cjs'), script);
      const free = spawnSync(process.execPath, ['attack.cjs', 'read'], { cwd: folder, encoding: 'utf8' });
      assert.equal(free.stdout, 'for nobody\nfor nobody\noriginal\n');
      assert.equal((await runInside(script)).stdout, 'nothing\nnothing\noriginal\n');
      assert.equal(readFileSync(join(folder, 'real.txt'), 'utf8'), 'original');
      const files = [{ path: join(folder, 'inner'), text: 'given' }];
      await sandbox.run({ argv: ['true'], folder, files }, signal);
      assert.equal(readFileSync(join(folder, 'real.txt'), 'utf8'), 'original');
    });

    it('starts no tool that the workspace puts in the way', async () => {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      const ran = join(outside, 'ran');
      writeFileSync(join(outside, 'tool'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
      writeFileSync(join(bin, 'node'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
      for (const name of ['python3', 'bwrap', 'prlimit', 'cargo', 'rustc', 'go'])
        symlinkSync(join(outside, 'tool'), join(bin, name));
      const path = `${bin}:${process.env['PATH'] ?? ''}`;
      const env = { ...process.env, PATH: path };
      spawnSync('python3', ['--version'], { env });
      assert.ok(existsSync(ran));
      rmSync(ran);
      const own = createSandbox({ leaveOut: () => false, env, workspace: folder });
      writeFileSync(join(folder, 'fine.cjs'), 'console.log("fine")');
      const result = await own.run({ argv: ['node', 'fine.cjs'], folder, tools: ['python3', 'go', 'cargo'] }, signal);
      assert.ok(!isRefusal(result));
      assert.equal(result.stdout, 'fine\n');
      assert.ok(!existsSync(ran));
    });

    it('reads a report only where it is a plain file', async () => {
      const script = `const fs = require('fs');
        fs.symlinkSync(${JSON.stringify(join(outside, 'secret.txt'))}, process.argv[2] + '/link');
        require('child_process').execFileSync('mkfifo', [process.argv[2] + '/pipe']);
        fs.writeFileSync(process.argv[2] + '/plain', 'report');`;
      writeFileSync(join(folder, 'attack.cjs'), script);
      const opened = await sandbox.open({ folder, tools: ['node'] }, signal);
      assert.ok(!isRefusal(opened));
      try {
        await opened.run({ argv: ['node', 'attack.cjs', opened.reportFolder] }, signal);
        assert.equal(await opened.readReport('plain'), 'report');
        for (const name of ['link', 'pipe', 'missing', '../copy/attack.cjs'])
          assert.equal(await opened.readReport(name), null);
        assert.equal(await opened.readReport('plain', 3), null);
      } finally {
        await opened.close();
      }
    });

    it('leaves no copy behind, whatever was done to it', async () => {
      await runInside(
        'const fs = require("fs"); fs.mkdirSync("a/b", { recursive: true }); fs.chmodSync("a/b", 0); fs.chmodSync("a", 0);',
      );
      assert.deepEqual(
        readdirSync(outside).filter(name => name.startsWith('understudy')),
        [],
      );
    });
  });
}

describe('the sandbox where there is none', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'understudy-none-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const cases: readonly (readonly [string, (bin: string) => void, RegExp])[] = [
    ['bubblewrap is missing', () => {}, /^bubblewrap is not installed/],
    ['prlimit is missing', bin => program(bin, 'bwrap', 'exit 0'), /^prlimit is not installed/],
    [
      'namespaces are forbidden',
      bin => {
        program(bin, 'bwrap', 'echo "bwrap: No permissions to create new namespace" >&2; exit 1');
        program(bin, 'prlimit', 'exit 0');
      },
      /may not make a sandbox here \(bwrap: No permissions/,
    ],
  ];
  for (const [name, prepare, why] of cases) {
    it(`says so and runs nothing: ${name}`, async () => {
      const bin = await mkdtemp(join(folder, 'bin-'));
      prepare(bin);
      const sandbox = createSandbox({ leaveOut: () => false, env: { PATH: bin } });
      const result = await sandbox.run({ argv: ['touch', join(folder, 'ran')], folder }, signal);
      assert.ok(isRefusal(result));
      assert.match(result.why, why);
      assert.ok(result.remedy !== null && result.missing === 'bubblewrap' && result.sandbox === 'none');
      assert.ok(!existsSync(join(folder, 'ran')));
    });
  }

  it('says so and runs nothing: another platform', async () => {
    const result = await createSandbox({ leaveOut: () => false, platform: 'win32' }).run(
      { argv: ['true'], folder },
      signal,
    );
    assert.ok(isRefusal(result));
    assert.match(result.why, /no sandbox for this platform/);
  });

  it('copies no home folder', async () => {
    for (const wide of ['/', homedir()])
      assert.ok(
        isRefusal(await createSandbox({ leaveOut: () => false }).run({ argv: ['true'], folder: wide }, signal)),
      );
  });
});

function program(bin: string, name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A PATH with all that the sandbox needs but setpriv, so that it works in a namespace of users instead. */
function pathWithoutSetpriv(bin: string): string {
  mkdirSync(bin);
  for (const name of ['bwrap', 'prlimit', 'node', 'python3']) {
    const path = findExecutable(name, { path: process.env['PATH'], workspace: null });
    if (path !== null) symlinkSync(path, join(bin, name));
  }
  return bin;
}

function processesWith(marker: string): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes(marker) && words[1] === '-e';
      } catch {
        return false;
      }
    });
}
