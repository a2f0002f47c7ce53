import assert from 'node:assert/strict';
import { isRecord } from '../../../../server/base/record.js';
import { createBackend } from '../../../../server/model/backends/createBackend.js';
import { readOllamaPieces } from '../../../../server/model/backends/ollamaVocabulary.js';
import { createOpenaiBackend } from '../../../../server/model/backends/openai.js';
import {
  ModelFailure,
  type Backend,
  type BackendConfig,
  type BackendKind,
  type FillInWay,
  type ModelFacts,
} from '../../../../server/model/backend.js';
import type { FillInPrompt } from '../../../../server/model/prompt.js';
import { createTransport, type Transport } from '../../../../server/model/transport.js';
import { scriptedModel, startModelServer, type ModelScript, type ModelServer } from '../../../support/modelServer.js';

const qwen: FillInWay = { way: 'template', family: 'qwen2.5-coder' };
const starcoder = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<repo_name>', '<file_sep>', '<|endoftext|>'];
const nobodys = { pieces: [], capabilities: ['completion'] as const };

interface Expected {
  readonly fillIn?: FillInWay | null;
  readonly chat?: boolean;
  readonly embeddings?: boolean;
  readonly thinking?: boolean;
  readonly instruct?: boolean;
  readonly contextTokens?: number | null;
}

const cases: readonly (readonly [BackendKind, string, ModelScript, Expected, string?])[] = [
  ['ollama', 'a model by its vocabulary', {}, { fillIn: qwen, chat: true, embeddings: false, contextTokens: 4096 }],
  ['ollama', 'another one', one({ pieces: starcoder }), { fillIn: { way: 'template', family: 'starcoder2' } }],
  ['ollama', 'a template of its own', one({ pieces: [] }), { fillIn: { way: 'suffix' } }],
  ['ollama', 'no way to fill in', one(nobodys), { fillIn: { way: 'continue' }, chat: true }],
  [
    'ollama',
    'a model for vectors',
    one({ capabilities: ['embedding'] }),
    { fillIn: null, chat: false, embeddings: true },
  ],
  ['ollama', 'a model that thinks', one({ capabilities: ['completion', 'thinking'] }), { thinking: true }],
  ['ollama', 'one that answers instructions', one({ finetune: 'Instruct' }), { fillIn: qwen, instruct: true }],
  [
    'ollama',
    'a name like a finetune that it is not',
    one({ name: 'x-instruct', finetune: 'Base' }),
    { instruct: false },
  ],
  [
    'ollama',
    'a template with roles',
    one({ template: '{{ range .Messages }}{{ .Role }}{{ end }}' }),
    { instruct: true },
  ],
  ['ollama', 'a short context', one({ contextTokens: 2048 }), { contextTokens: 2048 }],
  ['ollama', 'what the settings say', {}, { fillIn: { way: 'continue' } }, 'continue'],
  ['llamacpp', 'a model by its tokenizer', {}, { fillIn: qwen, chat: true, embeddings: false, contextTokens: 8192 }],
  ['llamacpp', 'another one', one({ pieces: starcoder }), { fillIn: { way: 'template', family: 'starcoder2' } }],
  ['llamacpp', 'no tokens to fill in', one(nobodys), { fillIn: { way: 'continue' } }],
  [
    'llamacpp',
    'one that makes vectors too',
    one({ capabilities: ['completion', 'embedding'] }),
    { fillIn: qwen, embeddings: true },
  ],
  [
    'llamacpp',
    'a chat template with thoughts',
    one({ name: 'talker', template: '{% if enable_thinking %}<think>{% endif %}' }),
    { thinking: true },
  ],
  ['llamacpp', 'no chat template', one({ template: '' }), { chat: false, fillIn: qwen }],
  ['llamacpp', 'what the settings say', {}, { fillIn: { way: 'template', family: 'starcoder' } }, 'starcoder'],
  ['openai', 'nothing but the name', {}, { fillIn: { way: 'chat' }, chat: true }],
  ['openai', 'a tokenizer', { tokenizes: true, owner: 'vllm' }, { fillIn: qwen }],
  ['openai', 'a tokenizer without the tokens', { ...one(nobodys), tokenizes: true }, { fillIn: { way: 'chat' } }],
  ['openai', 'a name for vectors', one({ name: 'text-embedding-9' }), { fillIn: null, chat: false, embeddings: true }],
  ['openai', 'what the settings say', {}, { fillIn: { way: 'suffix' } }, 'suffix'],
  ['mistral', 'what its list says', {}, { fillIn: { way: 'suffix' }, chat: true, contextTokens: 8192 }],
  ['mistral', 'a model for chats', one({ capabilities: ['completion'] }), { fillIn: { way: 'chat' } }],
];

