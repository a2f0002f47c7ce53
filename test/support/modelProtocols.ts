import type { BackendKind } from '../../server/model/backend.js';
import { isRecord } from '../../server/base/record.js';

/** What a scripted server has in stock. */
export interface ScriptedModel {
  readonly name: string;
  readonly capabilities: readonly ('completion' | 'insert' | 'thinking' | 'embedding' | 'tools')[];
  /** Texts that are one token each, such as those for filling in. */
  readonly pieces: readonly string[];
  /** Ollama's template, or the chat template of llama.cpp. */
  readonly template: string;
  readonly contextTokens: number;
  readonly parameters: number;
  readonly licence: string;
  /** `Instruct`, or the empty string. */
  readonly finetune: string;
  /** Ollama: where it passes the text on to. */
  readonly remoteHost: string | null;
}

/** What a request wants, whatever its protocol. */
export interface Asked {
  readonly path: string;
  readonly model: string;
  /** As it goes into the model; the joined contents of messages. */
  readonly prompt: string;
  readonly suffix: string | null;
  readonly messages: readonly { readonly role: string; readonly content: string }[] | null;
  /** To be turned into vectors. */
  readonly texts: readonly string[] | null;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly isStreamed: boolean;
  /** The whole of it. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Ending {
  readonly stop: 'stop' | 'length';
  readonly promptTokens: number;
  readonly tokens: number;
}

/** How a protocol writes down a streamed answer. */
export interface Framing {
  readonly contentType: string;
  chunk(text: string): string;
  thought(text: string): string;
  end(end: Ending): string;
  error(message: string): string;
  /** Not streamed. */
  whole(text: string, end: Ending): unknown;
}

export interface Asking {
  readonly asked: Asked;
  readonly framing: Framing;
  /** What this server says to what its model cannot do; null when it can. */
  refuse(model: ScriptedModel): { readonly status: number; readonly message: string } | null;
  vectors(vectors: readonly (readonly number[])[]): unknown;
}

/** Null for requests that ask neither for text nor for vectors. */
export function findAsking(kind: BackendKind, path: string, body: Buffer): Asking | null {
  const framing = framings[kind]?.[path];
  if (framing === undefined) return null;
  const asked = readAsked(path, body);
  return {
    asked,
    framing,
    refuse: model => refusal(kind, asked, model),
    vectors: vectors =>
      path === '/api/embed'
        ? { model: asked.model, embeddings: vectors, prompt_eval_count: 1 }
        : {
            object: 'list',
            model: asked.model,
            // In no order: only the index tells.
            data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })).reverse(),
            usage: { prompt_tokens: 1, total_tokens: 1 },
          },
  };
}

/** What a server tells of itself. Null: it has no such path. */
export function findPlain(
  kind: BackendKind,
  method: string,
  path: string,
  body: Buffer,
  models: readonly ScriptedModel[],
  { tokenizes = false, owner = 'someone' }: { readonly tokenizes?: boolean; readonly owner?: string },
): { readonly status: number; readonly body: unknown } | null {
  const ok = (answer: unknown) => ({ status: 200, body: answer });
  const sent = parse(body);
  switch (`${kind} ${method} ${path}`) {
    case 'ollama GET /api/version':
      return ok({ version: '0.17.4' });
    case 'ollama GET /api/tags':
      return ok({ models: models.map(ollamaListed) });
    case 'ollama GET /api/ps':
      return ok({ models: [] });
    case 'ollama POST /api/show':
      return ollamaShown(sent, models);
    case 'ollama GET /v1/models':
      return ok({
        object: 'list',
        data: models.map(({ name }) => ({ id: name, object: 'model', owned_by: 'library' })),
      });
    case 'llamacpp GET /health':
      return ok({ status: 'ok' });
    case 'llamacpp GET /props':
      return ok(llamacppProps(models[0]));
    case 'llamacpp GET /v1/models':
      return ok({ object: 'list', data: models.slice(0, 1).map(llamacppListed) });
    case 'llamacpp POST /tokenize':
      return ok({ tokens: tokenize(text(sent['content']), models[0]?.pieces ?? []) });
    case 'openai POST /tokenize': {
      const tokens = tokenize(text(sent['prompt']), models[0]?.pieces ?? []).map(({ id }) => id);
      return tokenizes ? ok({ count: tokens.length, max_model_len: models[0]?.contextTokens, tokens }) : null;
    }
    case 'openai GET /api/v0/models':
      return owner === 'organization_owner'
        ? ok({ object: 'list', data: models.map(({ name }) => ({ id: name, type: 'llm', state: 'loaded' })) })
        : null;
    case 'openai GET /v1/models':
    case 'mistral GET /v1/models':
      return ok({ object: 'list', data: models.map(model => openaiListed(kind, model, owner)) });
    default:
      return null;
  }
}

