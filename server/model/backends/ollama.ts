import type { Ollama } from 'ollama';
import { isRecord } from '../../base/record.js';
import {
  ModelFailure,
  type Backend,
  type BackendConfig,
  type FillInWay,
  type GenerationEnd,
  type ModelFacts,
  type Usage,
} from '../backend.js';
import { familyOfPieces } from '../fim/detect.js';
import type { Sampling } from '../prompt.js';
import type { Fetch, Transport } from '../transport.js';
import { badAnswer, cutOffFailure, failureInside } from '../transportFailures.js';
import { textsOf } from '../transportScrub.js';
import { createAnswering, type Send } from './answering.js';
import type { AnswerPart } from './generation.js';
import { checkLines, isJson, type LineKind } from './lines.js';
import { factsFrom } from './modelFacts.js';
import { findModelName, missingModel } from './missingModel.js';
import { readPositive, readShown, type Shown } from './ollamaShown.js';
import { readOllamaPieces } from './ollamaVocabulary.js';
import { readVectors } from './vectors.js';
import { wayOfSetting } from './wayOfSetting.js';

/**
 * Ollama, through its own API: `/v1/completions` would put the chat template around a prompt. What a model can do is read from
 * what Ollama shows of it: its capabilities, and the tokens of its vocabulary.
 */
export function createOllamaBackend(config: BackendConfig, { transport }: { readonly transport: Transport }): Backend {
  const { host, isLocal, origin } = transport;
  const base = config.url.replace(/\/(?:v1|api)$/, '');
  /** By digest: what a model is never changes. */
  const shown = new Map<string, Seen>();
  let names: readonly string[] = [];

  const answering = createAnswering({
    host,
    timeouts: transport.timeouts,
    remedy: 'Name another model in the settings.',
    complete(model, hole, sampling) {
      const request = {
        ...common(model, sampling, hole.stop),
        prompt: hole.prompt,
        // Together they are refused; and a template around a raw prompt would be a second one.
        ...(hole.kind === 'suffix' ? { suffix: hole.suffix } : { raw: true }),
      };
      return sending(request, async function* (client) {
        for await (const part of await client.generate(request)) {
          yield { text: part.response ?? '', thought: part.thinking ?? '', ...(part.done ? endOf(part) : {}) };
        }
      });
    },
    converse(model, messages, stop, sampling) {
      const request = { ...common(model, sampling, stop), messages: messages.map(message => ({ ...message })) };
      return sending(request, async function* (client) {
        for await (const part of await client.chat(request)) {
          const { content, thinking = '' } = part.message;
          yield { text: content ?? '', thought: thinking, ...(part.done ? endOf(part) : {}) };
        }
      });
    },
  });

  return {
    name: config.name,
    kind: 'ollama',
    host,
    isLocal,
    // It looks whether somebody still listens only when it has text to send.
    traits: { stopsWhenAborted: false },
    async probe(signal) {
      const { version, listed, loaded } = await asking(signal, null, async client => ({
        version: (await client.version()).version,
        listed: (await client.list()).models,
        loaded: (await client.ps()).models,
      }));
      if (!Array.isArray(listed)) throw badAnswer(host);
      names = listed.map(({ name }) => name);
      const wanted = config.model === null ? null : findModelName(config.model, names);
      if (config.model !== null && wanted === null) throw missingModel(host, config.model, names);
      const models: ModelFacts[] = [];
      for (const entry of listed) {
        if (wanted !== null && entry.name !== wanted) continue;
        const seen = shown.get(entry.digest) ?? (await show(entry.name, signal));
        shown.set(entry.digest, seen);
        const running = loaded.find(({ name }) => name === entry.name);
        models.push(factsOf(entry.name, seen, contextOf(running)));
      }
      return { server: `Ollama ${version}`, models, identity: identityOf(listed) };
    },
    identify: signal => asking(signal, null, async client => identityOf((await client.list()).models)),
    ...answering,
    async embed(model, texts, signal) {
      const request = { model: model.name, input: [...texts], keep_alive: keepAlive };
      const { embeddings } = await asking(signal, request, client => client.embed(request));
      return readVectors(embeddings, texts.length, host);
    },
    dispose: () => transport.dispose(),
  };

  function sending(request: { readonly model: string }, parts: (client: Ollama) => AsyncIterable<AnswerPart>): Send {
    return async function* (inner) {
      const client = await createClient(inner, true);
      try {
        yield* parts(client);
      } catch (error) {
        throw explain(error, request);
      }
    };
  }

  async function asking<Answer>(
    signal: AbortSignal,
    request: { readonly model: string } | null,
    ask: (client: Ollama) => Promise<Answer>,
  ): Promise<Answer> {
    const client = await createClient(signal, false);
    try {
      return await ask(client);
    } catch (error) {
      signal.throwIfAborted();
      throw explain(error, request);
    }
  }

  /** One for each request: it has no other way to carry a signal from the first byte on. */
  async function createClient(signal: AbortSignal, isStreamed: boolean): Promise<Ollama> {
    const { Ollama } = await import('ollama');
    const fetch: Fetch = async (input, init = {}) => {
      const response = await transport.fetch(input, { ...init, signal });
      // What is no JSON it would print, text of the answer and all, and go on.
      return isStreamed ? checkLines(response, host, judgeLine) : checkWhole(response);
    };
    return new Ollama({ host: base === '' ? origin : base, fetch });
  }

  /** The same, for what is not streamed: its own error would hold a piece of it. */
  async function checkWhole(response: Response): Promise<Response> {
    const text = await response.text();
    if (!isJson(text)) throw badAnswer(host);
    return new Response(text, { status: response.status, headers: response.headers });
  }

  function explain(error: unknown, request: { readonly model: string } | null): unknown {
    if (error instanceof ModelFailure) {
      return error.trouble === 'model-missing' && request !== null ? missingModel(host, request.model, names) : error;
    }
    if (!(error instanceof Error)) return error;
    // The library throws what stands in a line as a plain Error, and one of its own when there was no last line.
    if (error.message.startsWith('Did not receive done')) return cutOffFailure(host);
    return error.constructor === Error ? failureInside(host, error.message, textsOf(JSON.stringify(request))) : error;
  }

  async function show(model: string, signal: AbortSignal): Promise<Seen> {
    const request = { model };
    const answer: unknown = await asking(signal, request, client => client.show(request));
    const seen = readShown(model, isRecord(answer) ? answer : {});
    const hasVocabulary = seen.capabilities.includes('completion') && seen.remoteHost === null;
    const pieces = hasVocabulary ? await readOllamaPieces(transport, base, model, signal) : new Set<string>();
    return { ...seen, pieces };
  }

  function factsOf(name: string, model: Seen, runningContext: number | null): ModelFacts {
    const can = (capability: string) => model.capabilities.includes(capability);
    const family = familyOfPieces(piece => model.pieces.has(piece), name);
    const isElsewhere = model.remoteHost !== null;
    // Not asked for by name, it would take code off this machine.
    const isRefused = isElsewhere && config.model === null;
    const probed: FillInWay | null =
      isRefused || !can('completion')
        ? null
        : family !== null
          ? { way: 'template', family }
          : can('insert')
            ? { way: 'suffix' }
            : isElsewhere
              ? { way: 'chat' }
              : { way: 'continue' };
    const fillIn = probed === null ? null : (wayOfSetting(config.fim) ?? probed);
    const elsewhere = `${name} runs on ${model.remoteHost ?? ''}, not on this machine.`;
    return factsFrom({
      name,
      host,
      fillIn,
      chat: can('completion') && !isRefused,
      embeddings: can('embedding') && !isRefused,
      thinking: can('thinking'),
      template: model.template,
      finetune: model.finetune,
      contextTokens: runningContext ?? smallest(model.contextTokens, model.setContextTokens ?? defaultContextTokens),
      parameters: model.parameters,
      quantisation: model.quantisation,
      licence: model.licence,
      runsElsewhere: model.remoteHost,
      advice: !isElsewhere
        ? []
        : isRefused
          ? [`${elsewhere} It is used only when the settings name it as the model of this backend.`]
          : [elsewhere],
    });
  }

  function common(model: ModelFacts, { temperature, topP, maxTokens }: Sampling, stop: readonly string[]) {
    return {
      model: model.name,
      stream: true,
      keep_alive: keepAlive,
      // It thinks unless told not to. Told so, one that cannot think does not mind; it is left out all the same.
      ...(model.thinking ? { think: false } : {}),
      // Otherwise the beginning of a prompt that is too long is dropped without a word, and its first token with it.
      truncate: false,
      shift: false,
      // No option that belongs to the runner, such as num_ctx: it would be started anew, for everybody.
      options: { temperature, top_p: topP, num_predict: maxTokens, ...(stop.length > 0 ? { stop: [...stop] } : {}) },
    } as const;
  }
}

