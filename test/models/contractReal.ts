// Holds a backend to its contract against a real server, as far as a real one lets itself be asked:
//
//   node out/test/models/contractReal.js --kind llamacpp --url http://127.0.0.1:8080 [--model NAME] [--fim FORM]
//        [--key-env NAME] [--batch TOKENS] [--no-chat]       (a model that has nothing to say)
//   node out/test/models/contractReal.js --scripted        measures aborts against scripted servers of all kinds
//
// Prints a line for each check and `N passed, N failed`; exits with 1 when any has failed.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createBackend } from '../../server/model/backends/createBackend.js';
import {
  ModelFailure,
  type Backend,
  type BackendConfig,
  type Generation,
  type GenerationEnd,
  type ModelFacts,
} from '../../server/model/backend.js';
import type { FillInPrompt, Sampling } from '../../server/model/prompt.js';
import { startModelServer } from '../support/modelServer.js';
import { waitFor } from '../support/waitFor.js';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'llamacpp' },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    model: { type: 'string' },
    fim: { type: 'string' },
    'key-env': { type: 'string' },
    batch: { type: 'string', default: '64' },
    'no-chat': { type: 'boolean', default: false },
    scripted: { type: 'boolean', default: false },
  },
});
const kind = (['ollama', 'openai', 'llamacpp', 'mistral'] as const).find(known => known === values.kind);
if (kind === undefined) throw new Error(`There is no kind "${values.kind}".`);
const { 'key-env': keyName } = values;

const config: BackendConfig = {
  name: 'real',
  kind,
  url: values.url,
  model: values.model ?? null,
  key: async () => (keyName === undefined ? null : (process.env[keyName] ?? null)),
  fim: values.fim ?? null,
  headers: {},
};
const sampling: Sampling = { temperature: 0, topP: 1, maxTokens: 24 };
const never = () => new AbortController().signal;
/** So that nothing is left of an earlier run in the server's cache. */
const salt = Math.random().toString(36).slice(2, 8);

let passed = 0;
let failed = 0;

if (values.scripted) await measureScripted();
else await holdToContract();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function holdToContract(): Promise<void> {
  const backend = createBackend(config);
  const probe = await backend.probe(never());
  const facts = (model: ModelFacts) =>
    `${model.name}: fill-in ${model.fillIn === null ? 'no' : Object.values(model.fillIn).join(' ')}, chat ${model.chat}, embeddings ${model.embeddings}, context ${model.contextTokens}`;
  console.log(`${probe.server} at ${backend.host}\n${probe.models.map(model => `  ${facts(model)}`).join('\n')}`);
  const filling = probe.models.find(({ fillIn }) => fillIn !== null && fillIn.way !== 'chat');
  const chatting = probe.models.find(({ chat }) => chat && !values['no-chat']);
  const embedding = probe.models.find(({ embeddings }) => embeddings);

  await check('says which server and models it has', async () => {
    assert.notEqual(probe.server, '');
    assert.ok(probe.models.length > 0);
    return null;
  });
  if (filling !== undefined) await holdFilling(backend, filling);
  if (chatting !== undefined) {
    await check('chats', async () => {
      const messages = [{ role: 'user' as const, content: 'Name a colour.' }];
      const { text, end, chunks } = await read(backend.chat(chatting, messages, sampling, never()));
      assert.ok(!/<\/?think>|<\|im_/.test(text), text);
      assert.notEqual(end.stop, 'unknown');
      // Weights made for a test may have nothing to say.
      return text.trim() === '' ? 'no text' : `${chunks} chunks`;
    });
  }
  if (embedding !== undefined) {
    await check('turns texts into vectors', async () => {
      const [one, other, again] = await backend.embed(embedding, ['a cat', 'const x = 1;', 'a cat'], never());
      assert.ok(one !== undefined && other !== undefined && again !== undefined);
      assert.ok(cosine(one, again) > 0.999);
      assert.ok(cosine(one, other) < 0.999);
      return `${one.length} dimensions`;
    });
  } else if (filling !== undefined && backend.kind === 'llamacpp') {
    await check('says that it makes no vectors', () =>
      expectTrouble(backend.embed(filling, ['a'], never()), 'unsupported'),
    );
  }
  await check('names the models when one is missing', () => {
    const wrong = createBackend({ ...config, model: 'no-such-model' });
    return expectTrouble(wrong.probe(never()), 'model-missing');
  });
  await check('tells a server that is not there', () => {
    const nobody = createBackend({ ...config, url: 'http://127.0.0.1:9' });
    return expectTrouble(nobody.probe(never()), 'unreachable');
  });
  backend.dispose();
}

