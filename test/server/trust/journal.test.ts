import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Failure, type FailureKind } from '../../../server/base/failure.js';
import { silentLog } from '../../../server/base/log.js';
import { createAudit, noAudit, readAudit } from '../../../server/trust/audit.js';
import { createJournal, type Journal } from '../../../server/trust/journal/createJournal.js';
import { versionOf, type Edit, type FileEdit } from '../../../server/trust/journal/edit.js';

const never = new AbortController().signal;

describe('the journal', () => {
  let outer: string;
  let root: string;
  let stateRoot: string;
  let journal: Journal;

  beforeEach(() => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-journal-')));
    root = join(outer, 'workspace');
    stateRoot = join(outer, 'state');
    journal = createJournal({ stateRoot, audit: noAudit });
    write('src/a.ts', 'a\n');
    write('src/b.ts', 'b\n');
    write('src/c.ts', 'c\n');
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  function write(path: string, text: string | Buffer): string {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  }
  const files = (folder = root): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name))
        .map((path): [string, string] => [relative(folder, path), readFileSync(path, 'utf8')])
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  const change = (path: string, before: string, text: string): FileEdit => ({
    kind: 'change',
    path,
    version: versionOf(before),
    text,
  });
  const edit = (...edits: FileEdit[]): Edit => ({ root, files: edits, task: 'refactor' });
  const apply = (...edits: FileEdit[]): Promise<unknown> => journal.apply(edit(...edits), never);
  const refused = (kind: FailureKind, ...edits: FileEdit[]): Promise<void> =>
    assert.rejects(apply(...edits), error => error instanceof Failure && error.kind === kind, JSON.stringify(edits));
  const before = { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'src/c.ts': 'c\n' };
  const several: readonly FileEdit[] = [
    change('src/a.ts', 'a\n', 'A\n'),
    { kind: 'rename', path: 'src/b.ts', to: 'src/deep/er/B.ts', version: versionOf('b\n'), text: 'b, moved\n' },
    { kind: 'delete', path: 'src/c.ts', version: versionOf('c\n') },
    { kind: 'create', path: 'docs/new.md', text: 'new\n' },
  ];
  const after = { 'docs/new.md': 'new\n', 'src/a.ts': 'A\n', 'src/deep/er/B.ts': 'b, moved\n' };

  it('applies several files and takes them back, folders and modes included', async () => {
    chmodSync(join(root, 'src/b.ts'), 0o755);
    const applied = await journal.apply(edit(...several), never);
    assert.deepEqual(files(), after);
    assert.equal(statSync(join(root, 'src/deep/er/B.ts')).mode & 0o777, 0o755);
    assert.deepEqual([...applied.files].map(path => relative(root, path)).sort(), [
      'docs/new.md',
      'src/a.ts',
      'src/b.ts',
      'src/c.ts',
      'src/deep/er/B.ts',
    ]);
    const undone = await journal.undo(root, null, never);
    assert.deepEqual([undone.id, undone.files], [applied.id, applied.files]);
    assert.deepEqual(files(), before);
    assert.equal(statSync(join(root, 'src/b.ts')).mode & 0o777, 0o755);
    assert(!existsSync(join(root, 'docs')) && !existsSync(join(root, 'src', 'deep')));
    await assert.rejects(
      journal.undo(root, null, never),
      error => error instanceof Failure && error.kind === 'not-found',
    );
  });

  it('takes back one edit after the other, each workspace its own', async () => {
    const other = join(outer, 'other');
    mkdirSync(other);
    await apply(change('src/a.ts', 'a\n', '1\n'));
    await apply(change('src/a.ts', '1\n', '2\n'));
    await journal.apply({ root: other, task: 'test', files: [{ kind: 'create', path: 'x.ts', text: 'x\n' }] }, never);
    const again = createJournal({ stateRoot, audit: noAudit });
    await again.undo(root, null, never);
    assert.equal(files()['src/a.ts'], '1\n');
    await again.undo(root, null, never);
    assert.equal(files()['src/a.ts'], 'a\n');
    assert.deepEqual(files(other), { 'x.ts': 'x\n' });
    assert.equal((await again.undo(null, null, never)).task, 'test');
    assert.deepEqual(files(other), {});
  });

  it('keeps what it wrote down to the person alone', async () => {
    await apply(...several);
    const folder = join(stateRoot, 'journal');
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const names = readdirSync(folder);
    assert.match(names.join(), /^\d{15}-[0-9a-f]{8}\.done\.json$/);
    assert.equal(statSync(join(folder, names[0] ?? '')).mode & 0o777, 0o600);
  });

  it('keeps the mark at the beginning of a file, and line ends as they are', async () => {
    write('src/a.ts', '\uFEFFa\r\n');
    await apply(change('src/a.ts', 'a\r\n', 'b\r\n'));
    assert.equal(files()['src/a.ts'], '\uFEFFb\r\n');
    await apply(change('src/a.ts', '\uFEFFb\r\n', '\uFEFFc\r\n'));
    assert.equal(files()['src/a.ts'], '\uFEFFc\r\n');
  });

  it('moves what is no text as it is', async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    write('logo.png', bytes);
    await apply({
      kind: 'rename',
      path: 'logo.png',
      to: 'img/logo.png',
      version: versionOf(bytes.toString('utf8')),
      text: null,
    });
    assert(readFileSync(join(root, 'img/logo.png')).equals(bytes));
    await journal.undo(root, null, never);
    assert(readFileSync(join(root, 'logo.png')).equals(bytes));
    await refused('bad-input', change('logo.png', bytes.toString('utf8'), 'text\n'));
  });

  describe('makes nothing of an edit', () => {
    const one = change('src/a.ts', 'a\n', 'A\n');
    const cases: readonly (readonly [string, FailureKind, () => FileEdit])[] = [
      ['for another version', 'stale', () => change('src/b.ts', 'older\n', 'x\n')],
      ['that makes what is there', 'stale', () => ({ kind: 'create', path: 'src/b.ts', text: 'x\n' })],
      [
        'that moves onto what is there',
        'stale',
        () => ({ kind: 'rename', path: 'src/b.ts', to: 'src/c.ts', version: versionOf('b\n'), text: null }),
      ],
      ['of a file that is not there', 'not-found', () => change('src/none.ts', '', 'x\n')],
      ['that names a file twice', 'bad-input', () => change(join(root, 'src', 'a.ts'), 'a\n', 'x\n')],
      ['of a folder', 'bad-input', () => ({ kind: 'delete', path: 'src', version: versionOf('') })],
      ['that leads out', 'bad-input', () => ({ kind: 'create', path: '../evil.ts', text: 'x\n' })],
      ['of another folder', 'permission', () => ({ kind: 'create', path: join(outer, 'evil.ts'), text: 'x\n' })],
      [
        'that leads out by a link',
        'permission',
        () => {
          symlinkSync(outer, join(root, 'out'));
          return { kind: 'create', path: 'out/evil.ts', text: 'x\n' };
        },
      ],
      [
        'that writes through a hard link',
        'permission',
        () => {
          writeFileSync(join(outer, 'secret'), 'secret\n');
          linkSync(join(outer, 'secret'), join(root, 'hard'));
          return change('hard', 'secret\n', 'x\n');
        },
      ],
      ['of a file below a file', 'permission', () => ({ kind: 'create', path: 'src/b.ts/x.ts', text: 'x\n' })],
      ['of a protected file', 'permission', () => ({ kind: 'create', path: '.github/workflows/ci.yml', text: 'x\n' })],
      [
        'that moves onto a protected file',
        'permission',
        () => ({ kind: 'rename', path: 'src/b.ts', to: '.VSCode/tasks.json', version: versionOf('b\n'), text: '{}' }),
      ],
    ];
    for (const [what, kind, make] of cases) {
      it(`${what}, and of the files beside it`, async () => {
        const last = make();
        const held = files();
        await refused(kind, one, last);
        assert.deepEqual(files(), held);
        await refused(kind, last, one);
        assert.deepEqual(files(), held);
        assert.deepEqual(readdirSync(join(stateRoot, 'journal')), []);
      });
    }

    for (const name of ['openSync', 'writeSync', 'fchmodSync', 'linkSync', 'renameSync', 'mkdirSync'] as const) {
      it(`that fails on the way, whatever it had done (${name})`, async () => {
        const original = fs[name] as (...args: unknown[]) => unknown;
        let failures = 0;
        for (let failing = 1, failed = true; failed; failing++) {
          let calls = 0;
          failed = false;
          const failOnce = (...args: unknown[]): unknown => {
            if (++calls !== failing) return original(...args);
            failed = true;
            failures += 1;
            throw Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' });
          };
          Object.assign(fs, { [name]: failOnce });
          syncBuiltinESMExports();
          const outcome = await journal.apply(edit(...several), never).then(
            () => 'done',
            error => (error instanceof Failure ? error.kind : String(error)),
          );
          Object.assign(fs, { [name]: original });
          syncBuiltinESMExports();
          if (outcome === 'done') await journal.undo(root, null, never);
          else assert.equal(outcome, 'disk-full');
          assert.deepEqual(files(), before, `${name}, call ${failing}`);
          assert.deepEqual(readdirSync(join(stateRoot, 'journal')), []);
          assert(!existsSync(join(root, 'src', 'deep')) && !existsSync(join(root, 'docs')));
        }
        assert(failures > 1);
      });
    }

    it('that is empty or far too large', async () => {
      await refused('bad-input');
      await refused(
        'bad-input',
        ...Array.from({ length: 501 }, (_, index): FileEdit => ({ kind: 'create', path: `n${index}.ts`, text: '' })),
      );
    });
  });

  it('a protected file is changed when it was asked for, and what the guard keeps off would have run', async () => {
    execFileSync('git', ['init', '-q'], { cwd: root });
    const trap = join(outer, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(outer, 'sprung')}\n`);
    chmodSync(trap, 0o755);
    const config = readFileSync(join(root, '.git', 'config'), 'utf8');
    const evil = `${config}[core]\n\tfsmonitor = ${trap}\n`;
    for (const path of ['.git/config', '.git/../.git/config', './.git//config'])
      await refused(path.includes('..') ? 'bad-input' : 'permission', change(path, config, evil));
    symlinkSync('.git', join(root, 'harmless'));
    await refused('permission', change('harmless/config', config, evil));
    const status = (): unknown => spawnSync('git', ['status'], { cwd: root });
    status();
    assert(!existsSync(join(outer, 'sprung')));
    // The attack: the same edit with the guard switched off for this file.
    await journal.apply({ ...edit(change('.git/config', config, evil)), asked: ['.git/config'] }, never);
    status();
    assert(existsSync(join(outer, 'sprung')));
  });

  it('takes back nothing where a file has changed since, and says which', async () => {
    await apply(...several);
    write('src/deep/er/B.ts', 'typed since\n');
    await assert.rejects(journal.undo(root, null, never), error => {
      assert(error instanceof Failure && error.kind === 'stale');
      assert.match(error.message, /src\/deep\/er\/B\.ts changed/);
      assert.match(error.remedy ?? '', /Bring it back/);
      return true;
    });
    assert.deepEqual(files(), { ...after, 'src/deep/er/B.ts': 'typed since\n' });
    write('src/deep/er/B.ts', 'b, moved\n');
    write('src/c.ts', 'came again\n');
    await assert.rejects(journal.undo(root, null, never), /src\/c\.ts changed/);
    rmSync(join(root, 'src/c.ts'));
    await journal.undo(root, null, never);
    assert.deepEqual(files(), before);
  });

  it('does not follow a link that was put in the place of a file since', async () => {
    await apply(change('src/a.ts', 'a\n', 'A\n'));
    writeFileSync(join(outer, 'elsewhere.ts'), 'A\n');
    rmSync(join(root, 'src/a.ts'));
    symlinkSync(join(outer, 'elsewhere.ts'), join(root, 'src/a.ts'));
    await assert.rejects(journal.undo(root, null, never), Failure);
    assert.equal(readFileSync(join(outer, 'elsewhere.ts'), 'utf8'), 'A\n');
  });

  it('leaves to the editor what it has open', async () => {
    await apply(...several);
    const replaced: unknown[] = [];
    const open = (text: string): Parameters<Journal['undo']>[1] => ({
      textOf: path => (path.endsWith('a.ts') ? text : null),
      replace(list) {
        replaced.push(...list);
        return Promise.resolve(new Set(list.map(({ path }) => path)));
      },
    });
    await assert.rejects(journal.undo(root, open('A and more\n'), never), /src\/a\.ts changed/);
    const refusing = {
      textOf: open('A\n')?.textOf ?? (() => null),
      replace: () => Promise.reject(new Failure('unavailable', 'No.')),
    };
    await assert.rejects(journal.undo(root, refusing, never), /No\./);
    assert.deepEqual(files(), after);
    await journal.undo(root, open('A\n'), never);
    assert.deepEqual(replaced, [{ path: join(root, 'src/a.ts'), text: 'a\n' }]);
    assert.deepEqual(files(), { ...before, 'src/a.ts': 'A\n' });
  });

  it('takes back what an editor has made, where it was told of it', async () => {
    write('src/a.ts', 'by the editor\n');
    write('src/new.ts', 'new\n');
    const made = [
      { path: join(root, 'src/a.ts'), before: 'a\n', after: 'by the editor\n' },
      { path: join(root, 'src/new.ts'), before: null, after: 'new\n' },
    ];
    await journal.record({ root, task: 'fix', files: made }, never);
    write('src/a.ts', 'not saved as it was\n');
    await assert.rejects(journal.undo(root, null, never), /src\/a\.ts changed/);
    write('src/a.ts', 'by the editor\n');
    await journal.undo(root, null, never);
    assert.deepEqual(files(), before);
    await assert.rejects(
      journal.record({ root, task: 'fix', files: [{ path: join(outer, 'x'), before: null, after: '' }] }, never),
      error => error instanceof Failure && error.kind === 'permission',
    );
  });

  it('keeps so many edits and no more', async () => {
    for (let count = 0; count < 55; count++) await apply(change('src/a.ts', files()['src/a.ts'] ?? '', `${count}\n`));
    assert.equal(readdirSync(join(stateRoot, 'journal')).length, 50);
    const later = createJournal({ stateRoot, audit: noAudit, now: () => Date.now() + 40 * 24 * 3600 * 1000 });
    await later.apply(edit(change('src/a.ts', '54\n', 'later\n')), never);
    assert.equal(readdirSync(join(stateRoot, 'journal')).length, 1);
  });

  it('tells the audit, by hashes and without a word of code', async () => {
    const audited = createJournal({ stateRoot, audit: createAudit({ stateRoot, now: Date.now, log: silentLog }) });
    await audited.apply(edit(...several), never);
    await assert.rejects(audited.apply(edit(change('.env', '', 'KEY=secret\n')), never));
    await audited.undo(root, null, never);
    const { records, damaged } = await readAudit(stateRoot);
    assert.deepEqual([records.map(({ event }) => event), damaged], [['applied', 'refused', 'undone'], 0]);
    const [applied] = records;
    assert.deepEqual(
      (applied?.['files'] as { path: string; before: string; after: string }[]).find(({ path }) => path === 'src/a.ts'),
      {
        path: 'src/a.ts',
        before: versionOf('a\n'),
        after: versionOf('A\n'),
      },
    );
    assert(!/moved|secret|new\\n/.test(JSON.stringify(records)));
  });

  describe('killed between any two steps', function () {
    this.timeout(180_000);
    const some = several.filter(({ kind }) => kind !== 'rename');
    const someAfter = { 'docs/new.md': 'new\n', 'src/a.ts': 'A\n', 'src/b.ts': 'b\n' };

    /** A process that ends itself before the given call that changes something on the disk. */
    const runKilled = (step: number, what: string): number | null => {
      const at = (path: string): string =>
        JSON.stringify(new URL(`../../../server/trust/${path}`, import.meta.url).href);
      const script = `
        import fs from 'node:fs';
        import { syncBuiltinESMExports } from 'node:module';
        let left = ${step};
        const count = work => (...args) => {
          if (--left === 0) process.kill(process.pid, 'SIGKILL');
          return work(...args);
        };
        for (const name of ['openSync', 'writeSync', 'fsyncSync', 'fchmodSync', 'renameSync', 'linkSync', 'rmSync', 'rmdirSync', 'mkdirSync'])
          fs[name] = count(fs[name]);
        for (const name of ['open', 'rename', 'rm', 'link', 'writeFile', 'mkdir']) fs.promises[name] = count(fs.promises[name]);
        syncBuiltinESMExports();
        const { createJournal } = await import(${at('journal/createJournal.js')});
        const { noAudit } = await import(${at('audit.js')});
        const journal = createJournal({ stateRoot: ${JSON.stringify(stateRoot)}, audit: noAudit });
        const never = new AbortController().signal;
        ${what}`;
      return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }).status;
    };

    const noRemains = (): void =>
      assert.deepEqual(
        Object.keys(files(outer)).filter(path => /understudy-\d|\.new$/.test(path)),
        [],
      );

    it('an edit is there as a whole or not at all, and can be taken back', async () => {
      const ends = new Set<string>();
      let steps = 0;
      for (let status: number | null = null; status !== 0; steps++) {
        assert(steps < 500);
        status = runKilled(steps + 1, `await journal.apply(${JSON.stringify(edit(...some))}, never);`);
        assert(status === 0 || status === null, String(status));
        const half = Object.keys(files()).length;
        const troubles = await createJournal({ stateRoot, audit: noAudit }).recover(never);
        assert.deepEqual(troubles, [], `step ${steps}`);
        const isDone = existsSync(join(root, 'docs/new.md'));
        assert.deepEqual(files(), isDone ? someAfter : before, `step ${steps}`);
        ends.add(`${half} ${isDone}`);
        if (isDone) await journal.undo(root, null, never);
        assert.deepEqual(files(), before, `step ${steps}`);
        assert(!existsSync(join(root, 'src', 'deep')) && !existsSync(join(root, 'docs')), `step ${steps}`);
        noRemains();
      }
      // It was found half done more than once, and done at the end.
      assert(steps > 25 && ends.size > 3, `${steps} steps, ${[...ends].join()}`);
    });

    it('an undo goes on to its end, or has not begun', async () => {
      let steps = 0;
      let half = 0;
      for (let status: number | null = null; status !== 0; steps++) {
        assert(steps < 500);
        await apply(...some);
        status = runKilled(steps + 1, `await journal.undo(${JSON.stringify(root)}, null, never);`);
        if (
          Object.keys(files()).some(path => !(path in someAfter)) &&
          Object.keys(files()).some(path => !(path in before))
        )
          half += 1;
        assert.deepEqual(await createJournal({ stateRoot, audit: noAudit }).recover(never), [], `step ${steps}`);
        const isBack = !existsSync(join(root, 'docs/new.md'));
        assert.deepEqual(files(), isBack ? before : someAfter, `step ${steps}`);
        if (!isBack) await journal.undo(root, null, never);
        assert.deepEqual(files(), before, `step ${steps}`);
        noRemains();
      }
      assert(steps > 20 && half > 2, `${steps} steps, ${half} half done`);
    });

    it('what somebody changed meanwhile is left alone, and told', async () => {
      for (let step = 10; existsSync(join(root, 'src/c.ts')) && files()['src/a.ts'] === 'a\n'; step++)
        runKilled(step, `await journal.apply(${JSON.stringify(edit(...some.slice(0, 1)))}, never);`);
      assert.equal(files()['src/a.ts'], 'A\n');
      if (!readdirSync(join(stateRoot, 'journal')).some(name => name.includes('.pending.')))
        assert.fail('it was not left half done');
      write('src/a.ts', 'typed since\n');
      const [trouble = ''] = await journal.recover(never);
      assert.match(trouble, /src\/a\.ts was interrupted.*broken\.json/);
      assert.equal(files()['src/a.ts'], 'typed since\n');
    });
  });
});