describe('probing', () => {
  for (const [kind, name, script, expected, fim] of cases) {
    it(`knows ${kind}: ${name}`, () =>
      withServer(kind, script, async server => {
        const model = await probe(backendOf(kind, server, { fim: fim ?? null }));
        for (const [fact, value] of Object.entries(expected))
          assert.deepEqual(model[fact as keyof ModelFacts], value, fact);
      }));
  }

  it('refuses a form that nobody knows', () => {
    assert.throws(
      () => createBackend({ ...config, kind: 'ollama', url: 'http://127.0.0.1:1', fim: 'qwem' }),
      error => error instanceof ModelFailure && error.trouble === 'refused-by-settings',
    );
  });

  describe('Ollama', () => {
    it('sends our own prompt raw, and nothing that starts its runner anew or is refused with it', () =>
      withServer('ollama', {}, async server => {
        const body = await fill(backendOf('ollama', server), server);
        assert.equal(body['raw'], true);
        assert.equal(body['keep_alive'], '30m');
        assert.equal(body['truncate'], false);
        assert.match(String(body['prompt']), /^[^]*<\|fim_prefix\|>[^]*<\|fim_suffix\|>[^]*<\|fim_middle\|>/);
        for (const name of ['suffix', 'template', 'system', 'context', 'think']) assert.ok(!(name in body), name);
        assert.deepEqual(Object.keys(isRecord(body['options']) ? body['options'] : {}).sort(), [
          'num_predict',
          'stop',
          'temperature',
          'top_p',
        ]);
      }));

    it('sends a suffix without raw', () =>
      withServer('ollama', one({ pieces: [] }), async server => {
        const body = await fill(backendOf('ollama', server), server);
        assert.equal(body['raw'], undefined);
        assert.match(String(body['suffix']), /return total/);
      }));

    it('tells a model that thinks not to, and no other', () =>
      withServer('ollama', one({ capabilities: ['completion', 'thinking'] }), async server => {
        assert.equal((await fill(backendOf('ollama', server), server))['think'], false);
      }));

    it('uses what runs elsewhere only when the settings name it', () =>
      withServer('ollama', one({ name: 'big:cloud', remoteHost: 'https://ollama.example:443' }), async server => {
        const unnamed = await probe(backendOf('ollama', server));
        assert.equal(unnamed.fillIn, null);
        assert.equal(unnamed.chat, false);
        assert.equal(unnamed.runsElsewhere, 'ollama.example');
        assert.match(unnamed.advice[0] ?? '', /not on this machine/);
        const named = await probe(backendOf('ollama', server, { model: 'big:cloud' }));
        assert.notEqual(named.fillIn, null);
        assert.equal(named.chat, true);
        assert.equal(named.trainsOnInput, 'unknown');
      }));

    it('takes a name without a tag for the latest', () =>
      withServer('ollama', one({ name: 'coder:latest' }), async server => {
        assert.equal((await probe(backendOf('ollama', server, { model: 'coder' }))).name, 'coder:latest');
      }));

    it('reads a vocabulary once', () =>
      withServer('ollama', {}, async server => {
        const backend = backendOf('ollama', server);
        await probe(backend);
        await probe(backend);
        assert.equal(server.requests.filter(({ path }) => path === '/api/show').length, 2);
      }));

    it('takes no text of a template for a token', () =>
      withServer(
        'ollama',
        one({ pieces: [], template: '"<|fim_prefix|>" "<|fim_suffix|>" "<|fim_middle|>"' }),
        async server => {
          assert.deepEqual((await probe(backendOf('ollama', server))).fillIn, { way: 'suffix' });
        },
      ));

    it('knows tokens however they are written down', async () => {
      const tokens = ['<|fim_prefix|>', '<|fim_suffix|>', '<｜fim▁hole｜>', '[SUFFIX]'];
      const json = JSON.stringify(['a', ...tokens, '<|fim_middle|> and more']);
      const escaped = json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
      for (const text of [json, escaped]) {
        for (const size of [1, 5, 10_000]) {
          const bytes = new TextEncoder().encode(text);
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          const transport: Transport = {
            origin: '',
            host: '',
            isLocal: true,
            timeouts: { connectMs: 1000, headersMs: 1000, idleMs: 1000 },
            fetch: async () => new Response(ReadableStream.from(chunks)),
            dispose: () => {},
          };
          const found = await readOllamaPieces(transport, '', 'coder', new AbortController().signal);
          assert.deepEqual([...found].sort(), tokens.toSorted());
        }
      }
    });

    it('says that it reads on when it is given up', () =>
      withServer('ollama', {}, async server => {
        assert.equal(backendOf('ollama', server).traits.stopsWhenAborted, false);
      }));
  });

  describe("llama.cpp's server", () => {
    it('is asked by its own path, with our own prompt', () =>
      withServer('llamacpp', {}, async server => {
        const body = await fill(backendOf('llamacpp', server), server);
        assert.equal(server.asked.at(-1)?.path, '/completion');
        assert.equal(body['cache_prompt'], true);
        // Otherwise it reads a prompt that was given up to its end.
        assert.equal(body['return_progress'], true);
        assert.ok(!('suffix' in body));
      }));

    it('is recognised behind the OpenAI API, where it ignores a suffix', () =>
      withServer('llamacpp', {}, async server => {
        const backend = backendOf('openai', server, { url: `${server.url}/v1` });
        assert.deepEqual((await probe(backend)).fillIn, qwen);
        await fill(backend, server);
        assert.equal(server.asked.at(-1)?.path, '/completion');
        assert.equal(backend.kind, 'openai');
      }));

    it('is named by its file, not by the whole path of it', () =>
      withServer('llamacpp', one({ name: '/models/mine/coder-1b.gguf' }), async server => {
        assert.equal((await probe(backendOf('llamacpp', server))).name, 'coder-1b.gguf');
      }));
  });

  describe('behind the OpenAI API', () => {
    it('recognises Ollama, which would put its chat template around a prompt', () =>
      withServer('ollama', {}, async server => {
        const backend = backendOf('openai', server, { url: `${server.url}/v1` });
        await fill(backend, server);
        assert.equal(server.asked.at(-1)?.path, '/api/generate');
        assert.equal(server.asked.at(-1)?.asked?.body['raw'], true);
        assert.equal(backend.traits.stopsWhenAborted, false);
      }));

    it('takes what the settings name where nothing is listed', () =>
      withServer('mistral', one({ name: 'coder' }), async server => {
        // Not its own list: as if it had none.
        const backend = backendOf('openai', server, { url: `${server.url}/other`, model: 'coder' });
        assert.equal((await probe(backend)).name, 'coder');
      }));

    it('leaves out what a server does not take, from then on', () =>
      withServer('openai', {}, async server => {
        const backend = backendOf('openai', server);
        const model = await probe(backend);
        server.forget();
        server.change({
          trouble: { type: 'status', status: 400, message: () => "Unsupported parameter: 'max_tokens'." },
          beforeChunk: () => {},
        });
        const refused = (mayAskAgain: boolean) => (error: unknown) =>
          error instanceof ModelFailure && error.trouble === 'unsupported' && error.mayAskAgain === mayAskAgain;
        // Once more with the other name, and no more than that; never by itself, as each request is written down.
        await assert.rejects(read(backend, model), refused(true));
        assert.equal(server.asked.length, 1);
        await assert.rejects(read(backend, model), refused(false));
        assert.deepEqual(
          server.asked.map(({ asked }) =>
            ['max_tokens', 'max_completion_tokens'].filter(name => name in (asked?.body ?? {})),
          ),
          [['max_tokens'], ['max_completion_tokens']],
        );
        server.change({ trouble: null });
        await read(backend, model);
        assert.equal(server.asked.at(-1)?.asked?.body['max_completion_tokens'], 32);
      }));

    for (const [host, expected] of [
      ['https://api.openai.com/v1', { store: false }],
      ['https://openrouter.ai/v1', { provider: { data_collection: 'deny' } }],
      ['https://models.example/v1', {}],
    ] as const) {
      it(`asks ${new URL(host).host} neither to store nor to train, as far as it can be asked`, () =>
        withServer('openai', {}, async server => {
          const backend = createOpenaiBackend(
            { ...config, kind: 'openai', url: host },
            { transport: diverted(host, server) },
          );
          const model = await probe(backend);
          await read(backend, model);
          const body = server.asked.at(-1)?.asked?.body ?? {};
          assert.deepEqual(
            Object.fromEntries(Object.entries(body).filter(([name]) => name === 'store' || name === 'provider')),
            expected,
          );
          if (host.includes('example')) assert.equal(model.trainsOnInput, 'unknown');
          else assert.ok(model.trainsOnInput !== 'unknown' && model.trainsOnInput.source.startsWith('https://'));
        }));
    }

    it('asks for that too where a suffix is sent', () =>
      withServer('openai', {}, async server => {
        const sent = async (url: string) => {
          const own = { ...config, kind: 'openai', url, fim: 'suffix' } as const;
          const backend = createOpenaiBackend(own, { transport: diverted(url, server) });
          await fill(backend, server);
          const { asked } = server.asked.at(-1) ?? assert.fail('nothing was asked');
          assert.equal(asked?.path, '/v1/completions');
          return [asked.body['provider'], asked.body['store']];
        };
        assert.deepEqual(await sent('https://openrouter.ai/v1'), [{ data_collection: 'deny' }, undefined]);
        // It refuses there what it does not know.
        assert.deepEqual(await sent('https://api.openai.com/v1'), [undefined, undefined]);
      }));

    it('counts tokens where a server here tells no more, of what it has loaded', () =>
      withServer('openai', { owner: 'organization_owner' }, async server => {
        const backend = backendOf('openai', server);
        assert.deepEqual((await probe(backend)).fillIn, qwen);
        await fill(backend, server);
        assert.equal(server.asked.at(-1)?.path, '/v1/completions');
        assert.match(server.asked.at(-1)?.asked?.prompt ?? '', /<\|fim_prefix\|>/);
      }));

    it('has no server load a model only to learn of it', () =>
      withServer('openai', { owner: 'somebody here' }, async server => {
        assert.deepEqual((await probe(backendOf('openai', server))).fillIn, { way: 'chat' });
        assert.equal(server.asked.length, 0);
      }));

    it('pokes at no remote server for what only a local one has', () =>
      withServer('openai', {}, async server => {
        const host = 'https://models.example/v1';
        await probe(
          createOpenaiBackend({ ...config, kind: 'openai', url: host }, { transport: diverted(host, server) }),
        );
        assert.ok(!server.requests.some(({ path }) => path === '/props' || path === '/api/version'));
      }));

    it('says how DeepSeek fills in', () =>
      withServer('openai', {}, async server => {
        const facts = async (url: string) =>
          probe(
            createOpenaiBackend({ ...config, kind: 'openai', url, model: 'x' }, { transport: diverted(url, server) }),
          );
        assert.match((await facts('https://api.deepseek.com/v1')).advice.join(), /\/beta/);
        assert.deepEqual((await facts('https://api.deepseek.com/beta')).fillIn, { way: 'suffix' });
      }));
  });
});

