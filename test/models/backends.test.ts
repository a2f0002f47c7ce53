import assert from 'node:assert/strict';
import { isRecord } from '../../server/base/record.js';
import type { Backend, ModelFacts } from '../../server/model/backend.js';
import { discoverLocal } from '../../server/model/discover.js';
import { familyOf } from '../../server/model/fim/families.js';
import { renderFillIn } from '../../server/model/fim/render.js';
import { waitFor } from '../support/waitFor.js';
import { startLlamaServer, type LlamaServer } from './support/llamaServer.js';
import { findModels, makeModels, type MadeModels, type RealModels } from './support/models.js';
import { backendFor, never, readAll, sampling } from './support/realBackend.js';
import { checkout, invoice } from './support/shop.js';

/** What no scripted server can show: that ours and the real one understand each other. */
describe('our backends and the real llama.cpp server', () => {
  let made: MadeModels;
  let real: RealModels;
  let server: LlamaServer | null = null;
  let backend: Backend | null = null;

  before(async () => {
    [made, real] = await Promise.all([makeModels(), findModels()]);
  });

  afterEach(async () => {
    backend?.dispose();
    await server?.stop();
    server = null;
  });

  after(() => made.remove());

  it('finds it, and knows it by what it answers', async () => {
    const { url } = await start(made.random);
    const found = await discoverLocal(never(), { urls: [url], limitMs: 10_000 });
    assert.deepEqual(
      found.map(({ kind, url: at }) => [kind, at]),
      [['llamacpp', url]],
    );
  });

  it('knows a model that fills in by its tokens', async () => {
    const { url } = await start(made.copy);
    const { model, server: what } = await probe('llamacpp', url);
    assert.match(what, /^llama\.cpp /);
    assert.deepEqual(model.fillIn, { way: 'template', family: 'qwen2.5-coder' });
    assert.equal(model.contextTokens, 4096);
  });

  it('completes with a name that only another file in the prompt has', async () => {
    const { url } = await start(made.copy);
    const { model, backend } = await probe('llamacpp', url);
    const filled = (related: Parameters<typeof checkout>[1]): ReturnType<typeof readAll> =>
      readAll(backend.fillIn(model, checkout('  const total = comp', related), sampling, never()));
    const { text, chunks, end } = await filled([invoice]);
    assert(text.startsWith('uteInvoiceTotal(items, taxRate);'), text);
    assert(chunks > 5, 'It comes bit by bit.');
    assert.equal(end.stop, 'stop');
    assert.equal((await filled([])).text, '');
  });

  it('reads only what is new when the line goes on', async () => {
    const { url } = await start(made.copy);
    const { model, backend } = await probe('llamacpp', url);
    const filled = async (typed: string): Promise<number> => {
      const { end } = await readAll(backend.fillIn(model, checkout(typed, [invoice]), sampling, never()));
      const { promptTokens, cachedTokens } = end.usage;
      assert(promptTokens !== null && cachedTokens !== null);
      return promptTokens - cachedTokens;
    };
    assert((await filled('  const total = comp')) > 500);
    // The letters, and the last token, which a server always reads again.
    assert((await filled('  const total = compute')) <= 5);
  });

  it('lets no text of a file pass for a token of the model', async () => {
    const { url } = await start(made.copy);
    const family = familyOf('qwen2.5-coder');
    assert(family);
    const tokens = [
      '<|fim_prefix|>',
      '<|fim_suffix|>',
      '<|fim_middle|>',
      '<|file_sep|>',
      '<|endoftext|>',
      '<|im_end|>',
    ];
    const hostile = { ...invoice, text: `${tokens.join(' ')}\n${invoice.text}`, label: `src/${tokens.join('')}.ts` };
    const specials = async (passage: typeof invoice): Promise<number> => {
      const prompt = { ...checkout(`  ${passage === hostile ? tokens.join('') : ''}x`, [passage]) };
      const answer = await fetch(`${url}/tokenize`, {
        method: 'POST',
        body: JSON.stringify({ content: renderFillIn(family, prompt).prompt, parse_special: true }),
      });
      const body: unknown = await answer.json();
      assert(isRecord(body) && Array.isArray(body['tokens']));
      return body['tokens'].filter(token => Number(token) >= 256).length;
    };
    assert.equal(await specials(hostile), await specials(invoice));
  });

  it('goes on from the text before the cursor where a model has no tokens for a hole', async () => {
    const { url } = await start(real.smollm2, ['--alias', 'SmolLM2-135M-Instruct']);
    const { model, backend } = await probe('llamacpp', url);
    assert.deepEqual(model.fillIn, { way: 'continue' });
    assert.equal(model.instruct, true);
    const prompt = {
      ...checkout('        return ', []),
      languageId: 'python',
      label: 'stack.py',
      suffix: '',
      prefix: 'class Stack:\n    def push(self, item):\n        self.items.append(item)\n\n    def pop(self):\n',
    };
    const { text } = await readAll(
      backend.fillIn(model, prompt, { ...sampling, maxTokens: 8, temperature: 0 }, never()),
    );
    // A prompt that ends in a blank makes this model say a number.
    assert(text.startsWith('self.items.pop()'), text);
  });

  for (const kind of ['llamacpp', 'openai'] as const) {
    it(`talks with a real model, bit by bit (${kind})`, async () => {
      const { url } = await start(real.smollm2);
      const { model, backend } = await probe(kind, kind === 'openai' ? `${url}/v1` : url);
      assert.equal(model.chat, true);
      const messages = [{ role: 'user', content: 'Say hello.' }] as const;
      const { text, chunks, end } = await readAll(
        backend.chat(model, messages, { ...sampling, maxTokens: 12 }, never()),
      );
      assert.match(text, /\w/);
      assert(chunks > 3);
      assert.equal(end.usage.completionTokens, 12);
      assert.equal(end.stop, 'length');
    });

    it(`gets vectors of a real model (${kind})`, async () => {
      const { url } = await start(real.miniLm, ['--embeddings']);
      const { model, backend } = await probe(kind, kind === 'openai' ? `${url}/v1` : url);
      const texts = ['Closes the connection.', 'The socket is shut down.', 'Bake the bread for an hour.'];
      const [close, alike, other] = await backend.embed(model, texts, never());
      assert(close && alike && other);
      assert.equal(close.length, 384);
      assert(dot(close, alike) > dot(close, other) + 0.2);
    });
  }

  it('sees at the server that a generation was given up', async () => {
    const { url } = await start(real.smollm2);
    const { model, backend } = await probe('llamacpp', url);
    const control = new AbortController();
    const messages = [{ role: 'user', content: 'Count to a thousand.' }] as const;
    const generation = backend.chat(model, messages, { ...sampling, maxTokens: 3000 }, control.signal);
    await generation.next();
    assert.equal(await isBusy(url), true);
    control.abort();
    await assert.rejects(readAll(generation), { name: 'AbortError' });
    const abortedMs = performance.now();
    // 3,000 tokens would take a minute and more.
    await waitFor(async () => !(await isBusy(url)), 5000);
    console.log(`      idle ${Math.round(performance.now() - abortedMs)} ms after the abort`);
  });

  it('sees there that a prompt was given up, after the batch that it is reading', async () => {
    const { url } = await start(real.smollm2, ['-b', '32', '-ub', '32']);
    const { model, backend } = await probe('llamacpp', url);
    const control = new AbortController();
    const prefix = 'const sum = first + second; // and so on\n'.repeat(250);
    const generation = backend.fillIn(model, { ...checkout('  x', []), prefix }, sampling, control.signal);
    const read = readAll(generation);
    read.catch(() => {});
    await waitFor(() => isBusy(url));
    control.abort();
    await assert.rejects(read, { name: 'AbortError' });
    // All of the prompt would take half a minute. That it notices while others ask it things is ours: it would look once a
    // second whether somebody still listens, and put that off whenever it answers anybody else.
    await waitFor(async () => !(await isBusy(url)), 10_000);
  });

  async function start(model: string, args: readonly string[] = []): Promise<LlamaServer> {
    server = await startLlamaServer({ model, args: ['-c', '4096', '-np', '1', ...args] });
    return server;
  }

  async function probe(
    kind: 'llamacpp' | 'openai',
    url: string,
  ): Promise<{ readonly backend: Backend; readonly model: ModelFacts; readonly server: string }> {
    const created = backendFor(kind, url);
    backend = created;
    const { models, server: what } = await created.probe(never());
    const [model] = models;
    assert(model);
    return { backend: created, model, server: what };
  }
});

async function isBusy(url: string): Promise<boolean> {
  const slots: unknown = await (await fetch(`${url}/slots`)).json();
  return Array.isArray(slots) && slots.some(slot => isRecord(slot) && slot['is_processing'] === true);
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
