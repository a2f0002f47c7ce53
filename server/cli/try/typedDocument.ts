import { isRecord } from '../../base/record.js';
import { pathToUri } from '../../base/paths.js';
import { lineStartsOf, offsetAt, positionAt, type Position } from '../../base/position.js';
import type { LanguageClient } from './languageClient.js';

/** What the server offered at the cursor. */
export interface Offer {
  /** What would stand right of the cursor. */
  readonly ahead: string;
  readonly ms: number;
}

/** One open document, changed and asked about as an editor does it. */
export class TypedDocument {
  readonly #client: LanguageClient;
  readonly #uri: string;
  #version = 1;
  #text: string;
  /** Inserted here, and not told to the server yet. */
  #typed: { readonly offset: number; readonly text: string } | null = null;

  constructor(client: LanguageClient, path: string, languageId: string, text: string) {
    this.#client = client;
    this.#uri = pathToUri(path);
    this.#text = text;
    const textDocument = { uri: this.#uri, languageId, version: this.#version, text };
    client.notify('textDocument/didOpen', { textDocument });
  }

  get text(): string {
    return this.#text;
  }

  /** Text typed behind what was typed last travels with it, when the server is next asked. */
  insert(offset: number, text: string): void {
    if (text === '') return;
    if (this.#typed !== null && offset !== this.#typed.offset + this.#typed.text.length) this.#send();
    this.#typed = { offset: this.#typed?.offset ?? offset, text: (this.#typed?.text ?? '') + text };
    this.#text = this.#text.slice(0, offset) + text + this.#text.slice(offset);
  }

  /** Null where nothing is offered; the time it took is told in either case. */
  async ask(offset: number): Promise<{ readonly offer: Offer | null; readonly ms: number }> {
    this.#send();
    const starts = lineStartsOf(this.#text);
    const startedMs = performance.now();
    const result = await this.#client.request('textDocument/inlineCompletion', {
      textDocument: { uri: this.#uri },
      position: positionAt(starts, offset),
      context: { triggerKind: 2 },
    });
    const ms = performance.now() - startedMs;
    const items: unknown = isRecord(result) ? result['items'] : result;
    const item: unknown = Array.isArray(items) ? items[0] : null;
    if (!isRecord(item) || typeof item['insertText'] !== 'string') return { offer: null, ms };
    const start = isRecord(item['range']) ? readPosition(item['range']['start']) : null;
    const typed = this.#text.slice(start === null ? offset : offsetAt(this.#text, starts, start), offset);
    const ahead = item['insertText'].startsWith(typed) ? item['insertText'].slice(typed.length) : item['insertText'];
    return { offer: ahead === '' ? null : { ahead, ms }, ms };
  }

  close(): void {
    this.#send();
    this.#client.notify('textDocument/didClose', { textDocument: { uri: this.#uri } });
  }

  #send(): void {
    if (this.#typed === null) return;
    const { offset, text } = this.#typed;
    this.#typed = null;
    // All before the insertion is as the server has it.
    const at = positionAt(lineStartsOf(this.#text.slice(0, offset)), offset);
    this.#client.notify('textDocument/didChange', {
      textDocument: { uri: this.#uri, version: ++this.#version },
      contentChanges: [{ range: { start: at, end: at }, text }],
    });
  }
}

function readPosition(value: unknown): Position | null {
  if (!isRecord(value)) return null;
  const { line, character } = value;
  return typeof line === 'number' && typeof character === 'number' ? { line, character } : null;
}
