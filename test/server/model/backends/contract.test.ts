import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { createBackend } from '../../../../server/model/backends/createBackend.js';
import {
  ModelFailure,
  type Backend,
  type BackendKind,
  type Generation,
  type GenerationEnd,
  type ModelFacts,
  type ModelTrouble,
} from '../../../../server/model/backend.js';
import type { FillInPrompt, Sampling } from '../../../../server/model/prompt.js';
import {
  scriptedModel,
  startModelServer,
  type ModelScript,
  type ModelServer,
  type RecordedRequest,
} from '../../../support/modelServer.js';
import { waitFor } from '../../../support/waitFor.js';

const kinds: readonly BackendKind[] = ['ollama', 'openai', 'llamacpp', 'mistral'];
const ways = ['fillIn', 'chat'] as const;
type Way = (typeof ways)[number];

const key = 'sk-proj-Zq81kTestKeyThatNobodyMayEverSee77';
const secretHeader = 'gateway-pass-55aa';
const code = 'const quarterlyInvoiceTotal = computeQuarterlyInvoices(ledgerRows)';
const answer = '{ total += item.größe * 2; } // 😀 fünf 漢字';

const prompt: FillInPrompt = {
  languageId: 'javascript',
  path: '/work/shop/total.js',
  label: 'total.js',
  repository: 'shop',
  related: [],
  prefix: `${code};\nlet total = 0;\n`,
  typed: 'for (const item of items) ',
  suffix: '\nreturn total;\n',
  startLine: 0,
};
const sampling: Sampling = { temperature: 0.1, topP: 0.95, maxTokens: 64 };
const quick = { connectMs: 2_000, headersMs: 10_000, idleMs: 10_000 };

interface Case {
  readonly name: string;
  readonly script: ModelScript;
  readonly timeouts?: Partial<typeof quick>;
  readonly sampling?: Partial<Sampling>;
  /** Exactly what is given, also before trouble; not looked at unless said. */
  readonly text?: string | ((text: string) => boolean);
  readonly trouble?: ModelTrouble;
  readonly stop?: GenerationEnd['stop'];
  readonly retryAfterMs?: number;
  /** How the server saw the request end. */
  readonly state?: RecordedRequest['state'];
  readonly only?: readonly Way[];
}

const echo = (asked: { readonly prompt: string }) =>
  `Internal error while evaluating "${asked.prompt.replaceAll('\n', '\\n')}" with key ${key} and ${secretHeader}`;

