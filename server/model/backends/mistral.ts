import { isRecord } from '../../base/record.js';
import { ModelFailure, type Backend, type BackendConfig, type ModelFacts } from '../backend.js';
import type { Transport } from '../transport.js';
import { textsOf } from '../transportScrub.js';
import { createAnswering } from './answering.js';
import { eventsOf } from './events.js';
import type { AnswerPart } from './generation.js';
import { factsFrom } from './modelFacts.js';
import { findModelName, missingModel } from './missingModel.js';
import { createOpenaiClient, readChatPart } from './openaiClient.js';
import { serverRoot } from './serverRoot.js';
import { wayOfSetting } from './wayOfSetting.js';

/**
 * Mistral's API: a path of its own for filling in, whose answers have the shape of a chat's. Its other paths refuse what the
 * OpenAI API has beyond theirs, so nothing of that is sent.
 */
export function createMistralBackend(config: BackendConfig, { transport }: { readonly transport: Transport }): Backend {
  const { host, isLocal } = transport;
  const root = serverRoot(config.url);
  const openai = createOpenaiClient(transport, `${root}/v1`);

  const answering = createAnswering({
    host,
    timeouts: transport.timeouts,
    lacks: 'template',
    remedy: 'Name a model such as codestral-latest in the settings, and no template.',
    complete:
      (model, hole, { maxTokens, temperature, topP }) =>
      inner =>
        complete(
          {
            model: model.name,
            prompt: hole.prompt,
            suffix: hole.kind === 'suffix' ? hole.suffix : '',
            max_tokens: maxTokens,
            temperature,
            top_p: topP,
            stop: hole.stop,
            stream: true,
          },
          inner,
        ),
    converse: (model, messages, stop, sampling) => inner =>
      openai.chat({ model: model.name, sampling, stop, extra: {}, isPlain: true }, messages, inner),
  });

  return {
    name: config.name,
    kind: 'mistral',
    host,
    isLocal,
    traits: { stopsWhenAborted: true },
    async probe(signal) {
      const listed = await list(signal);
      const names = listed.map(({ id }) => String(id));
      const wanted = config.model === null ? null : findModelName(config.model, names);
      if (config.model !== null && wanted === null && names.length > 0) throw missingModel(host, config.model, names);
      // The address for filling in alone lists nothing: what the settings name is taken at their word.
      const entries = names.length === 0 && config.model !== null ? [{ id: config.model }] : listed;
      const models = entries.filter(({ id }) => wanted === null || id === wanted).map(factsOf);
      return { server: 'Mistral', models };
    },
    ...answering,
    embed: (model, texts, signal) => openai.embed(model.name, texts, signal),
    dispose: () => transport.dispose(),
  };

  async function* complete(body: unknown, signal: AbortSignal): AsyncGenerator<AnswerPart, void, void> {
    const json = JSON.stringify(body);
    const response = await transport.fetch(`${root}/v1/fim/completions`, { method: 'POST', body: json, signal });
    for await (const event of eventsOf(response, host, textsOf(json))) yield readChatPart(event);
  }

  /** Empty where there is no such path. */
  async function list(signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]> {
    try {
      return await openai.list(signal);
    } catch (error) {
      if (error instanceof ModelFailure && error.trouble === 'unsupported') return [];
      throw error;
    }
  }

  function factsOf(entry: Readonly<Record<string, unknown>>): ModelFacts {
    const name = String(entry['id']);
    const capabilities = isRecord(entry['capabilities']) ? entry['capabilities'] : null;
    const fills = capabilities === null || capabilities['completion_fim'] === true;
    const chats = capabilities === null || capabilities['completion_chat'] === true;
    const context = entry['max_context_length'];
    const fillIn = wayOfSetting(config.fim) ?? (fills ? { way: 'suffix' } : chats ? { way: 'chat' } : null);
    return factsFrom({
      name,
      host,
      fillIn,
      chat: chats,
      // Its list does not say; what is no model for text is named after what it is.
      embeddings: /embed/i.test(name),
      thinking: capabilities === null ? null : capabilities['reasoning'] === true,
      template: null,
      finetune: null,
      contextTokens: typeof context === 'number' && context > 0 ? context : null,
      parameters: null,
      quantisation: null,
      licence: null,
      // Whoever speaks Mistral's protocol on this machine may pass text on.
      ...(isLocal ? { trains: 'unknown' } : {}),
      advice: isLocal ? [] : ['Mistral trains on what is sent under its free plan, unless you opt out in its console.'],
    });
  }
}
