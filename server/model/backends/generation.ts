import type { Generation, GenerationEnd, Usage } from '../backend.js';
import { cutOffFailure } from '../transportFailures.js';

/** What a server's stream comes down to. */
export interface AnswerPart {
  readonly text?: string;
  /** Said to itself by a model that thinks: only counted. */
  readonly thought?: string;
  /** The server's own end of the answer. */
  readonly stop?: GenerationEnd['stop'];
  readonly usage?: Usage;
}

/** As server/model/fim has it: how an answer is read. */
export interface AnswerReader {
  push(chunk: string): string;
  end(): string;
  readonly isFinished: boolean;
}

export interface GenerationOptions {
  readonly host: string;
  readonly reader: AnswerReader;
  readonly maxTokens: number;
  readonly signal: AbortSignal;
  /** Sends the request. The signal it is given ends with the generation, however that ends. */
  readonly parts: (signal: AbortSignal) => AsyncIterable<AnswerPart>;
}

export const unknownUsage: Usage = { promptTokens: null, cachedTokens: null, completionTokens: null };

/**
 * A generation over the parts of a stream. An abort, `return()` too while a part is awaited, closes the connection at once;
 * after it nothing more comes, and it never looks like an end.
 */
export function startGeneration({ host, reader, maxTokens, signal, parts }: GenerationOptions): Generation {
  const inner = new AbortController();
  const onAbort = () => inner.abort(signal.reason);
  let state: 'new' | 'running' | 'over' = 'new';
  const texts = readParts();

  const finish = () => {
    state = 'over';
    signal.removeEventListener('abort', onAbort);
    // Whatever is still on its way is of no use to anybody.
    inner.abort();
  };

  const generation: Generation = {
    async next() {
      if (state === 'over') return { done: true, value: unknownEnd };
      if (state === 'new') {
        signal.throwIfAborted();
        signal.addEventListener('abort', onAbort);
        state = 'running';
      }
      try {
        const result = await texts.next();
        signal.throwIfAborted();
        if (inner.signal.aborted) return { done: true, value: unknownEnd };
        if (result.done === true) finish();
        return result;
      } catch (error) {
        const isGivenUp = inner.signal.aborted && !signal.aborted;
        finish();
        // A client library has its own errors for an abort, or none.
        signal.throwIfAborted();
        if (isGivenUp) return { done: true, value: unknownEnd };
        throw error;
      }
    },
    async return(value) {
      finish();
      return { done: true, value: await value };
    },
    async throw(error) {
      finish();
      throw error;
    },
    [Symbol.asyncIterator]: () => generation,
  };
  return generation;

  async function* readParts(): AsyncGenerator<string, GenerationEnd, void> {
    // Tokens are about four characters; a server that goes far beyond what it was told would never end.
    const maxChars = maxTokens * 16 + 256;
    let chars = 0;
    let stop: GenerationEnd['stop'] | null = null;
    let usage = unknownUsage;
    for await (const part of parts(inner.signal)) {
      if (part.usage !== undefined) usage = part.usage;
      if (part.stop !== undefined) stop = part.stop;
      chars += (part.text ?? '').length + (part.thought ?? '').length;
      if (part.text !== undefined && part.text !== '') {
        const text = reader.push(part.text);
        if (text !== '') yield text;
        if (reader.isFinished) {
          stop = 'stop';
          break;
        }
      }
      if (chars > maxChars) {
        stop = 'length';
        break;
      }
    }
    if (stop === null) throw cutOffFailure(host);
    const rest = reader.end();
    if (rest !== '') yield rest;
    return { stop, usage };
  }
}

const unknownEnd: GenerationEnd = { stop: 'unknown', usage: unknownUsage };
