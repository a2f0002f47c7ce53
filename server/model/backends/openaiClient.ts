import type { OpenAI } from 'openai';
import { isRecord } from '../../base/record.js';
import { ModelFailure, type GenerationEnd, type Usage } from '../backend.js';
import type { ChatMessage, Sampling } from '../prompt.js';
import type { Fetch, Transport } from '../transport.js';
import { badAnswer, failureInside, RefusedParameters } from '../transportFailures.js';
import { textsOf } from '../transportScrub.js';
import type { AnswerPart } from './generation.js';
import { checkLines, isJson, judgeEventLine } from './lines.js';
import { readVectors } from './vectors.js';

/** What some servers understand and others refuse, added to the body as it is. */
export type ExtraParameters = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly model: string;
  readonly sampling: Sampling;
  readonly stop: readonly string[];
  readonly extra: ExtraParameters;
  /** Without what some servers have added to the API, as this one refuses it. */
  readonly isPlain?: boolean;
}

/** The requests of the OpenAI API that we make, by its own library, over our transport. */
export interface OpenaiClient {
  list(signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]>;
  complete(asked: Asked, prompt: string, suffix: string | null, signal: AbortSignal): AsyncIterable<AnswerPart>;
  chat(asked: Asked, messages: readonly ChatMessage[], signal: AbortSignal): AsyncIterable<AnswerPart>;
  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** `base` is the URL with its version, such as `https://api.example/v1`. */
export function createOpenaiClient(transport: Transport, base: string): OpenaiClient {
  const { host } = transport;
  /** By model: what it has refused before. */
  const quirks = new Map<string, Quirks>();

  return {
    async list(signal) {
      const client = await createClient(signal, false);
      const { data } = await explained(signal, null, () => client.models.list());
      if (!Array.isArray(data)) throw badAnswer(host);
      return (data as readonly unknown[]).filter(isRecord);
    },
    complete: (asked, prompt, suffix, signal) =>
      adapting(asked, signal, async (client, body) => {
        const request = { ...body, prompt, ...(suffix === null ? {} : { suffix }) };
        const stream = await client.completions.create({ ...request, stream: true });
        return { request, stream, read: readCompletionPart };
      }),
    chat: (asked, messages, signal) =>
      adapting(asked, signal, async (client, body) => {
        const request = { ...body, messages: messages.map(message => ({ ...message })) };
        const stream = await client.chat.completions.create({ ...request, stream: true });
        return { request, stream, read: readChatPart };
      }),
    async embed(model, texts, signal) {
      const client = await createClient(signal, false);
      // The library asks for base64 otherwise, and takes what comes for it, though many servers do not know that form.
      const request = { model, input: [...texts], encoding_format: 'float' as const };
      const { data } = await explained(signal, request, () => client.embeddings.create(request));
      if (!Array.isArray(data)) throw badAnswer(host);
      const inOrder = (data as readonly unknown[])
        .filter(isRecord)
        .toSorted((a, b) => Number(a['index']) - Number(b['index']));
      return readVectors(
        inOrder.map(({ embedding }) => embedding),
        texts.length,
        host,
      );
    },
  };

  /**
   * Sends a request. What the server says it does not take is left out of the next one, which is not sent from here: it leaves
   * this machine like any other, and is counted and written down before.
   */
  async function* adapting(
    { model, sampling, stop, extra, isPlain = false }: Asked,
    signal: AbortSignal,
    send: (client: OpenAI, body: RequestBody) => Promise<Sent>,
  ): AsyncGenerator<AnswerPart, void, void> {
    const client = await createClient(signal, true);
    const known = quirks.get(model) ?? noQuirks;
    const { maxTokens, temperature, topP } = sampling;
    const body: RequestBody = {
      model,
      ...(known.wantsCompletionTokens ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
      ...(known.refusesSampling ? {} : { temperature, top_p: topP }),
      ...(stop.length > 0 && !known.refusesStop ? { stop: [...stop] } : {}),
      ...(known.refusesUsage || isPlain ? {} : { stream_options: { include_usage: true } }),
      ...extra,
    };
    let sent: Sent;
    try {
      sent = await explained(signal, body, () => send(client, body));
    } catch (error) {
      if (!(error instanceof ModelFailure) || error.trouble !== 'unsupported') throw error;
      const learned = learn(known, error);
      if (learned === null) throw error;
      quirks.set(model, merge(quirks.get(model) ?? noQuirks, learned));
      const { trouble, message, cause } = error;
      throw new ModelFailure(trouble, message, { cause, mayAskAgain: true });
    }
    yield* readParts(sent, signal);
  }

  async function* readParts({ request, stream, read }: Sent, signal: AbortSignal): AsyncGenerator<AnswerPart> {
    try {
      for await (const chunk of stream) {
        if (!isRecord(chunk)) throw badAnswer(host);
        yield read(chunk);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw explain(error, request);
    }
  }

  async function explained<Answer>(signal: AbortSignal, request: unknown, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      throw explain(error, request);
    }
  }

  function explain(error: unknown, request: unknown): unknown {
    // What our own transport throws, the library wraps.
    for (let inner = error; inner instanceof Error; inner = inner.cause)
      if (inner instanceof ModelFailure) return inner;
    if (error instanceof Error && 'error' in error && error.error !== undefined)
      return failureInside(host, error.error, textsOf(JSON.stringify(request)));
    // A parser's message holds a piece of the text.
    return error instanceof SyntaxError ? badAnswer(host) : error;
  }

  /** One for each request, so that its signal reaches all that the library does. */
  async function createClient(signal: AbortSignal, isStreamed: boolean): Promise<OpenAI> {
    const { OpenAI } = await import('openai');
    const fetch: Fetch = async (input, init = {}) => {
      const response = await transport.fetch(input, { ...init, signal });
      if (isStreamed) return checkLines(response, host, judgeEventLine);
      const text = await response.text();
      if (!isJson(text)) throw badAnswer(host);
      return new Response(text, { status: response.status, headers: { 'content-type': 'application/json' } });
    };
    return new OpenAI({
      baseURL: base,
      fetch,
      // The transport sends the real one; said here so that none is taken from the environment, nor anything else.
      apiKey: 'set by the transport',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      // It would wait for as long as a server says, deaf to an abort.
      maxRetries: 0,
      // Ours are the transport's.
      timeout: 2 ** 31 - 1,
      // It prints answers that it cannot read.
      logLevel: 'off',
    });
  }
}

/** A piece of a chat's answer, as it is streamed. */
export function readChatPart(chunk: Readonly<Record<string, unknown>>): AnswerPart {
  const { delta } = firstChoice(chunk);
  const isWorking = isProgress(chunk);
  if (!isRecord(delta)) return { isWorking, ...endOf(chunk) };
  const { content } = delta;
  const thought = delta['reasoning_content'] ?? delta['reasoning'];
  return { text: textIn(content), thought: typeof thought === 'string' ? thought : '', isWorking, ...endOf(chunk) };
}

function readCompletionPart(chunk: Readonly<Record<string, unknown>>): AnswerPart {
  const { text } = firstChoice(chunk);
  return { text: typeof text === 'string' ? text : '', ...endOf(chunk) };
}

/** llama.cpp's server says after each batch how much of the prompt it has read. */
export function isProgress(event: Readonly<Record<string, unknown>>): boolean {
  return isRecord(event['prompt_progress']);
}

/** A text, or a list of parts of which those that are text count. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}

function firstChoice({ choices }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isRecord(choice) ? choice : {};
}

function endOf(chunk: Readonly<Record<string, unknown>>): Pick<AnswerPart, 'stop' | 'usage'> {
  const reason = firstChoice(chunk)['finish_reason'];
  const usage = readUsage(chunk['usage']);
  return {
    ...(typeof reason === 'string' ? { stop: stopOf(reason) } : {}),
    ...(usage === null ? {} : { usage }),
  };
}

interface RequestBody {
  readonly model: string;
  readonly [name: string]: unknown;
}

interface Sent {
  readonly request: unknown;
  readonly stream: AsyncIterable<unknown>;
  readonly read: (chunk: Readonly<Record<string, unknown>>) => AnswerPart;
}

interface Quirks {
  readonly wantsCompletionTokens: boolean;
  readonly refusesSampling: boolean;
  readonly refusesStop: boolean;
  readonly refusesUsage: boolean;
}

const noQuirks: Quirks = {
  wantsCompletionTokens: false,
  refusesSampling: false,
  refusesStop: false,
  refusesUsage: false,
};

/** What to leave out from now on; null when that is nothing new. */
function learn(known: Quirks, { cause }: ModelFailure): Quirks | null {
  const names = cause instanceof RefusedParameters ? cause.names : [];
  const isNamed = (...some: readonly string[]) => some.some(name => names.includes(name));
  const learned: Quirks = {
    wantsCompletionTokens: known.wantsCompletionTokens || isNamed('max_tokens'),
    refusesSampling: known.refusesSampling || isNamed('temperature', 'top_p'),
    refusesStop: known.refusesStop || isNamed('stop'),
    refusesUsage: known.refusesUsage || isNamed('stream_options', 'include_usage'),
  };
  return JSON.stringify(learned) === JSON.stringify(known) ? null : learned;
}

/** Requests that run side by side learn different things. */
function merge(one: Quirks, other: Quirks): Quirks {
  return {
    wantsCompletionTokens: one.wantsCompletionTokens || other.wantsCompletionTokens,
    refusesSampling: one.refusesSampling || other.refusesSampling,
    refusesStop: one.refusesStop || other.refusesStop,
    refusesUsage: one.refusesUsage || other.refusesUsage,
  };
}

function stopOf(reason: string): GenerationEnd['stop'] {
  return reason === 'stop' || reason === 'length' ? reason : 'unknown';
}

function readUsage(usage: unknown): Usage | null {
  if (!isRecord(usage)) return null;
  const details = usage['prompt_tokens_details'];
  return {
    promptTokens: count(usage['prompt_tokens']),
    cachedTokens: isRecord(details) ? count(details['cached_tokens']) : null,
    completionTokens: count(usage['completion_tokens']),
  };
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}