async function holdFilling(backend: Backend, model: ModelFacts): Promise<void> {
  const fill = (prompt: FillInPrompt, signal: AbortSignal, with_ = sampling) =>
    backend.fillIn(model, prompt, with_, signal);
  const short = promptOf(8);
  await check('fills in, streaming', async () => {
    const { text, end, chunks } = await read(fill(short, never()));
    assert.notEqual(text, '');
    assert.ok(!/<\|?fim|<\|endoftext|<\|im_|\uFFFD/.test(text), text);
    assert.notEqual(end.stop, 'unknown');
    return `${chunks} chunks, ${JSON.stringify(text.slice(0, 60))}`;
  });
  await check('counts tokens, and says when it ends at the length asked for', async () => {
    const { end } = await read(fill(short, never(), { ...sampling, maxTokens: 2 }));
    assert.equal(end.stop, 'length');
    assert.ok((end.usage.promptTokens ?? 0) > 10);
    assert.ok((end.usage.completionTokens ?? 3) <= 2);
    return `${end.usage.promptTokens} tokens of prompt`;
  });
  await check('says the same twice, without reading the prompt again', async () => {
    const first = await read(fill(short, never()));
    const second = await read(fill(short, never()));
    assert.equal(first.text, second.text);
    const { cachedTokens, promptTokens } = second.end.usage;
    if (cachedTokens !== null) assert.ok(cachedTokens >= (promptTokens ?? 0) - 4, `${cachedTokens} of ${promptTokens}`);
    return cachedTokens === null ? 'it does not tell what it kept' : `${cachedTokens} of ${promptTokens} tokens kept`;
  });
  await check('stops while it generates', async () => {
    const times: number[] = [];
    const pace = await measurePace(fill);
    for (let round = 0; round < 5; round++) {
      const aborting = new AbortController();
      const generation = fill(promptOf(8), aborting.signal, { ...sampling, maxTokens: 2_000 });
      const first = await generation.next();
      // A model that has nothing more to say has nothing to be stopped in.
      if (first.done === true) continue;
      times.push(await abortAndWait(backend, generation, aborting, model));
    }
    const median = times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? Infinity;
    // It looks up after the token under way.
    const limit = 50 + pace;
    assert.ok(
      median <= limit || !backend.traits.stopsWhenAborted,
      `${list(times)} ms, a token takes ${pace.toFixed(0)}`,
    );
    return `its slot is free after ${list(times)} ms; a token takes ${pace.toFixed(0)} ms`;
  });
  await check('stops while it reads a long prompt', async () => {
    const context = model.contextTokens ?? 2048;
    // Something else first, so that nothing of the long one is kept; and its pace, from a prompt that is new too.
    const measured = promptOf(20, `a${salt}`);
    const before = performance.now();
    const { end } = await read(fill(measured, never(), { ...sampling, maxTokens: 1 }));
    const msPerToken = (performance.now() - before) / (end.usage.promptTokens ?? 1);
    const batchMs = Number(values.batch) * msPerToken;
    const aborting = new AbortController();
    // About ten batches, or ten seconds: a function is 24 tokens or so.
    const tokens = Math.max(10 * Number(values.batch), Math.min(10_000 / msPerToken, 1_000));
    const functions = Math.floor(Math.min(tokens / 24, context / 60));
    const generation = fill(promptOf(functions, `b${salt}`), aborting.signal);
    let hasText = false;
    const next = generation.next().then(
      () => (hasText = true),
      () => {},
    );
    if (backend.kind === 'llamacpp') await waitFor(async () => !(await isFree()));
    await pause(Math.min(150, batchMs));
    assert.ok(!hasText, 'The prompt was too short for that.');
    const ms = await abortAndWait(backend, generation, aborting, model);
    await next;
    const limit = batchMs * 2 + 50;
    assert.ok(
      ms <= limit || !backend.traits.stopsWhenAborted,
      `${ms.toFixed(0)} ms, a batch is about ${batchMs.toFixed(0)}`,
    );
    return `free after ${ms.toFixed(0)} ms; a batch of ${values.batch} takes about ${batchMs.toFixed(0)} ms`;
  });
  await check('answers after all that', async () => {
    const { text } = await read(fill(short, never()));
    assert.notEqual(text, '');
    return null;
  });
  await check('does not cut a prompt that is too long without a word', async () => {
    const context = model.contextTokens ?? 2048;
    const trouble = expectTrouble(read(fill(promptOf(Math.ceil(context / 8), 'c'), never())), 'unsupported');
    return trouble;
  });
}

/** How long after an abort the server does something else. Where it tells of its slots, they are asked; else the next answer. */
async function abortAndWait(
  backend: Backend,
  generation: Generation,
  aborting: AbortController,
  model: ModelFacts,
): Promise<number> {
  const reason = new Error('enough');
  const ended = generation.next().then(
    () => null,
    (error: unknown) => error,
  );
  const before = performance.now();
  aborting.abort(reason);
  let ms: number;
  if (backend.kind === 'llamacpp') {
    while (!(await isFree())) await pause(1);
    ms = performance.now() - before;
  } else {
    await read(backend.fillIn(model, promptOf(1, 'z'), { ...sampling, maxTokens: 1 }, never()));
    ms = performance.now() - before;
  }
  const error = await ended;
  assert.ok(error === null || error === reason, String(error));
  return ms;
}

