import type { Usage } from './backend.js';

/**
 * What a server tells of a request, without what cannot be: a prompt of some length has tokens, and so has an answer. Where
 * it tells nothing else, what was used is estimated, and more is counted rather than less.
 */
export function believable({ promptTokens, cachedTokens, completionTokens }: Usage, sent: string, got: string): Usage {
  return {
    promptTokens: isPossible(promptTokens, sent) ? promptTokens : null,
    cachedTokens,
    completionTokens: isPossible(completionTokens, got) ? completionTokens : null,
  };
}

/** No tokenizer puts more than this into one token throughout a text. */
const mostBytesPerToken = 64;

function isPossible(tokens: number | null, text: string): boolean {
  if (tokens === null || !Number.isSafeInteger(tokens)) return false;
  return tokens >= Buffer.byteLength(text) / mostBytesPerToken;
}