interface Seen extends Shown {
  readonly pieces: ReadonlySet<string>;
}

const keepAlive = '30m';

/** What Ollama gives a model that says nothing, on a machine without much memory on its graphics card. */
const defaultContextTokens = 4096;

function contextOf(running: unknown): number | null {
  return isRecord(running) ? readPositive(running['context_length']) : null;
}

function endOf(part: {
  readonly done_reason: string;
  readonly prompt_eval_count: number;
  readonly eval_count: number;
}): { readonly stop: GenerationEnd['stop']; readonly usage: Usage } {
  const { done_reason: reason, prompt_eval_count: promptTokens, eval_count: completionTokens } = part;
  return {
    stop: reason === 'stop' || reason === 'length' ? reason : 'unknown',
    usage: { promptTokens: promptTokens ?? null, cachedTokens: null, completionTokens: completionTokens ?? null },
  };
}

function judgeLine(line: string): LineKind {
  if (line === '') return 'fine';
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? (value['done'] === true ? 'last' : 'fine') : 'bad';
  } catch {
    return 'bad';
  }
}

function smallest(left: number | null, right: number): number {
  return left === null ? right : Math.min(left, right);
}

function identityOf(listed: readonly { readonly name: string; readonly digest: string }[]): string {
  return JSON.stringify(listed.map(({ name, digest }) => [name, digest]).toSorted());
}
