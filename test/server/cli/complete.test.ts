import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { CompletionRequest, ReasonCode } from '../../../server/complete/completer.js';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';
import { createFakeCore, type FakeCore } from '../../support/fakeCore.js';

describe('understudy complete', () => {
  let shell: CommandLine;
  let asked: CompletionRequest[];

  beforeEach(() => {
    shell = createCommandLine();
    asked = [];
  });
  afterEach(() => {
    shell.remove();
  });

  const offering = (text: string, typed: number): FakeCore =>
    createFakeCore({
      complete(request) {
        asked.push(request);
        const origin = { kind: 'workspace', path: join(shell.folder, 'src/b.ts'), line: 41 } as const;
        const { offset } = request;
        const item = { id: '1', start: offset - typed, end: offset, text, confidence: 0.876, source: 'recall', origin };
        return Promise.resolve({ items: [{ ...item, source: 'recall', imports: [] }], reason: null, steps: [] });
      },
    });
  const silent = (reason: ReasonCode): FakeCore =>
    createFakeCore({ complete: () => Promise.resolve({ items: [], reason, steps: [] }) });

  it('shows what is offered in its line, where it is from, and how sure it is', async () => {
    shell.write('src/a.ts', 'first();\n  const x = rea;\n');
    const { exit, stdout } = await shell.run(['complete', 'src/a.ts:2:16'], { core: offering('readFile()', 3) });
    assert.equal(exit, 0);
    const [line, , note] = stdout.split('\n');
    assert.equal(line, '  const x = readFile();');
    assert.match(note ?? '', /^from src\/b\.ts:41, 88 % sure, /);
  });

  it('asks as a person does who presses a key for it', async () => {
    shell.write('a.ts', 'ab\n');
    await shell.run(['complete', 'a.ts:1:3'], { core: offering('abc', 2) });
    assert.deepEqual(
      asked.map(({ offset, trigger, snapshot }) => [offset, trigger, snapshot.path, snapshot.text]),
      [[2, 'invoked', join(shell.folder, 'a.ts'), 'ab\n']],
    );
  });

  it('counts columns in characters, as compilers do, and ranges in utf-16 units', async () => {
    shell.write('a.ts', '\uFEFFlet 😀x = 1\n');
    const { stdout } = await shell.run(['complete', 'a.ts:1:7', '--json'], { core: offering('xyz', 1) });
    const { items } = JSON.parse(stdout) as { items: { range: unknown }[] };
    assert.deepEqual(items[0]?.range, { start: { line: 0, character: 6 }, end: { line: 0, character: 7 } });
  });

  it('takes a name with colons, as it may be', async () => {
    shell.write('a:1:b.ts', 'x\n');
    assert.equal((await shell.run(['complete', 'a:1:b.ts:1:2'], { core: offering('xy', 1) })).exit, 0);
  });

  it('says in words why nothing is offered', async () => {
    shell.write('a.ts', '// note\n');
    const { exit, stdout } = await shell.run(['complete', 'a.ts:1:5'], { core: silent('in-comment') });
    assert.equal(exit, 1);
    assert.match(stdout, /^Nothing is offered here: the cursor is in a comment.*\(in-comment, /);
  });

  it('gives the reason code in JSON', async () => {
    shell.write('a.ts', 'x\n');
    const { exit, json } = await shell.run(['complete', 'a.ts:1:2', '--json'], { core: silent('unsure') });
    assert.equal(exit, 1);
    const { items, reason, ms } = json() as { items: unknown[]; reason: string; ms: number };
    assert.deepEqual([items, reason, typeof ms], [[], 'unsure', 'number']);
  });
});
