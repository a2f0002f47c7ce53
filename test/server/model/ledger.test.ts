import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../server/base/log.js';
import { createLedger, readLedger, type Ledger, type Sending } from '../../../server/model/ledger.js';

const sending: Sending = {
  backend: 'team',
  host: 'models.example',
  isLocal: false,
  model: 'coder',
  task: 'inline',
  files: [{ path: '/work/a.ts', range: { start: { line: 0, character: 0 }, end: { line: 3, character: 7 } } }],
  tokens: 120,
  redactions: [{ kind: 'password', count: 2 }],
};

describe('the ledger', () => {
  let stateRoot: string;
  let nowMs: number;
  let ledger: Ledger;

  beforeEach(() => {
    stateRoot = mkdtempSync(join(tmpdir(), 'understudy-ledger-'));
    nowMs = new Date(2026, 10, 30, 23, 59).getTime();
    ledger = createLedger({ stateRoot, now: () => nowMs, log: silentLog });
  });
  afterEach(() => rmSync(stateRoot, { recursive: true, force: true }));

  it('has an entry as soon as it is written, and how it ended later, over the end of a month too', async () => {
    const open = await ledger.write(sending);
    const [entry] = (await readLedger(stateRoot)).entries;
    assert.deepEqual({ ...entry, id: '', at: '' }, { ...sending, id: '', at: '', end: null, completionTokens: null });
    nowMs += 5 * 60_000;
    await open.settle('done', { prompt: 99, completion: 12 });
    await (await ledger.write({ ...sending, task: 'chat' })).settle('failed', { prompt: null, completion: null });
    const { entries, damaged } = await readLedger(stateRoot);
    assert.deepEqual(
      entries.map(({ task, end, tokens, completionTokens }) => [task, end, tokens, completionTokens]),
      [
        ['inline', 'done', 99, 12],
        ['chat', 'failed', 120, null],
      ],
    );
    assert.equal(damaged, 0);
    assert.deepEqual(readdirSync(join(stateRoot, 'ledger')), ['2026-11.jsonl', '2026-12.jsonl']);
  });

  it('is the person’s alone, and none of many at once is lost', async () => {
    const other = createLedger({ stateRoot, now: () => nowMs, log: silentLog });
    await Promise.all(Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? ledger : other).write(sending)));
    const { entries, damaged } = await readLedger(stateRoot);
    assert.deepEqual([entries.length, damaged], [200, 0]);
    if (process.platform === 'win32') return;
    assert.equal(statSync(join(stateRoot, 'ledger', '2026-11.jsonl')).mode & 0o777, 0o600);
  });

  it('leaves out damaged lines and says how many, also half a one that another would be glued to', async () => {
    await ledger.write(sending);
    const path = join(stateRoot, 'ledger', '2026-11.jsonl');
    appendFileSync(path, '{"id":"x"}\nnonsense\n{"id":"y","at":"2026-11-30T');
    const next = createLedger({ stateRoot, now: () => nowMs, log: silentLog });
    await next.write(sending);
    const { entries, damaged } = await readLedger(stateRoot);
    assert.deepEqual([entries.length, damaged], [2, 3]);
  });

  it('is empty where nothing was sent', async () => {
    assert.deepEqual(await readLedger(stateRoot), { entries: [], damaged: 0 });
  });
});
