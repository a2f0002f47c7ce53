import type { Generation, GenerationEnd, ModelFailure, Usage } from '../backend.js';
import type { Timeouts } from '../transport.js';
import { cutOffFailure, stalledFailure } from '../transportFailures.js';

/** What a server's stream comes down to. */
export interface AnswerPart {
  readonly text?: string;
  /** Said to itself by a model that thinks: only counted. */
  readonly thought?: string;
  /** The server says that it is at it, before there is text. */
  readonly isWorking?: boolean;
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

/** How long nothing need be said: at first, and from then on. */
export type Patience = Pick<Timeouts, 'headersMs' | 'idleMs'>;

export interface GenerationOptions {
  readonly host: string;
  readonly timeouts: Patience;
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
export function startGeneration(options: GenerationOptions): Generation {
  const { host, timeouts, reader, maxTokens, signal, parts } = options;
  const inner = new AbortController();
  const onAbort = () => inner.abort(signal.reason);
  let state: 'new' | 'running' | 'over' = 'new';
  const texts = readParts();
  let stalled: ModelFailure | null = null;
  let timer: NodeJS.Timeout | undefined;

  // What keeps a connection alive without saying anything is no answer, however often it comes.
  const waitFor = (ms: number) => {
    timer ??= setTimeout(() => {
      stalled = stalledFailure(host, ms);
      inner.abort(stalled);
    }, ms);
  };
  const heard = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const finish = () => {
    state = 'over';
    heard();
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
        if (stalled !== null) throw stalled;
        if (inner.signal.aborted) return { done: true, value: unknownEnd };
        if (result.done === true) finish();
        return result;
      } catch (error) {
        const isGivenUp = inner.signal.aborted && !signal.aborted;
        finish();
        // A client library has its own errors for an abort, or none.
        signal.throwIfAborted();
        if (stalled !== null) throw stalled;
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
    waitFor(timeouts.headersMs);
    for await (const part of parts(inner.signal)) {
      const { text: said = '', thought = '' } = part;
      // While its text is looked at nothing can stall.
      if (said !== '' || thought !== '' || part.isWorking === true || part.stop !== undefined) heard();
      if (part.usage !== undefined) usage = part.usage;
      if (part.stop !== undefined) stop = part.stop;
      chars += said.length + thought.length;
      if (said !== '') {
        const text = reader.push(said);
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
      waitFor(timeouts.idleMs);
    }
    heard();
    if (stop === null) throw cutOffFailure(host);
    const rest = reader.end();
    if (rest !== '') yield rest;
    return { stop, usage };
  }
}

const unknownEnd: GenerationEnd = { stop: 'unknown', usage: unknownUsage };
