import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { isRecord } from '../../../server/base/record.js';
import { join } from 'node:path';
import { readAudit } from '../../../server/trust/audit.js';
import { createCommandLine, type Answered, type CommandLine } from '../../support/commandLine.js';

describe('understudy check', function () {
  this.timeout(60_000);
  let line: CommandLine;
  beforeEach(() => {
    line = createCommandLine();
    line.write('good.py', 'def total(items):\n    return sum(items)\n');
  });
  afterEach(() => line.remove());

  it('says that nothing is wrong, and by whom it was checked', async () => {
    const { exit, stdout } = await line.run(['check']);
    assert.equal(exit, 0, stdout);
    assert.match(stdout, /^Nothing found\. 1 file, checked by .*syntax/m);
  });

  it('finds what is broken in files as they are, with place and rule', async () => {
    const path = line.write('broken.py', 'x = 1\ndef total(items:\n    return 1\n');
    const answered = await line.run(['check', '--json']);
    assert.equal(answered.exit, 1);
    const [finding] = findingsOf(answered);
    assert.equal(finding?.['path'], path);
    assert.equal(finding['severity'], 'critical');
    assert.match(String(finding['rule']), /^syntax\//);
    assert.equal((finding['range'] as { start: { line: number } }).start.line, 1);
  });

  it('checks single files and folders that are named, whatever ignore rules say of a file', async () => {
    line.write('.gitignore', 'out/\n');
    line.write('out/broken.go', 'func (\n');
    line.write('sub/broken.go', 'func (\n');
    assert.deepEqual(pathsOf(await line.run(['check', '--json'])), ['sub/broken.go']);
    assert.deepEqual(pathsOf(await line.run(['check', '--json', 'out/broken.go'])), ['out/broken.go']);
    assert.deepEqual(pathsOf(await line.run(['check', '--json', 'sub'])), ['sub/broken.go']);
    assert.deepEqual(pathsOf(await line.run(['check', '--json', 'good.py'])), []);
  });

  it('checks a text that comes on stdin as the file that it is meant for', async () => {
    const { exit, stdout } = await line.run(['check', '--stdin', '--path', 'new.go', '--sarif'], {
      stdin: 'package a\nvar x = ;;\n',
    });
    assert.equal(exit, 1);
    const sarif = JSON.parse(stdout) as { runs: { results: { ruleId: string; locations: unknown }[] }[] };
    assert.match(sarif.runs[0]?.results[0]?.ruleId ?? '', /^syntax\//);
    assert.match(JSON.stringify(sarif), /"uri":"new\.go","uriBaseId":"WORKSPACE"/);
  });

  it('judges only what a change adds', async () => {
    line.write('old.go', 'func (\n');
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '-qm', 'first');
    line.write('old.go', 'func (\n// and more\n');
    line.write('good.py', 'def total(items):\n    return sum(items\n');
    assert.deepEqual(pathsOf(await line.run(['check', '--diff', 'HEAD', '--json'])), ['good.py']);
    assert.deepEqual(pathsOf(await line.run(['check', '--diff', 'staged', '--json'])), []);
    git('add', '-A');
    assert.deepEqual(pathsOf(await line.run(['check', '--diff', 'staged', '--json'])), ['good.py']);
  });

  it('names files that a change breaks without touching them, with their place', async () => {
    line.write('package.json', '{"name": "own"}');
    line.write('b.ts', 'export const one = 1;\nexport const two = 2;\n');
    line.write('a.ts', "import { two } from './b.js';\nexport const a = two;\n");
    line.write('c.ts', "import { one } from './b.js';\nexport const c = one;\n");
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '-qm', 'first');
    line.write('b.ts', 'export const one = 1;\n');
    const [found, ...others] = findingsOf(await line.run(['check', '--diff', 'HEAD', '--json']));
    assert.deepEqual(others, []);
    assert.deepEqual([found?.['path'], found?.['rule']], [join(line.folder, 'a.ts'), 'names/unknown-export']);
    assert.deepEqual(found?.['range'], { start: { line: 0, character: 9 }, end: { line: 0, character: 12 } });
    assert.match((await line.run(['check', '--diff', 'HEAD'])).stdout, /^a\.ts:1:10 /m);

    git('mv', 'b.ts', 'moved.ts');
    line.write('moved.ts', 'export const one = 1;\nexport const two = 2;\n');
    git('add', '-A');
    assert.deepEqual(pathsOf(await line.run(['check', '--diff', 'staged', '--json'])).toSorted(), ['a.ts', 'c.ts']);
  });

  it('writes down what was judged of a change and of a text, without code', async () => {
    line.write('a.json', '{}');
    await line.run(['check']);
    assert.deepEqual((await readAudit(join(line.state, 'understudy'))).records, []);
    await line.run(['check', '--stdin', '--path', 'a.json'], { stdin: '{"secret": ' });
    const { records } = await readAudit(join(line.state, 'understudy'));
    assert.deepEqual(
      records.map(({ event, task, files }) => [event, task, (files as { path: string }[]).map(({ path }) => path)]),
      [['refused', 'check', ['a.json']]],
    );
    assert.doesNotMatch(JSON.stringify(records), /secret/);
  });

  it('exits by the severity that is asked for', async () => {
    line.write('user.json', '{"a": 1, "a": 2}\n');
    line.write('eval.py', 'import os\n\ndef run(name):\n    os.system("ls " + name)\n');
    const all = findingsOf(await line.run(['check', '--json'])).map(({ severity }) => severity);
    assert.ok(all.length > 0);
    assert.equal((await line.run(['check', '--fail-on', 'info'])).exit, 1);
    assert.equal((await line.run(['check', 'good.py', '--fail-on', 'info'])).exit, 0);
  });

  it('says which checks did not run, and why', async () => {
    const { validators } = (await line.run(['check', '--json'])).json() as { validators: Record<string, unknown>[] };
    assert.deepEqual(
      validators.filter(({ ran, why }) => ran === (why !== null) && why === null),
      [],
    );
    assert.ok(validators.some(({ id, ran }) => id === 'syntax' && ran === true));
    assert.ok(validators.some(({ id, ran, why }) => id === 'data' && ran === false && why !== null));
  });

  it('says which files could not be judged, and why, and fails only where that is asked for', async () => {
    const utf16 = line.write('wide.ts', '');
    writeFileSync(utf16, Buffer.from('\ufeffconst a = 1;\n', 'utf16le'));
    line.write('deep.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const answered = await line.run(['check', '--json']);
    assert.equal(answered.exit, 0);
    const { notJudged } = answered.json() as { notJudged: Record<string, unknown>[] };
    const own = notJudged.map(({ path, by }) => [String(path).slice(line.folder.length + 1), by]);
    assert.deepEqual(own.slice(0, 2), [
      ['wide.ts', null],
      ['deep.json', 'data'],
    ]);
    assert.match(String(notJudged[0]?.['why']), /UTF-16/);
    const { stdout, exit } = await line.run(['check', '--strict']);
    assert.equal(exit, 1);
    assert.match(stdout, /^Not checked: wide\.ts is UTF-16/m);
    assert.match(stdout, /^Not judged: 1 file by anyone, 1 file by data\b.*\n$/m);
    const { stdout: sarif } = await line.run(['check', '--sarif']);
    assert.match(sarif, /This file is UTF-16/);
    assert.match(sarif, /"uri": "deep\.json"/);
    assert.equal((await line.run(['check', 'good.py', '--strict'])).exit, 0);
  });

  it('says once which names in gate.rules no rule has', async () => {
    line.write(
      '.understudy/settings.json',
      '{ "gate": { "rules": { "names/unknwon-name": "refuse", "names": "refuse" } } }',
    );
    line.write('sub/more.py', 'x = 1\n');
    const { stderr } = await line.run(['check', 'good.py', 'sub']);
    assert.equal(stderr.match(/Did you mean names\/unknown-name\?/g)?.length, 1, stderr);
    assert.equal(stderr.match(/gate\.rules/g)?.length, 1, stderr);
  });

  it('says why there is nothing to check', async () => {
    line.write('.understudyignore', '*\n');
    const { stdout, exit } = await line.run(['check']);
    assert.equal(exit, 0);
    assert.match(stdout, /^Nothing to check\. Passed over in the workspace: \d+ excluded by settings/m);
    assert.doesNotMatch(stdout, /nobody/);
  });

  it('says which new files git does not know, where they may be meant', async () => {
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '-qm', 'first');
    line.write('new.py', 'x = (\n');
    const { stdout, stderr } = await line.run(['check', '--diff', 'HEAD']);
    assert.match(stdout, /^Nothing to check\. Nothing has changed in HEAD\./m);
    assert.match(stderr, /^1 file that git does not know is not checked: new\.py\. git add -N takes them/m);
    assert.doesNotMatch((await line.run(['check', '--diff', 'staged'])).stderr, /does not know/);
    git('add', '-N', 'new.py');
    const added = await line.run(['check', '--diff', 'HEAD', '--json']);
    assert.deepEqual(pathsOf(added), ['new.py']);
    assert.doesNotMatch(added.stderr, /does not know/);
  });

  it('says what to do outside of a repository', async () => {
    const { exit, stdout } = await line.run(['check', '--diff', 'HEAD', '--json'], { cwd: '/' });
    assert.equal(exit, 3);
    assert.match(stdout, /"remedy": "Run it in one, or without --diff/);
  });

  it('checks nothing that lies, or leads, outside of the workspace', async () => {
    const outside = join(line.folder, '..', 'outside.py');
    writeFileSync(outside, 'x = (\n');
    symlinkSync(outside, join(line.folder, 'link.py'));
    symlinkSync(join(line.folder, '..'), join(line.folder, 'up'));
    for (const [path, message] of [
      [outside, /outside\.py lies outside of the workspace .*--folder/],
      ['../outside.py', /lies outside of the workspace/],
      ['link.py', /link\.py is a link that leads out of the workspace/],
      ['up', /up is a link that leads out/],
    ] as const) {
      const { exit, stderr, stdout } = await line.run(['check', path]);
      assert.deepEqual([exit, stdout], [2, '']);
      assert.match(stderr, message);
    }
    assert.equal((await line.run(['check', '--stdin', '--path', '../outside.py'], { stdin: 'x' })).exit, 2);
    assert.deepEqual(pathsOf(await line.run(['check', '--json'])), []);
  });

  describe('refuses', () => {
    const cases: readonly [readonly string[], RegExp][] = [
      [['--stdin'], /--stdin needs --path/],
      [['--path', 'a.ts'], /--path goes with --stdin/],
      [['--diff', 'HEAD', 'a.ts'], /no PATH beside it/],
      [['--fail-on', 'bad'], /must be one of critical, high/],
      [['nowhere.ts'], /There is no .*nowhere\.ts/],
      [['--sarif', '--json'], /exclude one another/],
    ];
    for (const [argv, message] of cases) {
      it(`check ${argv.join(' ')}`, async () => {
        const { exit, stderr } = await line.run(['check', ...argv]);
        assert.equal(exit, 2);
        assert.match(stderr, message);
      });
    }
  });

  function git(...argv: readonly string[]): void {
    execFileSync('git', argv, { cwd: line.folder });
  }

  function pathsOf(answered: Answered): readonly string[] {
    return [...new Set(findingsOf(answered).map(({ path }) => String(path).slice(line.folder.length + 1)))];
  }
});

function findingsOf(answered: Answered): readonly Record<string, unknown>[] {
  const document = answered.json();
  const findings: unknown = isRecord(document) ? document['findings'] : null;
  assert.ok(Array.isArray(findings), answered.stderr);
  return findings.filter(isRecord);
}