const cases: readonly Case[] = [
  { name: 'gives the text as it is', script: {}, text: answer, stop: 'stop', state: 'answered' },
  {
    name: 'gives it when it comes slowly',
    script: { firstDelayMs: 20, chunkDelayMs: 3 },
    text: answer,
    stop: 'stop',
  },
  {
    name: 'puts together characters and lines that are split',
    script: { packetBytes: 1 },
    text: answer,
    stop: 'stop',
  },
  {
    name: 'puts together what comes in odd pieces',
    script: { packetBytes: 7, chunkChars: 1 },
    text: answer,
    stop: 'stop',
  },
  {
    name: 'says that it was cut at the length asked for',
    script: { answer: () => '{ one(); two(); three(); }' },
    sampling: { maxTokens: 3 },
    text: '{ one(); two',
    stop: 'length',
  },
  {
    name: 'ends what stalls in the middle',
    script: { trouble: { type: 'stall', afterChunks: 3 } },
    timeouts: { idleMs: 80 },
    trouble: 'stalled',
    text: text => answer.startsWith(text) && text !== answer,
    state: 'aborted',
  },
  {
    name: 'ends what is kept alive in the middle and says nothing',
    script: { trouble: { type: 'empty', afterChunks: 3 } },
    timeouts: { idleMs: 300 },
    trouble: 'stalled',
    text: text => answer.startsWith(text) && text !== answer,
    state: 'aborted',
  },
  {
    name: 'ends what is kept alive and never begins',
    script: { trouble: { type: 'empty', afterChunks: 0 } },
    timeouts: { headersMs: 300 },
    trouble: 'stalled',
    text: '',
    state: 'aborted',
  },
  {
    name: 'ends what never begins',
    script: { trouble: { type: 'slow-headers' } },
    timeouts: { headersMs: 80 },
    trouble: 'stalled',
    text: '',
    state: 'aborted',
  },
  { name: 'tells a wrong key', script: { key: 'another' }, trouble: 'unauthorized', text: '' },
  {
    name: 'tells a forbidden key, which the server repeats',
    script: { trouble: { type: 'status', status: 403, message: echo } },
    trouble: 'unauthorized',
  },
  {
    name: 'tells an account without credit',
    script: { trouble: { type: 'status', status: 402, message: echo } },
    trouble: 'unauthorized',
  },
  {
    name: 'tells how long to wait, in seconds',
    script: { trouble: { type: 'status', status: 429, headers: { 'retry-after': '120' } } },
    trouble: 'rate-limited',
    retryAfterMs: 120_000,
  },
  {
    name: 'tells how long to wait, by a date',
    script: { trouble: { type: 'status', status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:01:30 GMT' } } },
    trouble: 'rate-limited',
    retryAfterMs: 90_000,
  },
  {
    name: 'tells how long to wait, in milliseconds',
    script: { trouble: { type: 'status', status: 429, headers: { 'retry-after-ms': '250', 'retry-after': '1' } } },
    trouble: 'rate-limited',
    retryAfterMs: 250,
  },
  {
    name: 'tells a fault of the server, which repeats the prompt',
    script: { trouble: { type: 'status', status: 500, message: echo } },
    trouble: 'server-error',
    text: '',
  },
  { name: 'tells an overloaded server', script: { trouble: { type: 'status', status: 529 } }, trouble: 'server-error' },
  {
    name: 'tells a prompt that is too long',
    script: {
      trouble: {
        type: 'status',
        status: 400,
        message: asked => `the request exceeds the available context size: ${asked.prompt}`,
      },
    },
    trouble: 'unsupported',
  },
  {
    name: 'tells a refusal',
    script: { trouble: { type: 'status', status: 422, message: echo } },
    trouble: 'unsupported',
  },
  { name: 'takes no garbage', script: { trouble: { type: 'garbage' } }, trouble: 'bad-answer', text: '' },
  { name: 'takes no web page', script: { trouble: { type: 'web-page' } }, trouble: 'bad-answer', text: '' },
  { name: 'takes no bytes that are no text', script: { trouble: { type: 'not-utf8' } }, trouble: 'bad-answer' },
  {
    name: 'tells a torn connection',
    script: { trouble: { type: 'cut', afterChunks: 3 } },
    trouble: 'cut-off',
    text: text => answer.startsWith(text) && text !== answer,
    state: 'torn',
  },
  {
    name: 'tells one torn at once',
    script: { trouble: { type: 'cut', afterChunks: 0 } },
    trouble: 'cut-off',
    text: '',
  },
  {
    name: 'does not take the half for the whole when it ends politely',
    script: { trouble: { type: 'ends-early', afterChunks: 3 } },
    trouble: 'cut-off',
    text: text => answer.startsWith(text) && text !== answer,
  },
  {
    name: 'tells an error in the middle',
    script: { trouble: { type: 'error-inside', afterChunks: 2 } },
    trouble: 'server-error',
    text: text => answer.startsWith(text) && text !== answer,
  },
  {
    name: 'ends an answer that does not end',
    script: { trouble: { type: 'endless' }, answer: () => 'more, ' },
    text: text => text.startsWith('more, more, ') && text.length < 64 * 32,
    stop: 'length',
    state: 'aborted',
  },
  {
    name: 'ends a line that does not end',
    script: { trouble: { type: 'endless-line' } },
    trouble: 'bad-answer',
    text: '',
    state: 'aborted',
  },
  {
    name: 'leaves a server that still loads its model',
    script: { trouble: { type: 'loading', times: 1 } },
    trouble: 'loading',
  },
  {
    name: 'keeps thoughts out of the text',
    script: { thought: 'The user wants a total. ' },
    text: answer,
    stop: 'stop',
  },
  {
    name: 'keeps thoughts in tags out of the text',
    script: { answer: () => `<think>\nHm, ${code}\n</think>\n\nIt sums up.` },
    text: 'It sums up.',
    stop: 'stop',
    only: ['chat'],
  },
];

describe('every backend', () => {
  for (const kind of kinds) {
    describe(kind, () => {
      for (const way of ways) {
        describe(way, () => {
          for (const one of cases) {
            if (one.only?.includes(way) === false) continue;
            it(one.name, () => check(kind, way, one));
          }

          it('tells a server that is not there, and finds it when it is back', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              await server.kill();
              const gone = await ask(backend, model, way);
              assert.equal(troubleOf(gone), 'unreachable');
              await server.restart();
              assert.equal((await ask(backend, model, way)).text, answer);
            }));

          it('goes on after a server that was loading', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              server.change({ trouble: { type: 'loading', times: 1 } });
              assert.equal(troubleOf(await ask(backend, model, way)), 'loading');
              assert.equal((await ask(backend, model, way)).text, answer);
            }));

          it('does not wait for a server that is not ready, whatever that says', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              server.change({ trouble: { type: 'status', status: 429, headers: { 'retry-after': '120' } } });
              await ask(backend, model, way);
              assert.equal(server.asked.length, 1);
            }));

          it('follows no redirect', async () => {
            const other = await startModelServer(kind);
            try {
              await withBackend(kind, {}, quick, async ({ server, backend, model }) => {
                server.change({ trouble: { type: 'redirect', to: `${other.url}/v1/chat/completions?${code}` } });
                const outcome = await ask(backend, model, way);
                assert.equal(troubleOf(outcome), 'refused-by-settings');
                assert.match(String(outcome.failure), new RegExp(`127.0.0.1:${other.port}`));
                holdsNoSecret(outcome.failure);
              });
              assert.equal(other.connections.opened, 0);
            } finally {
              await other.close();
            }
          });

          it('ends with the reason of the abort, and the server sees it', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              const gate = gateAfter(2);
              server.change({ beforeChunk: gate.beforeChunk });
              const aborting = new AbortController();
              const generation = start(backend, model, way, aborting.signal);
              const first = await generation.next();
              assert.equal(first.done, false);
              const next = drain(generation);
              const reason = new Error('typed on');
              aborting.abort(reason);
              await assert.rejects(next, error => error === reason);
              await waitFor(() => server.asked[0]?.state === 'aborted');
              gate.open();
              // And it stays ended.
              assert.equal((await generation.next()).done, true);
            }));

          it('ends when aborted before the first word', () =>
            withBackend(kind, { trouble: { type: 'slow-headers' } }, quick, async ({ server, backend, model }) => {
              const aborting = new AbortController();
              const generation = start(backend, model, way, aborting.signal);
              const next = generation.next();
              await waitFor(() => server.asked.length === 1);
              aborting.abort();
              await assert.rejects(next, { name: 'AbortError' });
              await waitFor(() => server.asked[0]?.state === 'aborted');
            }));

          it('sends nothing when it is aborted already', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              const generation = start(backend, model, way, AbortSignal.abort());
              await assert.rejects(generation.next(), { name: 'AbortError' });
              assert.equal(server.asked.length, 0);
            }));

          it('is ended by return, though a chunk is awaited', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              const gate = gateAfter(2);
              server.change({ beforeChunk: gate.beforeChunk });
              const generation = start(backend, model, way, new AbortController().signal);
              await generation.next();
              const next = drain(generation);
              await generation.return({
                stop: 'unknown',
                usage: { promptTokens: null, cachedTokens: null, completionTokens: null },
              });
              await waitFor(() => server.asked[0]?.state === 'aborted');
              assert.equal(await next, '');
              gate.open();
            }));

          it('is ended by leaving the loop', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              const gate = gateAfter(2);
              server.change({ beforeChunk: gate.beforeChunk });
              for await (const text of start(backend, model, way, new AbortController().signal)) {
                assert.ok(answer.startsWith(text));
                break;
              }
              await waitFor(() => server.asked[0]?.state === 'aborted');
              gate.open();
            }));

          it('ends one answer without another', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              const gate = gateAfter(2);
              server.change({ beforeChunk: gate.beforeChunk });
              const aborting = new AbortController();
              const [one, other] = [aborting.signal, new AbortController().signal].map(signal =>
                start(backend, model, way, signal),
              );
              assert.ok(one !== undefined && other !== undefined);
              const [, first] = await Promise.all([one.next(), other.next()]);
              const rest = drain(other);
              const given = assert.rejects(drain(one), { name: 'AbortError' });
              aborting.abort();
              await given;
              await waitFor(() => server.asked.some(({ state }) => state === 'aborted'));
              gate.open();
              assert.equal(`${String(first?.value)}${await rest}`, answer);
              await waitFor(() => server.asked.some(({ state }) => state === 'answered'));
            }));

          it('uses one connection for requests in a row', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              const before = server.connections.opened;
              for (let count = 0; count < 4; count++) assert.equal((await ask(backend, model, way)).text, answer);
              assert.ok(server.connections.opened - before <= 1, `${server.connections.opened - before} more`);
            }));

          it('counts the tokens that the server counts', () =>
            withBackend(kind, {}, quick, async ({ backend, model }) => {
              const { end } = await ask(backend, model, way);
              assert.ok((end?.usage.promptTokens ?? 0) > 0);
              assert.equal(end?.usage.completionTokens, Math.ceil(Array.from(answer).length / 4));
            }));

          it('sends what was asked for and nothing of the machine', () =>
            withBackend(kind, {}, quick, async ({ server, backend, model }) => {
              await ask(backend, model, way);
              const { headers, body, asked } = server.asked[0] ?? assert.fail('nothing was sent');
              assert.deepEqual(
                Object.keys(headers).sort(),
                ['accept', 'accept-encoding', 'authorization', 'connection', 'content-length', 'content-type']
                  .concat('host', 'user-agent', 'x-gateway')
                  .sort(),
              );
              assert.equal(headers.authorization, `Bearer ${key}`);
              assert.equal(headers['user-agent'], 'understudy');
              assert.ok(asked?.isStreamed);
              assert.equal(asked.maxTokens, 64);
              assert.equal(asked.model, model.name);
              assert.ok(!body.includes(key));
              assert.match(asked.prompt, /computeQuarterlyInvoices/);
            }));
        });
      }

      it('names the models that are there when the one of the settings is not', async () => {
        const server = await startModelServer(kind, { models: [scriptedModel({ name: 'coder:1b' })] });
        const backend = backendOf(kind, server, quick, 'coder:2b');
        try {
          await assert.rejects(backend.probe(new AbortController().signal), error => {
            assert.ok(error instanceof ModelFailure);
            assert.equal(error.trouble, 'model-missing');
            assert.match(error.message, /did you mean "coder:1b"\?/);
            return true;
          });
        } finally {
          backend.dispose();
          await server.close();
        }
      });

      it('names them when a model goes away while it is used', async () => {
        // llama.cpp answers with the model that it has.
        if (kind === 'llamacpp') return;
        await withBackend(kind, {}, quick, async ({ server, backend, model }) => {
          server.change({ models: [scriptedModel({ name: 'other' })] });
          const outcome = await ask(backend, model, 'chat');
          assert.equal(troubleOf(outcome), 'model-missing');
        });
      });

      it('turns texts into vectors, in their order', () =>
        withBackend(kind, embedding, quick, async ({ server, backend, model }) => {
          const vectors = await backend.embed(model, ['a', 'bb', 'ccc'], new AbortController().signal);
          assert.deepEqual(
            vectors.map(vector => [...vector]),
            [
              [1, 1, 0],
              [2, 1, 0],
              [3, 1, 0],
            ],
          );
          // Many servers know no other form, and give numbers whatever they are asked for.
          if (kind !== 'ollama') assert.equal(server.asked[0]?.asked?.body['encoding_format'], 'float');
        }));

      for (const [name, vector] of [
        ['of different lengths', (text: string) => (text === 'a' ? [1] : [1, 2])],
        ['that are empty', () => []],
        ['that are no numbers', () => ['x' as unknown as number]],
      ] as const) {
        it(`takes no vectors ${name}`, () =>
          withBackend(kind, { ...embedding, vector }, quick, async ({ backend, model }) => {
            await assert.rejects(
              backend.embed(model, ['a', 'bb'], new AbortController().signal),
              error => error instanceof ModelFailure && error.trouble === 'bad-answer',
            );
          }));
      }

      it('tells trouble with vectors as any other', () =>
        withBackend(kind, embedding, quick, async ({ server, backend, model }) => {
          const embed = (signal = new AbortController().signal) => backend.embed(model, [code], signal);
          const expect = async (trouble: ModelTrouble) => {
            const error: unknown = await embed().then(
              () => null,
              (thrown: unknown) => thrown,
            );
            assert.ok(error instanceof ModelFailure, inspect(error));
            assert.equal(error.trouble, trouble);
            holdsNoSecret(error);
          };
          server.change({ trouble: { type: 'status', status: 500, message: () => `cannot embed ${code}` } });
          await expect('server-error');
          server.change({ trouble: { type: 'garbage' } });
          await expect('bad-answer');
          server.change({ trouble: { type: 'slow-headers' } });
          const aborting = new AbortController();
          const aborted = assert.rejects(embed(aborting.signal), { name: 'AbortError' });
          const before = server.asked.length;
          await waitFor(() => server.asked.length > before || server.asked.at(-1)?.state === 'open');
          aborting.abort();
          await aborted;
          await waitFor(() => server.asked.at(-1)?.state === 'aborted');
        }));

      it('prints nothing, whatever comes', async () => {
        const printed: unknown[][] = [];
        const names = ['log', 'warn', 'error', 'info', 'debug'] as const;
        const kept = names.map(name => console[name]);
        for (const name of names) console[name] = (...values: unknown[]) => void printed.push(values);
        try {
          for (const type of ['garbage', 'web-page', 'not-utf8'] as const)
            for (const way of ways) await check(kind, way, { name: '', script: { trouble: { type } } });
        } finally {
          for (const [index, name] of names.entries()) console[name] = kept[index] ?? console[name];
        }
        assert.deepEqual(printed, []);
      });
    });
  }
});