const defaultMaxTokens = 1024;

function readAsked(path: string, body: Buffer): Asked {
  const sent = parse(body);
  const options = isRecord(sent['options']) ? sent['options'] : {};
  const messages = Array.isArray(sent['messages'])
    ? sent['messages']
        .filter(isRecord)
        .map(message => ({ role: text(message['role']), content: text(message['content']) }))
    : null;
  const input = sent['input'];
  const maxTokens = sent['max_tokens'] ?? sent['max_completion_tokens'] ?? sent['n_predict'] ?? options['num_predict'];
  const stop = sent['stop'] ?? options['stop'];
  return {
    path,
    model: text(sent['model']),
    prompt: messages === null ? text(sent['prompt']) : messages.map(({ content }) => content).join('\n'),
    suffix: typeof sent['suffix'] === 'string' ? sent['suffix'] : null,
    messages,
    texts: input === undefined ? null : Array.isArray(input) ? input.map(text) : [text(input)],
    maxTokens: typeof maxTokens === 'number' && maxTokens > 0 ? maxTokens : defaultMaxTokens,
    stop: Array.isArray(stop) ? stop.map(text) : typeof stop === 'string' ? [stop] : [],
    // Only Ollama streams unless it is told not to.
    isStreamed: sent['stream'] === true || (sent['stream'] === undefined && path.startsWith('/api/')),
    body: sent,
  };
}

