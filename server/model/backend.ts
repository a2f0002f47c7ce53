import { Failure } from '../base/failure.js';
import type { ChatMessage, FillInPrompt, Sampling } from './prompt.js';

export type BackendKind = 'ollama' | 'openai' | 'llamacpp' | 'mistral';

/** How a model fills in a hole, as probed. */
export type FillInWay =
  /** Our own template with the model's tokens, sent as a raw prompt: the name of a family in server/model/fim. */
  | { readonly way: 'template'; readonly family: string }
  /** The server has the template: a `suffix` parameter. */
  | { readonly way: 'suffix' }
  /** No tokens for it: the text up to the cursor is continued, what follows is not seen. */
  | { readonly way: 'continue' }
  /** Asked in words. The last resort. */
  | { readonly way: 'chat' };

/** A fact that comes from outside, with where it is from, or that nobody knows. */
export type Known<Value> = { readonly value: Value; readonly source: string } | 'unknown';

/** What one model can do, and how that was found out. */
export interface ModelFacts {
  readonly name: string;
  /** Null: it cannot. */
  readonly fillIn: FillInWay | null;
  readonly chat: boolean;
  readonly embeddings: boolean;
  /** Thinks unless told not to. */
  readonly thinking: boolean;
  readonly instruct: boolean;
  readonly contextTokens: number | null;
  /** For choosing among several. */
  readonly parameters: number | null;
  readonly licence: Known<string>;
  /** Whether whoever runs it trains on what is sent. */
  readonly trainsOnInput: Known<boolean>;
  /** The host that the server passes text on to, as it says itself (Ollama's cloud models); otherwise absent or null. */
  readonly runsElsewhere?: string | null;
  /** What a person should know of it, as sentences with what to do: an instruct model asked to fill in, a licence. */
  readonly advice: readonly string[];
}

export interface Probe {
  /** What the server said it is, such as `llama.cpp b11669` or `Ollama 0.17.4`. */
  readonly server: string;
  readonly models: readonly ModelFacts[];
  /** Of what it serves, as `identify` says it. */
  readonly identity?: string;
}

export interface Usage {
  /** Null where the server does not tell. */
  readonly promptTokens: number | null;
  /** Of those, not evaluated again. */
  readonly cachedTokens: number | null;
  readonly completionTokens: number | null;
}

export interface GenerationEnd {
  readonly stop: 'stop' | 'length' | 'unknown';
  readonly usage: Usage;
}

/** Text as it comes; returns how it ended. Ended early by `return()` or by its signal, it aborts at the server. */
export type Generation = AsyncGenerator<string, GenerationEnd, void>;

export interface BackendTraits {
  /** False where a request that is given up keeps the server busy (Ollama while it reads the prompt): ask less. */
  readonly stopsWhenAborted: boolean;
}

/**
 * One server that runs models. What it is given is redacted already. All methods throw ModelFailure, or pass an abort
 * through untouched; a generation that was aborted never ends as if it were complete.
 */
export interface Backend {
  readonly name: string;
  readonly kind: BackendKind;
  /** Host and port that it speaks to, and no other. */
  readonly host: string;
  /** On this machine: a loopback address. */
  readonly isLocal: boolean;
  /** What its protocol is like, as far as it is known before or after probing. */
  readonly traits: BackendTraits;
  /** Throws when the model that the settings name is not there; then the message names those that are. */
  probe(signal: AbortSignal): Promise<Probe>;
  /** The same text as long as the server serves the same: a request or two that cost it nothing. */
  identify?(signal: AbortSignal): Promise<string>;
  fillIn(model: ModelFacts, prompt: FillInPrompt, sampling: Sampling, signal: AbortSignal): Generation;
  chat(model: ModelFacts, messages: readonly ChatMessage[], sampling: Sampling, signal: AbortSignal): Generation;
  embed(model: ModelFacts, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  /** Closes what is kept open. */
  dispose(): void;
}

export type ModelTrouble =
  | 'unreachable'
  | 'unauthorized'
  | 'rate-limited'
  | 'model-missing'
  | 'unsupported'
  | 'server-error'
  | 'bad-answer'
  | 'cut-off'
  | 'stalled'
  /** The server is there and loads the model: it must not be cancelled. */
  | 'loading'
  | 'budget-reached'
  | 'refused-by-settings';

/** Trouble with a model's server. `message` and `remedy` never hold a key, nor text of a prompt. */
export class ModelFailure extends Failure {
  readonly trouble: ModelTrouble;
  /** What the server asked to be waited, as it said. */
  readonly retryAfterMs: number | null;
  /** Nothing was generated, and the backend has learnt to ask otherwise: the same may be asked once more, at once. */
  readonly mayAskAgain: boolean;

  static override [Symbol.hasInstance](value: unknown): value is ModelFailure {
    return value instanceof Failure && 'trouble' in value;
  }

  constructor(
    trouble: ModelTrouble,
    message: string,
    options: {
      readonly remedy?: string;
      readonly cause?: unknown;
      readonly retryAfterMs?: number;
      readonly mayAskAgain?: boolean;
    } = {},
  ) {
    super('unavailable', message, options);
    this.trouble = trouble;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.mayAskAgain = options.mayAskAgain ?? false;
  }
}

/** How a backend is set up, from the settings; the key is resolved already and must never be printed. */
export interface BackendConfig {
  readonly name: string;
  readonly kind: BackendKind;
  readonly url: string;
  /** Which of its models; null: the best there is. */
  readonly model: string | null;
  /** Asked for at each request, so that a key command may renew it. */
  readonly key: (signal: AbortSignal) => Promise<string | null>;
  /** Said by the person, over what is probed: a family of server/model/fim, `suffix`, `continue`, `chat`. */
  readonly fim: string | null;
  /** Extra headers of the person's settings, such as a gateway wants. */
  readonly headers: Readonly<Record<string, string>>;
}
