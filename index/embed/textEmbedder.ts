/** A model that turns texts into vectors. Who serves it, and what of a text may go there, is its own concern. */
export interface TextEmbedder {
  /** Vectors of different ids cannot be compared. */
  readonly id: string;
  /** How many tokens of a text it reads, as far as known: longer ones are refused, or their end is not seen. */
  readonly contextTokens?: number | null;
  /** One vector a text, in their order; an empty one for a text that must not go. */
  embed(texts: readonly EmbeddedText[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}

export interface EmbeddedText {
  readonly text: string;
  /** Absolute; null for a question, for whose answer somebody waits. */
  readonly path: string | null;
  readonly startLine: number;
}