const config: Omit<BackendConfig, 'kind' | 'url'> = {
  name: 'mine',
  model: null,
  key: async () => null,
  fim: null,
  headers: {},
};

function one(model: Parameters<typeof scriptedModel>[0]): ModelScript {
  return { models: [scriptedModel(model)] };
}

function backendOf(kind: BackendKind, server: ModelServer, over: Partial<BackendConfig> = {}): Backend {
  return createBackend({ ...config, kind, url: server.url, ...over });
}

/** One that believes to speak to a remote host, and speaks to a server here. */
function diverted(url: string, server: ModelServer): Transport {
  const local = createTransport({ origin: server.url, headers: {}, key: async () => null });
  const { origin, host } = new URL(url);
  return {
    origin,
    host,
    isLocal: false,
    timeouts: local.timeouts,
    fetch: (input, init) => local.fetch(String(input).replace(origin, server.url), init),
    dispose: () => local.dispose(),
  };
}

async function probe(backend: Backend): Promise<ModelFacts> {
  const { models } = await backend.probe(new AbortController().signal);
  return models[0] ?? assert.fail('no model was found');
}

/** The body of what is sent to fill in. */
async function fill(backend: Backend, server: ModelServer): Promise<Readonly<Record<string, unknown>>> {
  await read(backend, await probe(backend));
  return server.asked.at(-1)?.asked?.body ?? assert.fail('nothing was asked');
}

async function read(backend: Backend, model: ModelFacts): Promise<string> {
  let text = '';
  const sampling = { temperature: 0.1, topP: 0.95, maxTokens: 32 };
  for await (const chunk of backend.fillIn(model, prompt, sampling, new AbortController().signal)) text += chunk;
  return text;
}

const prompt: FillInPrompt = {
  languageId: 'javascript',
  path: null,
  label: 'total.js',
  repository: 'shop',
  related: [],
  prefix: 'let total = 0;\n',
  typed: 'for (',
  suffix: '\nreturn total;\n',
  startLine: 0,
};

async function withServer(
  kind: BackendKind,
  script: ModelScript,
  act: (server: ModelServer) => Promise<void>,
): Promise<void> {
  const server = await startModelServer(kind, script);
  try {
    await act(server);
  } finally {
    await server.close();
  }
}
