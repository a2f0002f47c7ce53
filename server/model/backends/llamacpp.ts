import { isRecord } from '../../base/record.js';
import {
  ModelFailure,
  type Backend,
  type BackendConfig,
  type FillInWay,
  type GenerationEnd,
  type ModelFacts,
} from '../backend.js';
import { familyOfPieces } from '../fim/detect.js';
import type { Transport } from '../transport.js';
import { badAnswer } from '../transportFailures.js';
import { textsOf } from '../transportScrub.js';
import { createAnswering } from './answering.js';
import { eventsOf, readObject } from './events.js';
import type { AnswerPart } from './generation.js';
import { factsFrom } from './modelFacts.js';
import { findModelName, missingModel } from './missingModel.js';
import { createOpenaiClient, isProgress } from './openaiClient.js';
import { serverRoot } from './serverRoot.js';
import { readPieces } from './vocabulary.js';
import { wayOfSetting } from './wayOfSetting.js';

/**
 * llama.cpp's own server, with prompts of our own making: its `/v1/completions` ignores a suffix without a word, and its
 * `/infill` knows neither our repository nor our file, and drops what does not fit. Which tokens the model has for filling in
 * is asked of its tokenizer.
 */
export function createLlamacppBackend(
  config: BackendConfig,
  { transport }: { readonly transport: Transport },
): Backend {
  const { host, isLocal } = transport;
  const root = serverRoot(config.url);
  const openai = createOpenaiClient(transport, `${root}/v1`);
  /** By what the server says of the model: a vocabulary does not change. */
  const vocabularies = new Map<string, ReadonlySet<string>>();

  const answering = createAnswering({
    host,
    timeouts: transport.timeouts,
    lacks: 'suffix',
    remedy: 'Start its server with another model.',
    complete:
      (model, { prompt, stop }, { maxTokens, temperature, topP }) =>
      inner =>
        complete(
          {
            model: model.name,
            prompt,
            n_predict: maxTokens,
            temperature,
            top_p: topP,
            stop,
            cache_prompt: true,
            stream: true,
            ...progress,
          },
          inner,
        ),
    converse: (model, messages, stop, sampling) => inner => {
      const extra = { ...progress, ...(model.thinking ? { chat_template_kwargs: { enable_thinking: false } } : {}) };
      return openai.chat({ model: model.name, sampling, stop, extra }, messages, inner);
    },
  });

  return {
    name: config.name,
    kind: 'llamacpp',
    host,
    isLocal,
    traits: { stopsWhenAborted: true },
    async probe(signal) {
      const props = await get('/props', signal);
      const listed = await openai.list(signal);
      const names = listed.map(nameOf);
      const wanted = config.model === null ? null : findModelName(config.model, names);
      if (config.model !== null && wanted === null) throw missingModel(host, config.model, names);
      const models: ModelFacts[] = [];
      for (const entry of listed) {
        const name = nameOf(entry);
        if (wanted === null ? isLoaded(entry) : name === wanted) models.push(await look(name, entry, props, signal));
      }
      const server = `llama.cpp ${text(props['build_info']) ?? ''}`.trim();
      return { server, models, identity: identityOf(props, listed) };
    },
    async identify(signal) {
      const [props, listed] = await Promise.all([get('/props', signal), openai.list(signal)]);
      return identityOf(props, listed);
    },
    ...answering,
    embed: (model, texts, signal) => openai.embed(model.name, texts, signal),
    dispose: () => transport.dispose(),
  };

  async function* complete(body: unknown, signal: AbortSignal): AsyncGenerator<AnswerPart, void, void> {
    const json = JSON.stringify(body);
    const response = await transport.fetch(`${root}/completion`, { method: 'POST', body: json, signal });
    for await (const event of eventsOf(response, host, textsOf(json))) {
      const part = text(event['content']) ?? '';
      yield event['stop'] === true ? { text: part, ...endOf(event) } : { text: part, isWorking: isProgress(event) };
    }
  }

  /** One model, by what its server tells of it and by what its tokenizer makes of the tokens for filling in. */
  async function look(
    name: string,
    entry: Readonly<Record<string, unknown>>,
    props: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ModelFacts> {
    const id = String(entry['id']);
    const meta = isRecord(entry['meta']) ? entry['meta'] : {};
    const settings = isRecord(props['default_generation_settings']) ? props['default_generation_settings'] : {};
    const path = text(props['model_path']) ?? '';
    const template = text(props['chat_template']) ?? '';
    const embeddings = await works('/v1/embeddings', { model: id, input: 'a' }, signal);
    // Its list says that every model completes. One for vectors alone fails when it is tried; the others need no trying.
    const completes =
      !embeddings ||
      (await works('/completion', { model: id, prompt: 'a', n_predict: 1, cache_prompt: false }, signal));
    // The name under which it is served may be anything; its file's tells more.
    const spokenName = `${name} ${path.split(/[\\/]/).at(-1) ?? ''}`;
    const identity = JSON.stringify([id, path, meta]);
    const pieces: ReadonlySet<string> =
      vocabularies.get(identity) ?? (completes ? await readPieces(id, countTokens, signal) : null) ?? new Set();
    vocabularies.set(identity, pieces);
    const family = completes ? familyOfPieces(piece => pieces.has(piece), spokenName) : null;
    const probed: FillInWay = family === null ? { way: 'continue' } : { way: 'template', family };
    const fillIn = completes ? (wayOfSetting(config.fim) ?? probed) : null;
    return factsFrom({
      name,
      spokenName,
      host,
      fillIn,
      chat: completes && template !== '',
      embeddings,
      thinking: null,
      template,
      finetune: null,
      contextTokens: count(settings['n_ctx']) ?? count(meta['n_ctx']) ?? count(meta['n_ctx_train']),
      parameters: count(meta['n_params']),
      quantisation: text(props['model_ftype']),
      licence: null,
    });
  }

  async function countTokens(model: string, content: string, signal: AbortSignal): Promise<number> {
    const { tokens } = await post('/tokenize', { model, content, add_special: false, parse_special: true }, signal);
    if (!Array.isArray(tokens)) throw badAnswer(host);
    return tokens.length;
  }

  /** Whether its server does that at all: it says so when it does not. */
  async function works(path: string, body: unknown, signal: AbortSignal): Promise<boolean> {
    try {
      await post(path, body, signal);
      return true;
    } catch (error) {
      if (error instanceof ModelFailure && (error.trouble === 'unsupported' || error.trouble === 'server-error'))
        return false;
      throw error;
    }
  }

  async function get(path: string, signal: AbortSignal) {
    return readObject(await transport.fetch(`${root}${path}`, { signal }), host);
  }

  async function post(path: string, body: unknown, signal: AbortSignal) {
    const response = await transport.fetch(`${root}${path}`, { method: 'POST', body: JSON.stringify(body), signal });
    return readObject(response, host);
  }
}

/**
 * While it reads a prompt, the server learns that nobody listens any more only by writing something: with this it writes after
 * each batch (b11669: without, it reads a given-up prompt to its end).
 */
const progress = { return_progress: true } as const;

function endOf(
  event: Readonly<Record<string, unknown>>,
): Pick<AnswerPart, 'stop' | 'usage'> & { stop: GenerationEnd['stop'] } {
  const timings = isRecord(event['timings']) ? event['timings'] : {};
  const type = event['stop_type'];
  return {
    stop: type === 'limit' ? 'length' : type === 'eos' || type === 'word' ? 'stop' : 'unknown',
    usage: {
      promptTokens: count(event['tokens_evaluated']),
      cachedTokens: typeof timings['cache_n'] === 'number' ? timings['cache_n'] : null,
      completionTokens: typeof event['tokens_predicted'] === 'number' ? event['tokens_predicted'] : null,
    },
  };
}

function identityOf(
  props: Readonly<Record<string, unknown>>,
  listed: readonly Readonly<Record<string, unknown>>[],
): string {
  return JSON.stringify([props['model_path'], listed.map(entry => [entry['id'], entry['meta'], isLoaded(entry)])]);
}

/** A server that was given no name for its model takes the path of the file. */
function nameOf({ id }: Readonly<Record<string, unknown>>): string {
  const name = String(id);
  return /^(?:\/|[A-Za-z]:\\)/.test(name) ? (name.split(/[\\/]/).at(-1) ?? name) : name;
}

/** A server of several models loads one when it is asked for it: that is left to the person. */
function isLoaded(entry: Readonly<Record<string, unknown>>): boolean {
  const status = isRecord(entry['status']) ? entry['status']['value'] : undefined;
  return status === undefined || status === 'loaded';
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
