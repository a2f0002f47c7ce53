import type { ModelFailure, Usage } from './backend.js';
import type { Tokens } from './budget.js';

/** How a request ended, as far as it says what is billed for it. */
export interface Ending {
  /** What was set aside: the most that it can come to. */
  readonly worst: Tokens;
  readonly usage: Usage | null;
  readonly text: string;
  readonly failure: ModelFailure | null;
}

/**
 * What a request counts for. What the server does not tell is counted as the most that it can be: an answer that is left early
 * may go on being written, and thoughts are billed that nobody is shown.
 */
export function billed({ worst, usage, text, failure }: Ending): Tokens {
  if (usage === null && failure !== null && text === '' && unbilled.has(failure.trouble))
    return { prompt: 0, completion: 0 };
  return { prompt: usage?.promptTokens ?? worst.prompt, completion: usage?.completionTokens ?? worst.completion };
}

/** Nobody bills what they refused. */
const unbilled: ReadonlySet<ModelFailure['trouble']> = new Set([
  'unreachable',
  'unauthorized',
  'rate-limited',
  'model-missing',
  'unsupported',
  'server-error',
  'loading',
]);
