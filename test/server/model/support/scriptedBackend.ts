import type {
  Backend,
  BackendConfig,
  Generation,
  GenerationEnd,
  ModelFacts,
  ModelFailure,
  Usage,
} from '../../../../server/model/backend.js';
import type { ChatMessage, FillInPrompt } from '../../../../server/model/prompt.js';

/** What one backend does, by its name in the settings. Fields may be changed while a test runs. */
export interface BackendScript {
  models?: readonly ModelFacts[];
  /** Probing fails with it. */
  down?: ModelFailure | null;
  /** One for each request, in turn; after the last one, as the last one. A list is the text in parts. */
  answers?: readonly (readonly string[] | ModelFailure)[];
  usage?: Usage;
  /** What goes wrong after the last part. */
  breaks?: ModelFailure;
  /** Awaited before the first text. */
  hold?: Promise<void> | null;
  isLocal?: boolean;
  host?: string;
}

export interface ScriptedBackend extends Backend {
  readonly config: BackendConfig;
  readonly prompts: FillInPrompt[];
  readonly conversations: (readonly ChatMessage[])[];
  readonly embedded: string[];
  readonly keys: (string | null)[];
  probes: number;
  /** Generations that were broken off. */
  aborted: number;
  /** Going on now. */
  running: number;
  mostRunning: number;
}

export function facts(name: string, more: Partial<ModelFacts> = {}): ModelFacts {
  return {
    name,
    fillIn: { way: 'template', family: 'qwen2.5-coder' },
    chat: true,
    embeddings: false,
    thinking: false,
    instruct: false,
    contextTokens: 8192,
    parameters: 1.5e9,
    licence: 'unknown',
    trainsOnInput: 'unknown',
    advice: [],
    ...more,
  };
}

export function createScriptedBackend(config: BackendConfig, script: BackendScript): ScriptedBackend {
  const { hostname } = new URL(config.url);
  let requests = 0;
  const backend: ScriptedBackend = {
    name: config.name,
    kind: config.kind,
    host: script.host ?? new URL(config.url).host,
    isLocal: script.isLocal ?? hostname === '127.0.0.1',
    traits: { stopsWhenAborted: config.kind !== 'ollama' },
    config,
    prompts: [],
    conversations: [],
    embedded: [],
    keys: [],
    probes: 0,
    aborted: 0,
    running: 0,
    mostRunning: 0,
    async probe(signal) {
      backend.probes++;
      backend.keys.push(await config.key(signal));
      if (script.down) throw script.down;
      return { server: 'scripted 1', models: script.models ?? [facts('coder')] };
    },
    fillIn(_model, prompt, _sampling, signal) {
      backend.prompts.push(prompt);
      return generate(signal);
    },
    chat(_model, messages, _sampling, signal) {
      backend.conversations.push(messages);
      return generate(signal);
    },
    async embed(_model, texts, signal) {
      signal.throwIfAborted();
      backend.embedded.push(...texts);
      return Promise.resolve(texts.map(text => new Float32Array([text.length, 1])));
    },
    dispose() {},
  };
  return backend;

  async function* generate(signal: AbortSignal): Generation {
    const answers = script.answers ?? [['text']];
    const answer = answers[Math.min(requests, answers.length - 1)] ?? [];
    requests++;
    backend.running++;
    backend.mostRunning = Math.max(backend.mostRunning, backend.running);
    let isOver = false;
    try {
      backend.keys.push(await config.key(signal));
      if (script.hold) await orAborted(script.hold, signal);
      if (!Array.isArray(answer)) throw answer as ModelFailure;
      for (const part of answer as readonly string[]) {
        signal.throwIfAborted();
        yield part;
      }
      signal.throwIfAborted();
      if (script.breaks) throw script.breaks;
      isOver = true;
      return end(script.usage ?? { promptTokens: 100, cachedTokens: 0, completionTokens: answer.length });
    } catch (error) {
      if (!signal.aborted) isOver = true;
      throw error;
    } finally {
      backend.running--;
      if (!isOver) backend.aborted++;
    }
  }
}

function end(usage: Usage): GenerationEnd {
  return { stop: 'stop', usage };
}

function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
    work.then(resolve, reject);
  });
}
