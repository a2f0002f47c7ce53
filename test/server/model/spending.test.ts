import assert from 'node:assert/strict';
import { createBackend } from '../../../server/model/backends/createBackend.js';
import { readLedger } from '../../../server/model/ledger.js';
import {
  scriptedModel,
  startModelServer,
  type ModelScript,
  type ModelServer,
  type RecordedRequest,
} from '../../support/modelServer.js';
import { tokenize } from '../../support/modelProtocols.js';
import { waitFor } from '../../support/waitFor.js';
import { createGateway, fill, never, readAll, type Gateway } from './support/gateway.js';

/** What is counted, beside what a server that is paid for has read and written. */
describe('what is counted of a request to another machine', () => {
  let server: ModelServer;
  let gateway: Gateway;

  async function start(script: ModelScript, fim: string): Promise<void> {
    server = await startModelServer('openai', { answer: () => '<fill>total(1)</fill>', ...script });
    const settings = {
      backends: { team: { kind: 'openai', url: `${server.url}/v1`, model: 'coder:1b', fim } },
      tasks: { discover: false },
      budget: { daily: { tokens: 1_000_000 } },
    };
    gateway = createGateway({
      settings,
      more: {
        // It stands for one that is far away.
        createBackend: config => ({ ...createBackend(config), isLocal: false }),
      },
    });
    await gateway.models.start(never());
    server.forget();
  }

  afterEach(async () => {
    await gateway.remove();
    await server.close();
  });

  const counted = (): number => gateway.models.status().budget.daily.tokens;
  const read = ({ asked }: RecordedRequest): number => tokenize(asked?.prompt ?? '', scriptedModel().pieces).length;
  const readByServer = (): number => server.asked.reduce((sum, request) => sum + read(request), 0);
  const allSettled = async (): Promise<boolean> =>
    (await readLedger(gateway.stateRoot)).entries.every(({ end }) => end !== null);

  for (const fim of ['chat', 'qwen2.5-coder']) {
    it(`is no less than what went out in the form ${fim} where the answer is left early`, async () => {
      await start({ chunkDelayMs: 1, answer: () => `<fill>${'total(1) + '.repeat(100)}` }, fim);
      const { text } = await fill(gateway.models);
      for await (const part of text) if (part !== '') break;
      await gateway.models.dispose();
      assert.ok(counted() >= readByServer() + 128, `${counted()} of ${readByServer()} and the answer`);
      assert.ok(counted() > 0 && (await allSettled()));
    });

    it(`is no less in the form ${fim} where the editor takes the question back`, async () => {
      // A model that was never asked is not broken off: it may be loading.
      await start({}, fim);
      await readAll(await fill(gateway.models));
      await waitFor(() => counted() === readByServer() + (server.asked[0]?.chunksSent ?? 0));
      const before = counted();
      server.forget();
      server.change({ beforeChunk: () => new Promise(() => {}) });
      const giveUp = new AbortController();
      const answer = fill(gateway.models, { typed: 'const other = ' }, giveUp.signal);
      await waitFor(() => server.asked.length === 1);
      giveUp.abort();
      await assert.rejects(answer);
      await gateway.models.dispose();
      assert.ok(counted() - before >= readByServer() + 128, `${counted() - before} of ${readByServer()}`);
    });
  }

  it('is what the server says, and what it thinks beyond its limit is said and set aside from then on', async () => {
    await start({ thought: 'Wait'.repeat(200) }, 'chat');
    await readAll(await fill(gateway.models));
    await waitFor(allSettled);
    await gateway.models.dispose();
    const written = 200 + (server.asked[0]?.chunksSent ?? 0);
    assert.equal(counted(), readByServer() + written);
    const notices = gateway.models.status().notices.join('\n');
    assert.match(notices, new RegExp(`coder:1b of team was billed for ${written} tokens where 128 were allowed`));
  });

  it('stands in the ledger with our own words around it', async () => {
    await start({}, 'chat');
    await readAll(await fill(gateway.models));
    await waitFor(allSettled);
    const { entries } = await readLedger(gateway.stateRoot);
    assert.ok((entries[0]?.tokens ?? 0) >= readByServer() * 0.9, `${entries[0]?.tokens} of ${readByServer()}`);
  });

  it('has an entry for each time that the prompt goes, before it goes, where a server refuses how it is asked', async () => {
    await start({}, 'chat');
    const refused = ['max_tokens', 'temperature', 'stop'];
    const entriesBefore: number[] = [];
    const note = (): void => {
      entriesBefore.push(gateway.written().match(/"redactions"/g)?.length ?? 0);
    };
    server.change({
      trouble: {
        type: 'status',
        status: 400,
        message() {
          note();
          const name = refused.shift();
          if (refused.length === 0) server.change({ trouble: null });
          return `Unsupported parameter: '${name}' is not supported with this model.`;
        },
      },
      answer() {
        note();
        return '<fill>total(1)</fill>';
      },
    });
    assert.equal(await readAll(await fill(gateway.models)), 'total(1)');
    await gateway.models.dispose();
    assert.deepEqual(entriesBefore, [1, 2, 3, 4]);
    const { entries } = await readLedger(gateway.stateRoot);
    assert.deepEqual(
      entries.map(({ end }) => end),
      ['failed', 'failed', 'failed', 'done'],
    );
  });
});
