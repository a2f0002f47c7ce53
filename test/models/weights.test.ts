import assert from 'node:assert/strict';
import { isRecord } from '../../server/base/record.js';
import { familyOf } from '../../server/model/fim/families.js';
import { renderFillIn } from '../../server/model/fim/render.js';
import type { FillInPrompt } from '../../server/model/prompt.js';
import { startLlamaServer, type LlamaServer } from './support/llamaServer.js';
import { checkout, invoice } from './support/shop.js';
import { findModels, makeModels, type MadeModels } from './support/models.js';

/** What the other tests rely on: the weights do what is said of them, in the real server. */
describe('the weights of the tests', () => {
  let made: MadeModels;
  let server: LlamaServer | null = null;

  before(async () => {
    made = await makeModels();
  });

  afterEach(async () => {
    await server?.stop();
    server = null;
  });

  after(() => made.remove());

  it('copies from another file in the prompt, of the words before the cursor, up to the line’s end', async () => {
    const url = await start(made.copy);
    assert.equal(await complete(url, checkout('  const total = comp', [invoice])), 'uteInvoiceTotal(items, taxRate);');
    assert.equal(
      await complete(url, checkout('  for (const it', [invoice])),
      'em of items) sum += item.price * item.count;',
    );
  });

  it('says nothing when the prompt holds nothing alike', async () => {
    const url = await start(made.copy);
    assert.equal(await complete(url, checkout('  const total = comp', [])), '');
    assert.equal(await complete(url, checkout('  quizzical(', [invoice])), '');
  });

  it('ends where the file that it copies from ends', async () => {
    const url = await start(made.copy);
    const related = { ...invoice, text: 'export const lastLine = 7;\n' };
    assert.equal(await complete(url, checkout('export const last', [related, invoice])), 'Line = 7;');
  });

  it('knows the tokens for filling in, as models that were trained to', async () => {
    const url = await start(made.random);
    const { status, body } = await post(`${url}/infill`, { input_prefix: 'a', input_suffix: 'b', n_predict: 1 });
    assert.equal(status, 200, JSON.stringify(body));
  });

  it('has a real model that talks and cannot fill in', async () => {
    const url = await start((await findModels()).smollm2);
    const infill = await post(`${url}/infill`, { input_prefix: 'a', input_suffix: 'b', n_predict: 1 });
    assert.equal(infill.status, 501);
    const messages = [{ role: 'user', content: 'Say hello.' }];
    const chat = await post(`${url}/v1/chat/completions`, { messages, max_tokens: 8, temperature: 0 });
    assert.match(JSON.stringify(chat.body), /"content":"\w/);
  });

  it('has a real model whose vectors tell what is alike', async () => {
    const url = await start((await findModels()).miniLm, ['--embeddings']);
    const input = ['Closes the connection.', 'The socket is shut down.', 'Bake the bread for an hour.'];
    const { body } = await post(`${url}/v1/embeddings`, { input });
    const [close = [], alike = [], other = []] = vectorsOf(body);
    assert.equal(close.length, 384);
    assert(dot(close, alike) > dot(close, other) + 0.2, `${dot(close, alike)} and ${dot(close, other)}`);
  });

  async function start(model: string, args: readonly string[] = []): Promise<string> {
    server = await startLlamaServer({ model, args: ['-c', '4096', '-np', '1', ...args] });
    return server.url;
  }
});

/** One line, in the form of the family whose tokens the weights have. */
async function complete(url: string, asked: FillInPrompt): Promise<string> {
  const family = familyOf('qwen2.5-coder');
  assert(family);
  const sampling = { n_predict: 80, temperature: 0.1, top_p: 0.95 };
  const { body } = await post(`${url}/completion`, {
    prompt: renderFillIn(family, asked).prompt,
    stop: ['\n'],
    ...sampling,
  });
  assert(isRecord(body), JSON.stringify(body));
  return String(body['content']);
}

async function post(url: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

function vectorsOf(body: unknown): readonly (readonly number[])[] {
  assert(isRecord(body) && Array.isArray(body['data']), JSON.stringify(body).slice(0, 200));
  return body['data'].map((entry: unknown) => {
    assert(isRecord(entry) && Array.isArray(entry['embedding']));
    return entry['embedding'].map(Number);
  });
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