function refusal(kind: BackendKind, asked: Asked, model: ScriptedModel): { status: number; message: string } | null {
  const can = (capability: ScriptedModel['capabilities'][number]) => model.capabilities.includes(capability);
  if (kind === 'llamacpp') {
    if (asked.texts !== null && !can('embedding'))
      return { status: 501, message: 'This server does not support embeddings. Start it with `--embeddings`' };
    return null;
  }
  if (kind !== 'ollama') return null;
  if (asked.suffix !== null && !can('insert'))
    return { status: 400, message: `registry.ollama.ai/library/${model.name} does not support insert` };
  if (asked.texts === null && !can('completion'))
    return { status: 400, message: `"${model.name}" does not support generate` };
  if (asked.body['think'] === true && !can('thinking'))
    return { status: 400, message: `"${model.name}" does not support thinking` };
  if (asked.body['raw'] === true && ['system', 'template', 'context'].some(name => asked.body[name] !== undefined))
    return { status: 400, message: 'raw mode does not support template, system, or context' };
  return null;
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;
const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

const ollamaEnd = ({ stop, promptTokens, tokens }: Ending) => ({
  done: true,
  done_reason: stop,
  prompt_eval_count: promptTokens,
  eval_count: tokens,
});

const ollamaGenerate: Framing = {
  contentType: 'application/x-ndjson',
  chunk: response => line({ model: 'm', response, done: false }),
  thought: thinking => line({ model: 'm', response: '', thinking, done: false }),
  end: end => line({ model: 'm', response: '', ...ollamaEnd(end) }),
  error: error => line({ error }),
  whole: (response, end) => ({ model: 'm', response, ...ollamaEnd(end) }),
};

const ollamaChat: Framing = {
  contentType: 'application/x-ndjson',
  chunk: content => line({ model: 'm', message: { role: 'assistant', content }, done: false }),
  thought: thinking => line({ model: 'm', message: { role: 'assistant', content: '', thinking }, done: false }),
  end: end => line({ model: 'm', message: { role: 'assistant', content: '' }, ...ollamaEnd(end) }),
  error: error => line({ error }),
  whole: (content, end) => ({ model: 'm', message: { role: 'assistant', content }, ...ollamaEnd(end) }),
};

const usage = ({ promptTokens, tokens }: Ending) => ({
  prompt_tokens: promptTokens,
  completion_tokens: tokens,
  total_tokens: promptTokens + tokens,
  prompt_tokens_details: { cached_tokens: 0 },
});

const openaiCompletions: Framing = {
  contentType: 'text/event-stream',
  chunk: text => event({ object: 'text_completion', choices: [{ index: 0, text, finish_reason: null }] }),
  thought: () => ': thinking\n\n',
  end: end =>
    event({ object: 'text_completion', choices: [{ index: 0, text: '', finish_reason: end.stop }] }) +
    event({ object: 'text_completion', choices: [], usage: usage(end) }) +
    'data: [DONE]\n\n',
  error: message => event({ error: { message, type: 'server_error', code: 500 } }),
  whole: (text, end) => ({ choices: [{ index: 0, text, finish_reason: end.stop }], usage: usage(end) }),
};

const openaiChat: Framing = {
  contentType: 'text/event-stream',
  chunk: content => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  thought: reasoning_content => event({ choices: [{ index: 0, delta: { reasoning_content }, finish_reason: null }] }),
  end: end =>
    event({ choices: [{ index: 0, delta: {}, finish_reason: end.stop }] }) +
    event({ choices: [], usage: usage(end) }) +
    'data: [DONE]\n\n',
  error: message => event({ error: { message, type: 'server_error', code: 500 } }),
  whole: (content, end) => ({
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: end.stop }],
    usage: usage(end),
  }),
};

/** Mistral's last part holds the usage itself. */
const mistralChat: Framing = {
  ...openaiChat,
  end: end =>
    event({ choices: [{ index: 0, delta: { content: '' }, finish_reason: end.stop }], usage: usage(end) }) +
    'data: [DONE]\n\n',
};

const llamacppCompletion: Framing = {
  contentType: 'text/event-stream',
  chunk: content => event({ index: 0, content, tokens: [1], stop: false, id_slot: 0 }),
  thought: () => '',
  end: ({ stop, promptTokens, tokens }) =>
    event({
      index: 0,
      content: '',
      stop: true,
      stop_type: stop === 'length' ? 'limit' : 'eos',
      tokens_predicted: tokens,
      tokens_evaluated: promptTokens,
      tokens_cached: promptTokens + tokens,
      timings: { cache_n: 0, prompt_n: promptTokens, predicted_n: tokens },
    }),
  error: message => event({ error: { code: 500, message, type: 'server_error' } }),
  whole: (content, { stop, promptTokens, tokens }) => ({
    content,
    stop: true,
    stop_type: stop === 'length' ? 'limit' : 'eos',
    tokens_predicted: tokens,
    tokens_evaluated: promptTokens,
    timings: { cache_n: 0, prompt_n: promptTokens, predicted_n: tokens },
  }),
};

const framings: Readonly<Record<BackendKind, Readonly<Record<string, Framing>>>> = {
  ollama: {
    '/api/generate': ollamaGenerate,
    '/api/chat': ollamaChat,
    '/api/embed': ollamaGenerate,
    '/v1/completions': openaiCompletions,
    '/v1/chat/completions': openaiChat,
    '/v1/embeddings': openaiChat,
  },
  openai: {
    '/v1/completions': openaiCompletions,
    '/v1/chat/completions': openaiChat,
    '/v1/embeddings': openaiChat,
  },
  llamacpp: {
    '/completion': llamacppCompletion,
    '/v1/completions': openaiCompletions,
    '/v1/chat/completions': openaiChat,
    '/v1/embeddings': openaiChat,
  },
  mistral: {
    '/v1/fim/completions': mistralChat,
    '/v1/chat/completions': mistralChat,
    '/v1/embeddings': mistralChat,
  },
};

