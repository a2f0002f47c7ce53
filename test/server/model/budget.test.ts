import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { Price } from '../../../server/config/taskSettings.js';
import { ModelFailure } from '../../../server/model/backend.js';
import { createBudget, type Budget, type Limits, type Reservation } from '../../../server/model/budget.js';
import { silentLog } from '../../../server/base/log.js';

const none = { tokens: null, usd: null };
const cheap: Price = { input: 1, output: 2 };

describe('the budget', () => {
  let stateRoot: string;
  let limits: Limits;
  let nowMs: number;

  beforeEach(() => {
    stateRoot = mkdtempSync(join(tmpdir(), 'understudy-budget-'));
    limits = { daily: none, monthly: none };
    nowMs = new Date(2026, 10, 21, 12).getTime();
  });
  afterEach(() => rmSync(stateRoot, { recursive: true, force: true }));

  const create = (): Budget => createBudget({ stateRoot, limits: () => limits, now: () => nowMs, log: silentLog });
  const reserve = (budget: Budget, prompt: number, completion: number, price: Price | null = cheap) =>
    budget.reserve({ backend: 'team', model: 'coder', worst: { prompt, completion }, price });
  const isReached = (error: unknown): boolean => error instanceof ModelFailure && error.trouble === 'budget-reached';

  it('counts what was used, by day and by month of the person', async () => {
    const budget = create();
    await (await reserve(budget, 1000, 100)).settle({ prompt: 800, completion: 50 });
    nowMs += 24 * 3600_000;
    await (await reserve(budget, 1000, 100)).settle({ prompt: 100, completion: 0 });
    const { daily, monthly } = budget.spending();
    assert.deepEqual([daily.tokens, daily.usd], [100, 0.0001]);
    assert.deepEqual([monthly.tokens, monthly.usd], [950, 0.001]);
    nowMs = new Date(2026, 11, 1).getTime();
    assert.equal(budget.spending().monthly.tokens, 0);
  });

  it('holds back the most that a request can cost until it is known', async () => {
    limits = { daily: { tokens: 1000, usd: null }, monthly: none };
    const budget = create();
    const first = await reserve(budget, 600, 0);
    await assert.rejects(reserve(budget, 600, 0), isReached);
    await first.settle({ prompt: 100, completion: 0 });
    await reserve(budget, 600, 0);
    assert.equal(budget.spending().daily.tokens, 700);
  });

  it('stops at the cent', async () => {
    limits = { daily: none, monthly: { tokens: null, usd: 0.03 } };
    const budget = create();
    // 10,000 tokens at one dollar a million are one cent.
    for (let cent = 0; cent < 3; cent++)
      await (await reserve(budget, 10_000, 0)).settle({ prompt: 10_000, completion: 0 });
    assert.equal(budget.spending().monthly.usd, 0.03);
    assert.equal(budget.spending().monthly.state, 'reached');
    await assert.rejects(reserve(budget, 1, 0), isReached);
  });

  for (const [used, state] of [
    [799, 'within'],
    [800, 'warned'],
    [999, 'warned'],
    [1000, 'reached'],
  ] as const) {
    it(`of 1,000 tokens is ${state} after ${used}`, async () => {
      limits = { daily: { tokens: 1000, usd: null }, monthly: none };
      const budget = create();
      await (await reserve(budget, used, 0)).settle({ prompt: used, completion: 0 });
      assert.equal(budget.spending().daily.state, state);
    });
  }

  it('counts as reached when what is left is less than a usual request may cost, and no longer when more is left', async () => {
    limits = { daily: { tokens: 1000, usd: null }, monthly: none };
    const budget = create();
    const open = await reserve(budget, 700, 0);
    await assert.rejects(reserve(budget, 400, 0), isReached);
    assert.equal(budget.spending().daily.state, 'reached');
    await open.settle({ prompt: 100, completion: 0 });
    assert.equal(budget.spending().daily.state, 'within');
  });

  it('does not know what a model of unknown price costs, and sends it nothing for a limit in dollars', async () => {
    const budget = create();
    await (await reserve(budget, 100, 0, null)).settle({ prompt: 100, completion: 0 });
    assert.equal(budget.spending().daily.usd, null);
    limits = { daily: { tokens: null, usd: 5 }, monthly: none };
    await assert.rejects(reserve(budget, 1, 0, null), /not known.*US dollars/);
  });

  it('never goes over its limit, however requests overlap', async () => {
    const request = fc.record({
      prompt: fc.integer({ min: 0, max: 400 }),
      completion: fc.integer({ min: 0, max: 100 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      budget: fc.integer({ min: 0, max: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { maxLength: 30 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.boolean(),
        async (requests, limit, isMoney) => {
          rmSync(join(stateRoot, 'spending'), { recursive: true, force: true });
          limits = isMoney
            ? { daily: none, monthly: { tokens: null, usd: limit / 1e6 } }
            : { daily: { tokens: limit, usd: null }, monthly: none };
          // Two of them, as two editors have.
          const budgets = [create(), create()] as const;
          let tokens = 0;
          let micro = 0;
          await Promise.all(
            requests.map(async ({ prompt, completion, share, budget }) => {
              let reservation: Reservation;
              try {
                reservation = await reserve(budgets[budget === 0 ? 0 : 1], prompt, completion);
              } catch (error) {
                if (isReached(error)) return;
                throw error;
              }
              const used = { prompt: Math.floor(prompt * share), completion: Math.floor(completion * share) };
              tokens += used.prompt + used.completion;
              micro += used.prompt * cheap.input + used.completion * cheap.output;
              await reservation.settle(used);
            }),
          );
          assert.ok(isMoney ? micro <= limit : tokens <= limit, `${isMoney ? micro : tokens} of ${limit}`);
          const fresh = create();
          await fresh.load();
          assert.equal(fresh.spending().daily.tokens, tokens);
          assert.equal(fresh.spending().monthly.usd, micro / 1e6);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is shared by processes', async () => {
    const spender = fileURLToPath(new URL('./support/spender.js', import.meta.url));
    const run = promisify(execFile);
    const spent = await Promise.all([1, 2, 3].map(() => run(process.execPath, [spender, stateRoot, '40', '5000'])));
    const allowed = spent.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    nowMs = Date.now();
    limits = { daily: { tokens: 5000, usd: null }, monthly: none };
    const budget = create();
    await budget.load();
    assert.equal(budget.spending().daily.tokens, allowed * 100);
    assert.ok(allowed <= 50 && allowed >= 40, `${allowed} of at most 50 were allowed`);
  });

  it('survives half a line of somebody who died, and tells of lines that it cannot read', async () => {
    const budget = create();
    await (await reserve(budget, 100, 0)).settle({ prompt: 100, completion: 0 });
    const [name = ''] = readdirSync(join(stateRoot, 'spending'));
    const path = join(stateRoot, 'spending', name);
    appendFileSync(path, 'not json\n[1]\n{"id":"x","day":"2026-11-21","reserved":{"tok');
    const next = create();
    await (await reserve(next, 50, 0)).settle({ prompt: 50, completion: 0 });
    assert.equal(next.spending().daily.tokens, 150);
    assert.match(next.problems().join(), /3 lines of .* cannot be read/);
  });

  it('counts what a process that died had reserved', async () => {
    await reserve(create(), 300, 0);
    const next = create();
    await next.load();
    assert.equal(next.spending().daily.tokens, 300);
  });

  it('believes no line that makes money', async () => {
    mkdirSync(join(stateRoot, 'spending'));
    const lines = [
      { id: 'a', day: '2026-11-21', reserved: { tokens: -1e9, usd: -5 } },
      { id: 'b', day: '2026-11-21', reserved: { tokens: 'many', usd: 0 } },
      { id: 'c', settled: { tokens: 5, usd: 0 } },
    ];
    writeFileSync(
      join(stateRoot, 'spending', '2026-11.jsonl'),
      lines.map(line => `${JSON.stringify(line)}\n`).join(''),
    );
    const budget = create();
    await budget.load();
    assert.equal(budget.spending().daily.tokens, 0);
  });

  it('is the person’s alone to read', async () => {
    await reserve(create(), 1, 0);
    if (process.platform === 'win32') return;
    const folder = join(stateRoot, 'spending');
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, '2026-11.jsonl')).mode & 0o777, 0o600);
  });

  it('that cannot be written stops what has a limit, and nothing else', async () => {
    writeFileSync(join(stateRoot, 'spending'), 'a file where a folder is to be');
    const budget = create();
    await (await reserve(budget, 1, 0)).settle({ prompt: 1, completion: 0 });
    assert.match(budget.problems().join(), /cannot be written down/);
    limits = { daily: { tokens: 100, usd: null }, monthly: none };
    await assert.rejects(reserve(budget, 1, 0), /With a budget set, nothing goes to other machines/);
    rmSync(join(stateRoot, 'spending'));
    await reserve(budget, 1, 0);
    assert.deepEqual(budget.problems(), []);
    chmodSync(stateRoot, 0o700);
  });
});
