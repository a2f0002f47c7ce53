import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ModelFailure, type ModelTrouble } from '../../../../server/model/backend.js';
import { createGate, type Gate, type Turn, type Urgency } from '../../../../server/model/limits/gate.js';
import { createRate } from '../../../../server/model/limits/rate.js';

const signal = (): AbortSignal => new AbortController().signal;

describe('the gate to a backend', () => {
  let nowMs: number;
  let told: string[];
  let waits: number[];

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: 0 });
    nowMs = 0;
    told = [];
    waits = [];
  });
  afterEach(() => mock.timers.reset());

  function pass(ms: number): void {
    nowMs += ms;
    mock.timers.tick(ms);
  }

  function create(isLocal = true): Gate {
    return createGate({
      name: 'team',
      isLocal,
      now: () => nowMs,
      sleep: ms => {
        waits.push(ms);
        pass(ms);
        return Promise.resolve();
      },
      tell: message => told.push(message),
    });
  }

  async function fail(gate: Gate, trouble: ModelTrouble, retryAfterMs?: number): Promise<void> {
    const turn = await gate.enter('coder', 'inline', signal());
    turn.leave(new ModelFailure(trouble, 'Failed.', retryAfterMs === undefined ? {} : { retryAfterMs }));
    await settled();
  }

  it('lets completions go before conversations, those before what is asked ahead, and that before the background', async () => {
    const gate = create();
    const holding = await Promise.all([gate.enter('coder', 'chat', signal()), gate.enter('coder', 'chat', signal())]);
    const order: Urgency[] = [];
    const waiting = (['background', 'chat', 'inline'] as const).map(async urgency => {
      const turn = await gate.enter('coder', urgency, signal());
      order.push(urgency);
      turn.leave('answered');
    });
    await settled();
    for (const turn of holding) turn.leave('answered');
    await Promise.all(waiting);
    assert.deepEqual(order, ['inline', 'chat', 'background']);
  });

  it('asks nothing ahead while anything else goes on', async () => {
    const gate = create();
    const turn = await gate.enter('coder', 'inline', signal());
    await assert.rejects(gate.enter('coder', 'ahead', signal()), /busy/);
    turn.leave('answered');
    await settled();
    (await gate.enter('coder', 'ahead', signal())).leave('answered');
  });

  it('takes out of the queue who no longer waits', async () => {
    const gate = create();
    const holding = await Promise.all([gate.enter('coder', 'chat', signal()), gate.enter('coder', 'chat', signal())]);
    const stopping = new AbortController();
    const waiting = gate.enter('coder', 'inline', stopping.signal);
    stopping.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    for (const turn of holding) turn.leave(null);
    await settled();
    (await gate.enter('coder', 'inline', signal())).leave('answered');
  });

  for (const trouble of ['unauthorized', 'model-missing', 'unsupported', 'refused-by-settings', 'loading'] as const) {
    it(`does not give up a model for ${trouble}`, async () => {
      const gate = create();
      for (let number = 0; number < 10; number++) await fail(gate, trouble);
      assert.equal(gate.closed('coder'), null);
    });
  }

  for (const trouble of ['unreachable', 'server-error', 'stalled', 'cut-off', 'bad-answer'] as const) {
    it(`gives up a model after three times ${trouble}, and that model alone`, async () => {
      const gate = create();
      for (let number = 0; number < 3; number++) {
        assert.equal(gate.closed('coder'), null);
        await fail(gate, trouble);
      }
      assert.match(gate.closed('coder')?.why ?? '', /coder failed several times in a row; it is tried again in 2 s/);
      await assert.rejects(gate.enter('coder', 'chat', signal()), /several times/);
      assert.equal(gate.closed('other'), null);
      assert.deepEqual(told, ['coder of team failed several times in a row; it is left alone for 2 s.']);
    });
  }

  it('does not count what was broken off', async () => {
    const gate = create();
    for (let number = 0; number < 10; number++) {
      (await gate.enter('coder', 'inline', signal())).leave(null);
      await settled();
    }
    assert.equal(gate.closed('coder'), null);
  });

  it('tries a model that was given up with one request, later each time, and says each change once', async () => {
    const gate = create();
    for (let number = 0; number < 3; number++) await fail(gate, 'server-error');
    pass(2000);
    assert.equal(gate.closed('coder'), null);
    const test = await gate.enter('coder', 'inline', signal());
    assert.equal(test.isTest, true);
    await assert.rejects(gate.enter('coder', 'inline', signal()), /several times/);
    test.leave(new ModelFailure('server-error', 'Failed.'));
    await settled();
    assert.equal(gate.closed('coder')?.waitMs, 4000);
    pass(4000);
    const again: Turn = await gate.enter('coder', 'inline', signal());
    again.leave('answered');
    await settled();
    assert.equal(gate.closed('coder'), null);
    assert.equal((await gate.enter('coder', 'inline', signal())).isTest, false);
    assert.deepEqual(told, [
      'coder of team failed several times in a row; it is left alone for 2 s.',
      'coder of team failed several times in a row; it is left alone for 4 s.',
      'coder of team works again.',
    ]);
  });

  it('pauses after a 429 for as long as was asked, a minute at most, and says until when', async () => {
    const gate = create(false);
    await fail(gate, 'rate-limited', 5000);
    assert.equal(gate.closed('coder')?.why, 'team limits requests; try again in 5 s.');
    await assert.rejects(gate.enter('coder', 'inline', signal()), /try again in 5 s/);
    (await gate.enter('coder', 'chat', signal())).leave('answered');
    assert.equal(waits[0], 5000);
    pass(5000);
    await fail(gate, 'rate-limited', 120_000);
    assert.equal(gate.closed('coder')?.waitMs, 60_000);
    await assert.rejects(gate.enter('coder', 'chat', signal()), /try again in 60 s/);
    assert.deepEqual(told, [
      'team limits requests; it is asked less often.',
      'team answers again.',
      'team limits requests; it is asked less often.',
    ]);
  });
});

describe('the pace at which a server is asked', () => {
  it('is unlimited until it refuses, then half of what it was, and grows again with each answer', () => {
    let nowMs = 0;
    const rate = createRate(() => nowMs);
    for (let number = 0; number < 40; number++) {
      assert.equal(rate.waitMs(), 0);
      rate.sent();
      nowMs += 250;
    }
    rate.refused(0);
    assert.equal(rate.isShort(), true);
    const perSecond = (): number => {
      let sent = 0;
      for (const endMs = nowMs + 20_000; nowMs < endMs; nowMs += 50)
        if (rate.waitMs() === 0) {
          rate.sent();
          sent++;
        }
      return sent / 20;
    };
    const slow = perSecond();
    assert.ok(slow > 1.5 && slow < 2.5, `${slow} a second after 4 a second were refused`);
    for (let number = 0; number < 100; number++) rate.answered();
    assert.equal(rate.waitMs(), 0);
    assert.ok(perSecond() > 10);
  });

  it('waits longer each time that a server refuses without saying for how long', () => {
    let nowMs = 0;
    const rate = createRate(() => nowMs);
    const pauses = Array.from({ length: 8 }, () => {
      rate.refused(null);
      const pause = rate.waitMs();
      nowMs += pause;
      return pause;
    });
    assert.deepEqual(pauses.slice(0, 4), [1000, 2000, 4000, 8000]);
    assert.equal(pauses.at(-1), 60_000);
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
}
