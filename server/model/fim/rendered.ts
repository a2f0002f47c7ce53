import type { ChatMessage } from '../prompt.js';

/** One hole in a model's own form, ready to be sent. `stop` holds at most four strings, the most important first. */
export type Rendered =
  /** Sent as it is: the server must put no template around it. */
  | (Cleanable & { readonly kind: 'raw'; readonly prompt: string })
  /** For a server that has the template itself. */
  | (Cleanable & { readonly kind: 'suffix'; readonly prompt: string; readonly suffix: string })
  | (Cleanable & { readonly kind: 'chat'; readonly messages: readonly ChatMessage[] });

/** All of its text, for counting. */
export function textOf(rendered: Rendered): string {
  if (rendered.kind === 'chat') return rendered.messages.map(({ content }) => content).join('\n');
  return rendered.kind === 'raw' ? rendered.prompt : rendered.prompt + rendered.suffix;
}

interface Cleanable {
  readonly stop: readonly string[];
  /** A new one for each answer. */
  cleaner(): AnswerCleaner;
}

/**
 * Takes an answer as it streams in, however it is cut into chunks, and gives the text that comes after the cursor. Joined,
 * what `push` and `end` return does not depend on the chunks.
 */
export interface AnswerCleaner {
  /** What is certain by now; the empty string while it is not. */
  push(chunk: string): string;
  /** The rest, once nothing more comes. */
  end(): string;
  /** Nothing that comes can add to the text: the server can be told to stop. `end` still has to be asked. */
  readonly isFinished: boolean;
}
