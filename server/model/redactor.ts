import type { Redaction } from './ledger.js';
import type { ChatMessage, FillInPrompt } from './prompt.js';

export interface Redacted<Value> {
  readonly value: Value;
  readonly redactions: readonly Redaction[];
}

/** Masks what looks like a secret in all that is about to leave, with placeholders that are the same throughout a prompt. */
export interface Redactor {
  fillIn(prompt: FillInPrompt): Promise<Redacted<FillInPrompt>>;
  chat(messages: readonly ChatMessage[]): Promise<Redacted<readonly ChatMessage[]>>;
  texts(texts: readonly string[]): Promise<Redacted<readonly string[]>>;
}
