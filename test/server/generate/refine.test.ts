import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../server/base/failure.js';
import { silentLog } from '../../../server/base/log.js';
import { defaultSettings } from '../../../server/config/resolve.js';
import { ownEntries } from '../../../server/createCore.js';
import { refine, type Refined } from '../../../server/generate/refine.js';
import type { FileChange, Gate } from '../../../server/validate/gate.js';
import { openGate } from '../../../server/validate/openGate.js';
import type { Workplace } from '../../../server/validate/validator.js';

const never = new AbortController().signal;

const original = `import { createHash } from 'node:crypto';

export interface Order {
  readonly id: string;
  readonly amount: number;
}

export function total(orders: readonly Order[]): number {
  return 0;
}
`;

const right = '  return orders.reduce((sum, order) => sum + order.amount, 0);';

/** What a scripted model writes in place of the body, one answer a round. */
const answers = {
  right,
  broken: '  return orders.reduce((sum, order => sum + order.amount, 0);',
  invented: '  return orders.sumBy(order => order.amount);',
  inventedToo: '  return orders.reduce((sum, order) => sum + order.amuont, 0);',
  secret: "  const key = 'AKIAIOSFODNN7QWERTYU';\n  return key.length;",
  injected: '  return eval(`${orders.map(order => order.id).join("+")}`) as number;',
} as const;

describe('the loop that mends what a model writes', function () {
  this.timeout(120_000);
  let gate: Gate;
  let folder: string;
  let workplace: Workplace;

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-refine-')));
    writeFileSync(join(folder, 'order.ts'), original);
    writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions": {"strict": true, "target": "es2022"}}');
    gate = openGate({ entries: ownEntries(), env: process.env, log: silentLog, now: () => performance.now() });
    workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
  });
  after(async () => {
    await gate.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const mended: readonly [string, readonly (keyof typeof answers)[], RegExp][] = [
    ['a syntax error', ['broken', 'right'], /syntax\//],
    ['an invented member', ['invented', 'right'], /names\/unknown-member/],
    ['a secret', ['secret', 'right'], /secrets\//],
    ['an injection', ['injected', 'right'], /security\/eval-of-built-string/],
  ];
  for (const [title, script, rule] of mended) {
    it(`mends ${title} where the model can`, async () => {
      const { refined, heard } = await run(script);
      assert.equal(refined.outcome, 'passed', JSON.stringify(refined.judgement?.issues));
      assert.equal(refined.change[0]?.after, withBody(right));
      assert.equal(heard.length, 2);
      assert.equal(heard[0], null);
      assert.match(heard[1] ?? '', rule);
      assert.doesNotMatch(heard[1] ?? '', /AKIA/);
      assert.deepEqual(
        refined.attempts.map(({ isKept }) => isKept),
        [true, true],
      );
    });

    it(`refuses ${title} where it cannot, and says why`, async () => {
      const [bad = 'broken'] = script;
      const { refined, heard } = await run([bad, bad, bad, bad]);
      assert.equal(refined.outcome, 'refused');
      assert.deepEqual(refined.change, []);
      assert.equal(heard.length, 3);
      assert.equal(refined.why, 'Still wrong after 3 attempts.');
      assert.match(refined.judgement?.feedback ?? '', rule);
    });
  }

  it('drops an attempt that is worse than the one before, and goes on from the better', async () => {
    const { refined, heard } = await run(['invented', 'broken', 'right']);
    assert.equal(refined.outcome, 'passed');
    assert.deepEqual(
      refined.attempts.map(({ isKept }) => isKept),
      [true, false, true],
    );
    assert.equal(heard[1], heard[2]);
  });

  it('cuts off what still fails, and keeps the rest', async () => {
    const withMore = (body: string): string => `${withBody(body)}\nexport const none: readonly Order[] = [];\n`;
    const refined = await refineWith(async () => changeTo(withMore(answers.invented)));
    assert.equal(refined.outcome, 'cut');
    assert.equal(refined.change[0]?.after, `${original}\nexport const none: readonly Order[] = [];\n`);
    assert.deepEqual(
      refined.cutOff.map(({ startLine, rules }) => [startLine, rules]),
      [[8, ['names/unknown-member']]],
    );
  });

  it('shows what is only a warning beside the change', async () => {
    const refined = await refineWith(async () => changeTo(withBody("  const name: number = 'x';\n  return name;")));
    assert.equal(refined.outcome, 'warned');
    assert.equal(refined.judgement?.valid, true);
  });

  it('ends with what there is when nobody may be asked any more', async () => {
    let asked = 0;
    const refined = await refineWith(async () => {
      if (asked++ === 0) return changeTo(withBody(answers.invented));
      throw new Failure('unavailable', 'The budget of the day is reached.', { remedy: 'Raise budget.daily.' });
    });
    assert.equal(refined.outcome, 'refused');
    assert.equal(refined.why, 'The budget of the day is reached. Raise budget.daily.');
  });

  it('asks nobody again when the time is over', async () => {
    let clock = 0;
    const refined = await refine(
      {
        attempt: async () => {
          clock += 11_000;
          return changeTo(withBody(answers.invented));
        },
        judge: (change, signal) => gate.judge(change, workplace, 'edit', signal),
        deadlineMs: 10_000,
        now: () => clock,
      },
      never,
    );
    assert.equal(refined.attempts.length, 1);
    assert.equal(refined.why, 'Not mended within 10 s.');
  });

  it('refuses an answer that nothing can be made of', async () => {
    const refined = await refineWith(async () => null);
    assert.equal(refined.outcome, 'refused');
    assert.equal(refined.judgement, null);
  });

  it('ends with its caller', async () => {
    const asking = new AbortController();
    const refined = refine(
      {
        attempt: async () => {
          asking.abort(new Error('gone'));
          return changeTo(withBody(right));
        },
        judge: (change, signal) => gate.judge(change, workplace, 'edit', signal),
        deadlineMs: 10_000,
        now: () => 0,
      },
      asking.signal,
    );
    await assert.rejects(refined, /gone/);
  });

  async function run(script: readonly (keyof typeof answers)[]) {
    const heard: (string | null)[] = [];
    const refined = await refineWith(async feedback => {
      heard.push(feedback);
      const name = script[heard.length - 1];
      assert.ok(name !== undefined, 'The loop asks more often than it may.');
      return changeTo(withBody(answers[name]));
    });
    return { refined, heard };
  }

  function refineWith(attempt: (feedback: string | null) => Promise<readonly FileChange[] | null>): Promise<Refined> {
    return refine(
      {
        attempt,
        judge: (change, signal) => gate.judge(change, workplace, 'edit', signal),
        deadlineMs: 600_000,
        now: () => performance.now(),
      },
      never,
    );
  }

  function changeTo(text: string): readonly FileChange[] {
    return [{ path: join(folder, 'order.ts'), languageId: 'typescript', before: original, after: text }];
  }
});

function withBody(body: string): string {
  return original.replace('  return 0;', body);
}