const embedding: ModelScript = { models: [scriptedModel({ capabilities: ['embedding', 'completion', 'insert'] })] };

interface Outcome {
  readonly text: string;
  readonly end: GenerationEnd | null;
  readonly failure: unknown;
}

async function check(kind: BackendKind, way: Way, one: Case): Promise<void> {
  const { script } = one;
  await withBackend(kind, {}, { ...quick, ...one.timeouts }, async ({ server, backend, model }) => {
    server.change(script);
    const outcome = await ask(backend, model, way, { ...sampling, ...one.sampling });
    holdsNoSecret(outcome.failure);
    if (one.trouble !== undefined) {
      assert.equal(troubleOf(outcome), one.trouble, inspect(outcome.failure));
      assert.equal(outcome.end, null);
    } else if (one.stop !== undefined) {
      assert.equal(outcome.failure, null, inspect(outcome.failure));
      assert.equal(outcome.end?.stop, one.stop);
    }
    if (typeof one.text === 'string') assert.equal(outcome.text, one.text);
    else if (one.text !== undefined) assert.ok(one.text(outcome.text), outcome.text.slice(0, 200));
    if (one.retryAfterMs !== undefined) {
      assert.ok(outcome.failure instanceof ModelFailure);
      assert.equal(outcome.failure.retryAfterMs, one.retryAfterMs);
    }
    if (one.state !== undefined) await waitFor(() => server.asked[0]?.state === one.state);
  });
}

