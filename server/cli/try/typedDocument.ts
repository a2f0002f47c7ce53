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

  replace(start: number, end: number, text: string): void {
    if (start === end && text === '') return;
    const starts = lineStartsOf(this.#text);
    const range = { start: positionAt(starts, start), end: positionAt(starts, end) };
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    this.#client.notify('textDocument/didChange', {
      textDocument: { uri: this.#uri, version: ++this.#version },
      contentChanges: [{ range, text }],
    });
  }

  /** Null where nothing is offered; the time it took is told in either case. */
  async ask(offset: number): Promise<{ readonly offer: Offer | null; readonly ms: number }> {
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

  save(): void {
    this.#client.notify('textDocument/didSave', { textDocument: { uri: this.#uri } });
  }

  close(): void {
    this.#client.notify('textDocument/didClose', { textDocument: { uri: this.#uri } });
  }
}

function readPosition(value: unknown): Position | null {
  if (!isRecord(value)) return null;
  const { line, character } = value;
  return typeof line === 'number' && typeof character === 'number' ? { line, character } : null;
}