function ollamaListed({ name, remoteHost }: ScriptedModel): unknown {
  const remote = remoteHost === null ? {} : { remote_host: remoteHost, remote_model: name };
  return { name, model: name, size: 1_000_000_000, digest: `digest of ${name}`, details: {}, ...remote };
}

function ollamaShown(sent: Readonly<Record<string, unknown>>, models: readonly ScriptedModel[]) {
  const asked = text(sent['model'] ?? sent['name']);
  const model = models.find(({ name }) => name === asked);
  if (model === undefined) return { status: 404, body: { error: `model '${asked}' not found` } };
  return {
    status: 200,
    body: {
      license: model.licence,
      template: model.template,
      parameters: '',
      details: { format: 'gguf', family: 'qwen2', parameter_size: `${model.parameters / 1e9}B` },
      capabilities: model.capabilities,
      ...(model.remoteHost === null ? {} : { remote_host: model.remoteHost, remote_model: model.name }),
      model_info: {
        'general.architecture': 'qwen2',
        'general.license': model.licence,
        'general.finetune': model.finetune,
        'general.parameter_count': model.parameters,
        'qwen2.context_length': model.contextTokens,
        'tokenizer.ggml.tokens': sent['verbose'] === true ? vocabularyOf(model) : null,
      },
    },
  };
}

/** As long as a real one, so that its tokens are cut by packets somewhere. */
function vocabularyOf({ pieces }: ScriptedModel): string[] {
  const words = Array.from({ length: 9_000 }, (_, index) => `word${index}`);
  return pieces.flatMap((piece, index) => [...words.slice(index * 1_000, (index + 1) * 1_000 + index), piece]);
}

function llamacppProps(model: ScriptedModel | undefined): unknown {
  return {
    default_generation_settings: { n_ctx: model?.contextTokens ?? 0 },
    total_slots: 1,
    model_path: `/models/${model?.name ?? ''}.gguf`,
    model_alias: model?.name ?? '',
    chat_template: model?.template ?? '',
    build_info: 'b11669-abcdef',
  };
}

function llamacppListed(model: ScriptedModel): unknown {
  return {
    id: model.name,
    object: 'model',
    owned_by: 'llamacpp',
    meta: { vocab_type: 2, n_vocab: 151_936, n_ctx_train: model.contextTokens, n_params: model.parameters, size: 1 },
  };
}

function openaiListed(kind: BackendKind, model: ScriptedModel, owner: string): unknown {
  const has = (capability: ScriptedModel['capabilities'][number]) => model.capabilities.includes(capability);
  return kind === 'mistral'
    ? {
        id: model.name,
        object: 'model',
        owned_by: 'mistralai',
        max_context_length: model.contextTokens,
        capabilities: { completion_chat: has('completion'), completion_fim: has('insert') },
      }
    : { id: model.name, object: 'model', owned_by: owner };
}

/** Pieces are one token each, everything else four characters. */
export function tokenize(content: string, pieces: readonly string[]): { id: number; piece: string }[] {
  const tokens: { id: number; piece: string }[] = [];
  for (let at = 0; at < content.length;) {
    const special = pieces.find(piece => content.startsWith(piece, at));
    const next = pieces.map(piece => content.indexOf(piece, at)).filter(found => found !== -1);
    const piece = special ?? content.slice(at, Math.min(at + 4, ...next));
    tokens.push({ id: special === undefined ? 1 : 1000 + pieces.indexOf(special), piece });
    at += piece.length;
  }
  return tokens;
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