async function ask(backend: Backend, model: ModelFacts, way: Way, with_ = sampling): Promise<Outcome> {
  let text = '';
  try {
    const generation = start(backend, model, way, new AbortController().signal, with_);
    for (;;) {
      const result = await generation.next();
      if (result.done === true) return { text, end: result.value, failure: null };
      text += result.value;
    }
  } catch (failure) {
    return { text, end: null, failure };
  }
}

function start(backend: Backend, model: ModelFacts, way: Way, signal: AbortSignal, with_ = sampling): Generation {
  return way === 'fillIn'
    ? backend.fillIn(model, prompt, with_, signal)
    : backend.chat(model, [{ role: 'user', content: `Explain: ${code}` }], with_, signal);
}

async function drain(generation: Generation): Promise<string> {
  let text = '';
  for await (const chunk of generation) text += chunk;
  return text;
}

function troubleOf({ failure }: Outcome): ModelTrouble | null {
  return failure instanceof ModelFailure ? failure.trouble : null;
}

/** Neither message, remedy, stack nor cause holds the key, a header of the settings, or code. */
function holdsNoSecret(failure: unknown): void {
  const all = inspect(failure, { depth: 8, showHidden: true });
  for (const secret of [
    key,
    'Zq81kTest',
    secretHeader,
    'quarterlyInvoiceTotal',
    'computeQuarterlyInvoices',
    'ledgerRows',
  ])
    assert.ok(!all.includes(secret), all);
}

