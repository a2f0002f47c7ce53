/** What a model is asked for. The names are those of the settings. */
export type Task = 'inline' | 'chat' | 'explain' | 'tests' | 'review' | 'embed';

/** A stretch of one file that a model gets to see. */
export interface Passage {
  /** Absolute, or null for what is no file. Goes into the ledger. */
  readonly path: string | null;
  /** As the model sees it: relative to the workspace, `/` as separator. */
  readonly label: string;
  /** From 0; with the lines of `text` it is the range in the ledger. */
  readonly startLine: number;
  readonly text: string;
  /** Where the text is an extract: the lines of the file it was drawn from, [startLine, endLine) from 0, for the ledger. */
  readonly drawnFrom?: { readonly startLine: number; readonly endLine: number };
  /** The source that found it: the name of a file in server/context/sources. */
  readonly source: string;
}

/**
 * One hole to fill, before it is put into any model's form. Joined, `prefix + typed` stands left of the cursor and `suffix`
 * right of it.
 */
export interface FillInPrompt {
  readonly languageId: string;
  /** Absolute, or null for a document that is no file. */
  readonly path: string | null;
  readonly label: string;
  /** The workspace's name. */
  readonly repository: string;
  /** The most stable first, so that a model's cache of what it has read survives. */
  readonly related: readonly Passage[];
  /** From a line that moves in steps, up to the start of the cursor's line. */
  readonly prefix: string;
  /** The cursor's line left of the cursor. */
  readonly typed: string;
  readonly suffix: string;
  /** Line of the document, from 0, that `prefix` begins with. */
  readonly startLine: number;
  /**
   * Some thousand units of the document before `prefix` and behind `suffix`, so that a secret that the window cuts in two is
   * known for what it is. It never leaves: redaction takes it out.
   */
  readonly around?: { readonly before: string; readonly after: string };
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A conversation, and of which files it holds text. */
export interface ChatPrompt {
  readonly messages: readonly ChatMessage[];
  readonly passages: readonly Passage[];
}

export interface Sampling {
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
}
