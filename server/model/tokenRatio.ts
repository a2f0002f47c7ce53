import type { Tokens } from './budget.js';
import { mostTokens } from './outgoing.js';

/** How many tokens a request comes to at most: what is set aside of a budget before anything is sent. */
export interface TokenRatio {
  worst(model: string, text: string, maxTokens: number): Tokens;
  /** What the server counted for a text. */
  learn(model: string, text: string, promptTokens: number): void;
  /** By how many tokens an answer, with its thoughts, was longer than it was allowed to be. */
  learnExcess(model: string, tokens: number): void;
}

/** Texts differ: so much more than the densest so far is thought possible. */
const margin = 1.3;
/** What stands around a text whatever its length, beyond what was learnt. */
const frameTokens = 64;
/** Before that many answers a text may have as many tokens as bytes. */
const enough = 3;

export function createTokenRatio(): TokenRatio {
  const learnt = new Map<string, { answers: number; tokensPerByte: number }>();
  const excess = new Map<string, number>();
  return {
    worst(model, text, maxTokens) {
      // A request for vectors has no answer to be longer.
      const completion = maxTokens === 0 ? 0 : maxTokens + (excess.get(model) ?? 0);
      return { prompt: worstPrompt(model, text), completion };
    },
    learnExcess(model, tokens) {
      excess.set(model, Math.max(excess.get(model) ?? 0, tokens));
    },
    learn(model, text, promptTokens) {
      const known = learnt.get(model) ?? { answers: 0, tokensPerByte: 0 };
      const tokensPerByte = Math.max(known.tokensPerByte, promptTokens / Math.max(1, Buffer.byteLength(text)));
      learnt.set(model, { answers: known.answers + 1, tokensPerByte });
    },
  };

  function worstPrompt(model: string, text: string): number {
    const known = learnt.get(model);
    const most = mostTokens(text);
    if (known === undefined || known.answers < enough) return most;
    return Math.min(most, Math.ceil(Buffer.byteLength(text) * known.tokensPerByte * margin) + frameTokens);
  }
}
