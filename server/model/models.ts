import type { FillInWay, GenerationEnd, ModelFacts } from './backend.js';
import type { ChatPrompt, FillInPrompt, Task } from './prompt.js';

/** Which model would serve a task now, and what is known of it. */
export interface Serving {
  readonly backend: string;
  readonly model: string;
  readonly host: string;
  readonly isLocal: boolean;
  readonly fillIn: FillInWay | null;
  /** How many tokens of prompt are worth sending: its context, less where reading is slow (a model on a CPU). */
  readonly promptTokens: number;
  /** Measured: from asking to the first text, and for a line; null before the first answer. */
  readonly firstTextMs: number | null;
  readonly lineMs: number | null;
  readonly tokensPerSecond: number | null;
  /** Nothing has been answered yet, or not for so long that it has to be loaded again: cancelling would waste it. */
  readonly isCold: boolean;
  /** False where a request that is given up keeps the server busy (Ollama while it reads the prompt): ask less. */
  readonly stopsWhenAborted: boolean;
  /** Whether asking ahead costs nothing but electricity. */
  readonly isFree: boolean;
}

/** Why no model answers. */
export interface Unserved {
  readonly reason: 'no-backend' | 'budget-reached';
  /** A sentence with what to do. */
  readonly why: string;
  /** Nobody is set up or wanted for the task: then it is no trouble that nobody answers. */
  readonly isUnwanted?: boolean;
}

export interface Answering {
  readonly backend: string;
  readonly model: string;
  /** Text as it comes, from the first backend of the chain that began to answer. */
  readonly text: AsyncGenerator<string, GenerationEnd, void>;
}

export interface FillInRequest {
  readonly prompt: FillInPrompt;
  /** Ahead of any need: the first to be left out when tokens or requests are short. */
  readonly isSpeculative: boolean;
}

export type BackendState = 'ready' | 'loading' | 'waiting' | 'unreachable' | 'unauthorized' | 'unusable' | 'paused';

export interface BackendStatus {
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly isLocal: boolean;
  /** The model it serves, or null. */
  readonly model: string | null;
  readonly state: BackendState;
  /** What is wrong and what to do; the empty string when all is well. */
  readonly why: string;
  /** `settings`, or `found` on this machine. */
  readonly from: 'settings' | 'found';
  readonly server: string | null;
  readonly models: readonly (ModelFacts & { readonly tokensPerSecond: number | null })[];
}

export interface Spending {
  readonly tokens: number;
  /** Null when the price of something that was used is not known. */
  readonly usd: number | null;
  readonly limitTokens: number | null;
  readonly limitUsd: number | null;
  /** `warned` from 80 %, `reached` at 100 %. */
  readonly state: 'within' | 'warned' | 'reached';
}

export interface ModelsStatus {
  readonly backends: readonly BackendStatus[];
  readonly budget: { readonly daily: Spending; readonly monthly: Spending };
  /** By task, the chain as it stands: `backend/model`, first to last; `recall` behind inline. */
  readonly tasks: Readonly<Record<Task, readonly string[]>>;
  /** What is missing, in sentences a person can act on. */
  readonly notices: readonly string[];
}

/** What a person is asked before a prompt goes, where `privacy.confirm` says so. */
export interface SendingQuestion {
  readonly backend: string;
  readonly model: string;
  readonly host: string;
  readonly task: Task;
  /** All that would be sent, as text, redacted. */
  readonly preview: string;
}

/** `session`: this and all that follows to the same host. */
export type SendingAnswer = 'send' | 'session' | 'no';

export type AskBeforeSending = (question: SendingQuestion, signal: AbortSignal) => Promise<SendingAnswer>;

/**
 * Every model there is, behind one door: whatever goes through it is allowed, within budget, redacted, and in the ledger.
 * Nothing else of ours speaks to a model.
 */
export interface Models {
  /** Looks for backends and probes them; goes on by itself afterwards. Never rejects but by its signal. */
  start(signal: AbortSignal): Promise<void>;
  /** Probes all anew, now. */
  refresh(signal: AbortSignal): Promise<void>;
  /** Who would answer, at once and without asking anybody. `path`: settings may differ by folder. */
  serving(task: Task, languageId: string, path: string | null): Serving | Unserved;
  /**
   * Rejects with ModelFailure when nobody of the chain answers. `signal` reaches the server. The first text may come from a
   * later backend of the chain; once there is text, what goes wrong ends the generation with a ModelFailure.
   */
  fillIn(request: FillInRequest, signal: AbortSignal): Promise<Answering>;
  chat(task: Task, languageId: string, prompt: ChatPrompt, signal: AbortSignal): Promise<Answering>;
  /** Null: no backend is set for embeddings. Texts are of the files named. */
  embedder(): ModelEmbedder | null;
  /** What would be sent, as text, redacted: for whoever wants to see it before it goes. Sends nothing. */
  preview(prompt: FillInPrompt): Promise<string>;
  status(): ModelsStatus;
  onStatus(listener: () => void): () => void;
  settingsChanged(): void;
  /** Who asks the person before a prompt goes. Without anybody, what must be asked about is not sent. */
  confirmWith(ask: AskBeforeSending | null): void;
  dispose(): Promise<void>;
}

/** Like the index's Embedder, and says of which files the texts are: the ledger wants to know. */
export interface ModelEmbedder {
  /** Changes with backend and model: vectors of different ids cannot be compared. */
  readonly id: string;
  /** Null before the first answer. */
  readonly dimensions: number | null;
  /** What it reads of a text, as far as known. */
  readonly contextTokens: number | null;
  /** Texts without a path are questions that somebody waits for; those of files come after all else. */
  embed(
    texts: readonly { readonly text: string; readonly path: string | null; readonly startLine: number }[],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]>;
}