interface Scene {
  readonly server: ModelServer;
  readonly backend: Backend;
  readonly model: ModelFacts;
}

/** A backend that has been probed, on a server that does as it is told; its requests begin with what the test asks. */
async function withBackend(
  kind: BackendKind,
  script: ModelScript,
  timeouts: typeof quick,
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  const server = await startModelServer(kind, { answer: () => answer, key, ...script, trouble: null });
  const backend = backendOf(kind, server, timeouts, 'coder:1b');
  try {
    const { models } = await backend.probe(new AbortController().signal);
    const model = models[0] ?? assert.fail('no model was found');
    server.forget();
    server.change({ trouble: script.trouble ?? null });
    await act({ server, backend, model });
  } finally {
    backend.dispose();
    await server.close();
  }
}

function backendOf(kind: BackendKind, server: ModelServer, timeouts: typeof quick, model: string): Backend {
  const options = { timeouts, now: () => Date.parse('2026-01-01T00:00:00Z') };
  return createBackend(
    {
      name: 'mine',
      kind,
      url: kind === 'openai' ? `${server.url}/v1` : server.url,
      model,
      key: async () => key,
      fim: kind === 'openai' ? 'suffix' : null,
      headers: { 'X-Gateway': secretHeader },
    },
    options,
  );
}

/** Lets so many chunks out, and the rest when it is opened. */
function gateAfter(chunks: number): {
  readonly beforeChunk: (index: number) => Promise<void>;
  readonly open: () => void;
} {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { beforeChunk: async index => (index < chunks ? undefined : opened), open: () => open() };
}
