import { ModelFailure, type Backend, type FillInWay, type ModelFacts } from '../backend.js';
import type { Rendered } from '../fim/rendered.js';
import { renderFor } from '../fim/renderFor.js';
import type { ChatMessage, Sampling } from '../prompt.js';
import { startGeneration, type AnswerPart, type Patience } from './generation.js';
import { withoutThoughts } from './withoutThoughts.js';

/** Sends a request; the signal that it is given ends with the answer, however that ends. */
export type Send = (signal: AbortSignal) => AsyncIterable<AnswerPart>;

/** How a server is asked; nothing is sent before the result is called. */
export interface Protocol {
  readonly host: string;
  readonly timeouts: Patience;
  /** Which of the ways of filling in it has no request for. */
  readonly lacks?: FillInWay['way'];
  /** What to do about a model that cannot do what is asked. */
  readonly remedy: string;
  complete(model: ModelFacts, hole: Exclude<Rendered, { readonly kind: 'chat' }>, sampling: Sampling): Send;
  converse(model: ModelFacts, messages: readonly ChatMessage[], stop: readonly string[], sampling: Sampling): Send;
}

/** The two ways to ask for text, which differ between servers in their requests alone. */
export function createAnswering(protocol: Protocol): Pick<Backend, 'fillIn' | 'chat'> {
  const { host, timeouts, lacks, remedy } = protocol;
  return {
    fillIn(model, prompt, sampling, signal) {
      const { fillIn } = model;
      if (fillIn === null || fillIn.way === lacks) throw cannot(model, 'fill in');
      const rendered = renderFor(fillIn, prompt);
      const parts =
        rendered.kind === 'chat'
          ? protocol.converse(model, rendered.messages, rendered.stop, sampling)
          : protocol.complete(model, rendered, sampling);
      return startGeneration({
        host,
        timeouts,
        reader: rendered.cleaner(),
        maxTokens: sampling.maxTokens,
        signal,
        parts,
      });
    },
    chat(model, messages, sampling, signal) {
      if (!model.chat) throw cannot(model, 'chat');
      const parts = protocol.converse(model, messages, [], sampling);
      return startGeneration({
        host,
        timeouts,
        reader: withoutThoughts(),
        maxTokens: sampling.maxTokens,
        signal,
        parts,
      });
    },
  };

  function cannot(model: ModelFacts, what: string): ModelFailure {
    return new ModelFailure('unsupported', `${model.name} on ${host} cannot ${what}.`, { remedy });
  }
}
