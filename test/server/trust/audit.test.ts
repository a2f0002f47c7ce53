import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../../server/base/log.js';
import { silentLog } from '../../../server/base/log.js';
import { createMonthlyLines, readMonthlyLines } from '../../../server/base/monthlyLines.js';
import { createAudit, readAudit, type AuditEvent } from '../../../server/trust/audit.js';

describe('the audit', () => {
  let stateRoot: string;

  beforeEach(() => {
    stateRoot = mkdtempSync(join(tmpdir(), 'understudy-audit-'));
  });
  afterEach(() => rmSync(stateRoot, { recursive: true, force: true }));

  const at = (text: string) => (): number => Date.parse(text);
  const event: AuditEvent = {
    event: 'refused',
    task: 'inline',
    root: '/work/project',
    files: [{ path: 'src/a.ts', before: 'aa', after: 'bb', bytes: 12 }],
    id: 'one',
    rules: ['secrets/key', 'secrets/key', 'syntax/error'],
    why: 'filtered',
  };

  it('writes what happened, a line each, for the person alone', async () => {
    const audit = createAudit({ stateRoot, now: at('2026-11-21T10:00:00Z'), log: silentLog });
    await audit.note(event);
    await audit.note({ event: 'proposed', task: 'fix', root: null, files: [] });
    const { records, damaged } = await readAudit(stateRoot);
    assert.deepEqual(
      [records, damaged],
      [
        [
          { at: '2026-11-21T10:00:00.000Z', ...event, rules: ['secrets/key', 'syntax/error'] },
          { at: '2026-11-21T10:00:00.000Z', event: 'proposed', task: 'fix', root: null, files: [], rules: [] },
        ],
        0,
      ],
    );
    const path = join(stateRoot, 'audit', '2026-11.jsonl');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(readFileSync(path, 'utf8').split('\n').length, 3);
  });

  it('takes nothing along that it was not made for', async () => {
    const file = { path: 'a.ts', text: 'const key = 1' };
    const careless = { ...event, text: 'const key = 1', files: [file] };
    await createAudit({ stateRoot, now: Date.now, log: silentLog }).note(careless);
    const { records } = await readAudit(stateRoot);
    assert(!JSON.stringify(records).includes('const key'));
  });

  it('cuts long lists, and says so', async () => {
    const files = Array.from({ length: 130 }, (_, index) => ({ path: `${index}.ts` }));
    await createAudit({ stateRoot, now: Date.now, log: silentLog }).note({ ...event, files });
    const { records } = await readAudit(stateRoot);
    assert.deepEqual([(records[0]?.['files'] as unknown[]).length, records[0]?.['moreFiles']], [100, 30]);
  });

  it('keeps all lines of several processes whole', async () => {
    const module = new URL('../../../server/trust/audit.js', import.meta.url).href;
    const script = (worker: number): string => `
      import { createAudit } from ${JSON.stringify(module)};
      const log = { error() {}, warn() { process.exitCode = 1 }, info() {}, debug() {} };
      const audit = createAudit({ stateRoot: ${JSON.stringify(stateRoot)}, now: Date.now, log });
      const files = [{ path: 'x'.repeat(5000) }];
      for (let index = 0; index < 50; index++)
        await audit.note({ event: 'checked', task: 'w${worker}', root: null, files, id: String(index) });`;
    const exits = await Promise.all(
      [0, 1, 2].map(async worker => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script(worker)], { stdio: 'inherit' });
        const [code] = (await once(child, 'exit')) as [number | null];
        return code;
      }),
    );
    assert.deepEqual(exits, [0, 0, 0]);
    const { records, damaged } = await readAudit(stateRoot);
    assert.deepEqual([records.length, damaged], [150, 0]);
    assert.equal(new Set(records.map(({ task, id }) => `${String(task)} ${String(id)}`)).size, 150);
  });

  it('goes on behind half a line of somebody who died, and counts it', async () => {
    const audit = (): ReturnType<typeof createAudit> =>
      createAudit({ stateRoot, now: at('2026-11-21'), log: silentLog });
    await audit().note(event);
    appendFileSync(join(stateRoot, 'audit', '2026-11.jsonl'), '{"at":"2026');
    await audit().note(event);
    const { records, damaged } = await readAudit(stateRoot);
    assert.deepEqual([records.length, damaged], [2, 1]);
  });

  it('begins another file when one is long, and removes the oldest', async () => {
    const folder = join(stateRoot, 'lines');
    const limits = { maxFileBytes: 200, maxBytes: 1000, maxMonths: 2 };
    const write = async (when: string, count: number): Promise<void> => {
      const lines = createMonthlyLines(folder, at(when), limits);
      for (let index = 0; index < count; index++) await lines.append({ when, index, filler: 'x'.repeat(50) });
    };
    await write('2026-08-15', 1);
    await write('2026-09-15', 1);
    await write('2026-10-15', 4);
    assert.deepEqual(readdirSync(folder).sort(), ['2026-09.jsonl', '2026-10.2.jsonl', '2026-10.jsonl']);
    await write('2026-11-15', 40);
    const names = readdirSync(folder);
    assert(names.every(name => name.startsWith('2026-11.')) && names.length > 2 && names.length < 9, names.join());
    const { records } = await readMonthlyLines(folder);
    const indexes = records.map(({ index }) => Number(index));
    assert.deepEqual(
      indexes,
      [...indexes].sort((left, right) => left - right),
    );
    assert.equal(indexes.at(-1), 39);
  });

  it('tells once that it cannot be written, and keeps nobody from working', async () => {
    const said: string[] = [];
    const log: Log = { ...silentLog, warn: message => void said.push(message) };
    writeFileSync(join(stateRoot, 'audit'), 'in the way');
    const audit = createAudit({ stateRoot, now: Date.now, log });
    await audit.note(event);
    await audit.note(event);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /audit log in .* cannot be written/);
  });
});