async function isFree(): Promise<boolean> {
  const answer = await fetch(`${values.url}/slots`);
  const slots: unknown = answer.ok ? await answer.json() : null;
  if (!Array.isArray(slots)) throw new Error('It does not tell of its slots.');
  return slots.every((slot: { is_processing?: unknown }) => slot.is_processing === false);
}

/** Milliseconds for a token, once it generates. */
async function measurePace(fill: (prompt: FillInPrompt, signal: AbortSignal) => Generation): Promise<number> {
  const generation = fill(promptOf(8), never());
  await generation.next();
  const before = performance.now();
  const { end } = await read(generation);
  return (performance.now() - before) / Math.max(1, (end.usage.completionTokens ?? 2) - 1);
}

async function check(name: string, act: () => Promise<string | null>): Promise<void> {
  try {
    const detail = await act();
    passed++;
    console.log(`ok      ${name}${detail === null ? '' : ` (${detail})`}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function expectTrouble(promise: Promise<unknown>, trouble: string): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ModelFailure, `it did not fail, or otherwise: ${String(error)}`);
  assert.equal(error.trouble, trouble, error.message);
  return error.message;
}

async function read(generation: Generation): Promise<{ text: string; end: GenerationEnd; chunks: number }> {
  let text = '';
  for (let chunks = 0; ; chunks++) {
    const result = await generation.next();
    if (result.done === true) return { text, end: result.value, chunks };
    text += result.value;
  }
}

/** Code of so many functions of about 20 tokens each, and a hole in one more. `salt` makes it different from the first word. */
function promptOf(functions: number, salt = ''): FillInPrompt {
  const lines = Array.from(
    { length: functions },
    (_, index) => `function add${salt}${index}(first, second) {\n  return first + second + ${index};\n}\n`,
  );
  return {
    languageId: 'javascript',
    path: null,
    label: `sums${salt}.js`,
    repository: 'sums',
    related: [],
    prefix: `// ${salt}\n${lines.join('\n')}\nfunction add${salt}${functions}(first, second) {\n`,
    typed: '  return',
    suffix: '\n}\n',
    startLine: 0,
  };
}

function cosine(left: Float32Array, right: Float32Array): number {
  let dot = 0;
  let lefts = 0;
  let rights = 0;
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    dot += value * other;
    lefts += value * value;
    rights += other * other;
  }
  return dot / Math.sqrt(lefts * rights);
}

function list(times: readonly number[]): string {
  return times.map(time => time.toFixed(0)).join(', ');
}

/** From the abort to the moment when the server's end of the connection is closed, in one process: an upper bound. */
async function measureScripted(): Promise<void> {
  for (const scripted of ['ollama', 'openai', 'llamacpp', 'mistral'] as const) {
    for (const phase of ['generating', 'before the first text'] as const) {
      await check(`${scripted}: the server sees an abort (${phase})`, async () => {
        const server = await startModelServer(scripted, {});
        const backend = createBackend({
          ...config,
          kind: scripted,
          url: scripted === 'openai' ? `${server.url}/v1` : server.url,
          model: 'coder:1b',
          fim: scripted === 'openai' ? 'suffix' : null,
        });
        const times: number[] = [];
        try {
          const { models } = await backend.probe(never());
          const [model] = models;
          assert.ok(model !== undefined);
          server.change(
            phase === 'generating'
              ? { trouble: { type: 'stall', afterChunks: 1 } }
              : { trouble: { type: 'slow-headers' } },
          );
          for (let round = 0; round < 40; round++) {
            server.forget();
            const aborting = new AbortController();
            const generation = backend.fillIn(model, promptOf(2), sampling, aborting.signal);
            const next = generation.next().catch(() => {});
            await waitFor(
              () => server.asked[0]?.chunksSent === 1 || (phase !== 'generating' && server.asked.length === 1),
            );
            if (phase === 'generating') await next;
            const before = performance.now();
            aborting.abort();
            await waitFor(() => server.asked[0]?.state === 'aborted');
            times.push((server.asked[0]?.endedAt ?? Infinity) - before);
            await next;
          }
        } finally {
          backend.dispose();
          await server.close();
        }
        times.sort((left, right) => left - right);
        const at = (share: number) => (times[Math.floor(times.length * share)] ?? times.at(-1) ?? 0).toFixed(1);
        assert.ok(Number(at(0.95)) < 50, `p95 ${at(0.95)} ms`);
        return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms of ${times.length}`;
      });
    }
  }
}
