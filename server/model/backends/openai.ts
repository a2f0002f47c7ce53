import { isRecord } from '../../base/record.js';
import {
  ModelFailure,
  type Backend,
  type BackendConfig,
  type FillInWay,
  type ModelFacts,
  type Probe,
} from '../backend.js';
import { familyOfName, familyOfPieces } from '../fim/detect.js';
import type { Transport } from '../transport.js';
import { createAnswering } from './answering.js';
import { readObject } from './events.js';
import { createLlamacppBackend } from './llamacpp.js';
import { factsFrom } from './modelFacts.js';
import { findModelName, missingModel } from './missingModel.js';
import { createOllamaBackend } from './ollama.js';
import { createOpenaiClient } from './openaiClient.js';
import { providerOf } from './providers.js';
import { apiBase, serverRoot } from './serverRoot.js';
import { readPieces } from './vocabulary.js';
import { wayOfSetting } from './wayOfSetting.js';

/**
 * Whatever speaks the OpenAI API. Some that do are better spoken to in their own: llama.cpp ignores a suffix here, and Ollama
 * puts the chat template around every prompt. They are recognised when they are probed, and from then on their own backend
 * does the work.
 */
export function createOpenaiBackend(config: BackendConfig, { transport }: { readonly transport: Transport }): Backend {
  const { host, isLocal } = transport;
  const base = apiBase(config.url);
  const root = serverRoot(base);
  const openai = createOpenaiClient(transport, base);
  const provider = providerOf(new URL(base).hostname);
  let recognised: Backend | null = null;
  let names: readonly string[] = [];
  /** By what the server says of the model. */
  const families = new Map<string, ReadonlySet<string>>();
  let lacksTokenizer = false;

  const answering = createAnswering({
    host,
    timeouts: transport.timeouts,
    remedy: 'Name another model in the settings.',
    complete: (model, hole, sampling) => inner => {
      const asked = { model: model.name, sampling, stop: hole.stop, extra: provider.parameters.complete };
      const suffix = hole.kind === 'suffix' ? hole.suffix : null;
      return explained(model, openai.complete(asked, hole.prompt, suffix, inner));
    },
    converse: (model, messages, stop, sampling) => inner =>
      explained(
        model,
        openai.chat({ model: model.name, sampling, stop, extra: provider.parameters.chat }, messages, inner),
      ),
  });

  return {
    name: config.name,
    kind: 'openai',
    host,
    isLocal,
    get traits() {
      return recognised?.traits ?? { stopsWhenAborted: true };
    },
    async probe(signal) {
      lacksTokenizer = false;
      const listed = await list(signal);
      const owner = String(listed[0]?.['owned_by'] ?? '');
      recognised = await recognise(owner, signal);
      if (recognised !== null) return recognised.probe(signal);
      names = listed.map(({ id }) => String(id));
      const wanted = config.model === null ? null : findModelName(config.model, names);
      // A gateway may serve more than it lists; who runs everything here lists it.
      if (config.model !== null && wanted === null && isLocal && names.length > 0)
        throw missingModel(host, config.model, names);
      const entries = config.model === null ? listed : [listed.find(({ id }) => id === wanted) ?? { id: config.model }];
      const models: ModelFacts[] = [];
      for (const entry of entries.slice(0, maxModels)) models.push(await look(entry, owner, signal));
      const identity = JSON.stringify(listed.map(identityOf));
      return { server: serverNames[owner] ?? provider.name, models, identity } satisfies Probe;
    },
    async identify(signal) {
      if (recognised?.identify !== undefined) return recognised.identify(signal);
      return JSON.stringify((await list(signal)).map(identityOf));
    },
    fillIn: (model, prompt, sampling, signal) => (recognised ?? answering).fillIn(model, prompt, sampling, signal),
    chat: (model, messages, sampling, signal) => (recognised ?? answering).chat(model, messages, sampling, signal),
    embed: (model, texts, signal) =>
      recognised === null ? openai.embed(model.name, texts, signal) : recognised.embed(model, texts, signal),
    dispose: () => transport.dispose(),
  };

  /** A missing model is named, with those that are there. */
  async function* explained<Part>(model: ModelFacts, parts: AsyncIterable<Part>): AsyncGenerator<Part, void, void> {
    try {
      yield* parts;
    } catch (error) {
      throw error instanceof ModelFailure && error.trouble === 'model-missing'
        ? missingModel(host, model.name, names)
        : error;
    }
  }

  /** Empty where there is no such path: what the settings name is taken at their word. */
  async function list(signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]> {
    try {
      return await openai.list(signal);
    } catch (error) {
      if (config.model !== null && error instanceof ModelFailure && error.trouble === 'unsupported') return [];
      throw error;
    }
  }

  async function recognise(owner: string, signal: AbortSignal): Promise<Backend | null> {
    const own = { ...config, url: root };
    if (owner === 'llamacpp' || isLocal) {
      const props = await ask(`${root}/props`, undefined, signal);
      if (props !== null && 'build_info' in props) return createLlamacppBackend(own, { transport });
    }
    if (owner === 'library' || isLocal) {
      const version = await ask(`${root}/api/version`, undefined, signal);
      if (version !== null && typeof version['version'] === 'string') return createOllamaBackend(own, { transport });
    }
    return null;
  }

  async function look(
    entry: Readonly<Record<string, unknown>>,
    owner: string,
    signal: AbortSignal,
  ): Promise<ModelFacts> {
    const name = String(entry['id']);
    const isForVectors = /embed/i.test(name);
    const family = isForVectors ? null : await askFamily(name, identityOf(entry), signal);
    const isPretending = owner === 'llamacpp' || owner === 'library';
    const probed: FillInWay =
      family !== null ? { way: 'template', family } : provider.fillsIn(base) ? { way: 'suffix' } : { way: 'chat' };
    const fillIn = isForVectors ? null : (wayOfSetting(config.fim) ?? probed);
    const advice: string[] = [];
    if (fillIn?.way === 'chat' && config.fim === null) {
      advice.push(...provider.advice(base));
      const named = familyOfName(name);
      if (named !== null)
        advice.push(`If ${host} completes raw prompts of ${name}, set "fim" of this backend to "${named}".`);
    }
    if (isPretending)
      advice.push(
        `${host} is ${serverNames[owner] ?? owner}, whose own API is closed to us; open it, and set the kind of this backend to "${owner === 'library' ? 'ollama' : 'llamacpp'}".`,
      );
    // A gateway on this machine may pass text on to anybody.
    const trains = isLocal && serverNames[owner] === undefined ? 'unknown' : provider.trainsOnInput;
    return factsFrom({
      name,
      host,
      fillIn,
      chat: !isForVectors,
      embeddings: isForVectors,
      thinking: null,
      template: null,
      finetune: null,
      contextTokens: contextOf(entry),
      parameters: null,
      quantisation: null,
      licence: null,
      ...(trains === null ? {} : { trains }),
      advice,
    });
  }

  /** The family whose tokens the server's tokenizer knows, where it lets one ask; otherwise null. */
  async function askFamily(model: string, identity: string, signal: AbortSignal): Promise<string | null> {
    const found = families.get(identity) ?? (await readPieces(model, countTokens, signal));
    if (found === null) return null;
    families.set(identity, found);
    return familyOfPieces(piece => found.has(piece), model);
  }

  /** vLLM shows how many tokens a text is. Others tell how many a prompt was: on this machine, where that costs nothing. */
  async function countTokens(model: string, text: string, signal: AbortSignal): Promise<number | null> {
    if (!lacksTokenizer) {
      const body = { model, prompt: text, add_special_tokens: false };
      const answer = await ask(`${root}/tokenize`, body, signal);
      if (answer !== null && Array.isArray(answer['tokens'])) return answer['tokens'].length;
      lacksTokenizer = true;
    }
    if (!isLocal || (config.model === null && !(await isLoaded(model, signal)))) return null;
    const body = { model, prompt: text, max_tokens: 1, temperature: 0 };
    const usage = (await ask(`${base}/completions`, body, signal))?.['usage'];
    return isRecord(usage) && typeof usage['prompt_tokens'] === 'number' ? usage['prompt_tokens'] : null;
  }

  /** LM Studio loads whatever it is asked for, which is left to the person. */
  async function isLoaded(model: string, signal: AbortSignal): Promise<boolean> {
    const listed = (await ask(`${root}/api/v0/models`, undefined, signal))?.['data'];
    const entry: unknown = Array.isArray(listed)
      ? listed.find(other => isRecord(other) && other['id'] === model)
      : null;
    return isRecord(entry) && entry['state'] === 'loaded';
  }

  /** Null when the server has no such path, or answers otherwise than expected. */
  async function ask(url: string, body: unknown, signal: AbortSignal) {
    try {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      return await readObject(await transport.fetch(url, { ...init, signal }), host);
    } catch (error) {
      if (error instanceof ModelFailure && tellsNothing.has(error.trouble)) return null;
      throw error;
    }
  }
}

/** Without what differs from answer to answer: some say the time of the question. */
function identityOf(entry: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(['id', 'owned_by', 'root', 'max_model_len', 'meta'].map(name => entry[name]));
}

const maxModels = 200;

const serverNames: Readonly<Record<string, string>> = { vllm: 'vLLM', llamacpp: 'llama.cpp', library: 'Ollama' };

const tellsNothing: ReadonlySet<string> = new Set([
  'unsupported',
  'unauthorized',
  'model-missing',
  'bad-answer',
  'server-error',
]);

/** As vLLM, OpenRouter and LM Studio call it. */
function contextOf(entry: Readonly<Record<string, unknown>>): number | null {
  const top = isRecord(entry['top_provider']) ? entry['top_provider'] : {};
  const found = [entry['max_model_len'], top['context_length'], entry['context_length'], entry['max_context_length']];
  return found.find((value): value is number => typeof value === 'number' && value > 0) ?? null;
}
