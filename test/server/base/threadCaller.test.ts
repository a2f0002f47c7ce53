import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../../server/base/failure.js';
import { silentLog } from '../../../server/base/log.js';
import { createThreadCaller, type ThreadCaller } from '../../../server/base/threadCaller.js';

const never = new AbortController().signal;

/** Answers with its number and how many it has answered; `hang` keeps the thread, `die` ends it. */
const source = `
import { parentPort } from 'node:worker_threads';
let answered = 0;
parentPort.on('message', ({ id, say, ms }) => {
  if (say === 'die') process.exit(1);
  if (say === 'throw') throw new Error('broken');
  const until = performance.now() + (ms ?? 0);
  while (performance.now() < until);
  parentPort.postMessage({ id, said: say, answered: ++answered });
});
`;

interface Request {
  readonly say: string;
  readonly ms?: number;
}

interface Reply {
  readonly id: number;
  readonly said: string;
  readonly answered: number;
}

describe('questions to a thread', () => {
  let folder: string;
  let callers: ThreadCaller<Request, Reply>[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-thread-'));
    writeFileSync(join(folder, 'thread.mjs'), source);
  });
  afterEach(async () => {
    await Promise.all(callers.map(caller => caller.rest()));
    callers = [];
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are answered each by its own answer, in one thread', async () => {
    const caller = create();
    const replies = await Promise.all(['a', 'b', 'c'].map(say => caller.ask({ say }, never)));
    assert.deepEqual(
      replies.map(({ said, answered }) => `${said}${answered}`),
      ['a1', 'b2', 'c3'],
    );
  });

  it('may wait in the queue for longer than one may take', async () => {
    const caller = create(1_500);
    await caller.ask({ say: 'up' }, never);
    const replies = await Promise.all(Array.from({ length: 25 }, () => caller.ask({ say: 'slow', ms: 80 }, never)));
    assert.equal(replies.at(-1)?.answered, 26);
  });

  for (const say of ['die', 'throw']) {
    it(`fail when the thread does ${say}, and the next one starts another`, async () => {
      const caller = create();
      await assert.rejects(caller.ask({ say }, never), Failure);
      assert.equal((await caller.ask({ say: 'again' }, never)).answered, 1);
    });
  }

  it('end a thread that does not answer, also when nobody waits for it any more', async () => {
    const caller = create(1_000);
    await caller.ask({ say: 'up' }, never);
    const asking = new AbortController();
    const given = caller.ask({ say: 'hang', ms: 600_000 }, asking.signal);
    asking.abort(new Error('gone'));
    await assert.rejects(given, /gone/);
    // It fell together with the thread that hung, and is asked of the next.
    assert.equal((await caller.ask({ say: 'behind it' }, never)).answered, 1);
  });

  it('fail alone: those that wait behind the one that ends the thread are asked of another', async () => {
    const caller = create();
    const asked = ['a', 'die', 'b', 'throw', 'c', 'd', 'e', 'f'].map(say => caller.ask({ say }, never));
    const settled = await Promise.allSettled(asked);
    assert.deepEqual(
      settled.map(each => (each.status === 'fulfilled' ? each.value.said : 'failed')),
      ['a', 'failed', 'b', 'failed', 'c', 'd', 'e', 'f'],
    );
  });

  it('that hang the thread fail alone, as taking too long', async () => {
    const caller = create(1_000);
    await caller.ask({ say: 'up' }, never);
    const hangs = assert.rejects(
      caller.ask({ say: 'hang', ms: 600_000 }, never),
      (error: unknown) => error instanceof Failure && error.kind === 'timeout',
    );
    assert.equal((await caller.ask({ say: 'behind it' }, never)).answered, 1);
    await hangs;
  });

  it('are all given up where no thread answers any', async () => {
    const caller = create();
    const asked = Array.from({ length: 60 }, () => caller.ask({ say: 'die' }, never));
    const last = caller.ask({ say: 'never' }, never);
    await Promise.all([...asked, last].map(each => assert.rejects(each, Failure)));
    assert.equal((await caller.ask({ say: 'again' }, never)).answered, 1);
  });

  it('that are gone before they are asked start nothing', async () => {
    const gone = new AbortController();
    gone.abort(new Error('gone'));
    await assert.rejects(create().ask({ say: 'a' }, gone.signal), /gone/);
  });

  function create(deadlineMs = 30_000): ThreadCaller<Request, Reply> {
    const entry = pathToFileURL(join(folder, 'thread.mjs'));
    const caller = createThreadCaller<Request, Reply>({ entry, name: 'the test', log: silentLog, deadlineMs });
    callers.push(caller);
    return caller;
  }
});
