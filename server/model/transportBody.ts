import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ModelFailure } from './backend.js';
import { cutOffFailure, stalledFailure } from './transportFailures.js';

export interface BodyLimits {
  readonly host: string;
  /** Until the first part: a server may send the head at once, and only then load its model or read the prompt. */
  readonly firstMs: number;
  /** Between two parts that somebody waits for. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/**
 * The body of an answer as it comes. Errors with ModelFailure when it stalls, is cut off, is too much or is no text, and with
 * the signal's reason when that is aborted; then, and when nobody wants it any more, the connection is closed.
 */
export function streamBody(
  message: IncomingMessage,
  { host, firstMs, idleMs, signal }: BodyLimits,
): ReadableStream<Uint8Array> {
  const isStream = /event-stream|ndjson/.test(message.headers['content-type'] ?? '');
  const maxBytes = isStream ? maxStreamBytes : maxWholeBytes;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let timer: NodeJS.Timeout | undefined;
  let bytes = 0;
  let lineBytes = 0;
  let isOver = false;
  let output: ReadableStreamDefaultController<Uint8Array> | null = null;

  const release = (): boolean => {
    if (isOver) return false;
    isOver = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    return true;
  };
  const fail = (error: unknown): void => {
    if (!release()) return;
    tear(message);
    output?.error(error);
  };
  const onAbort = (): void => fail(signal.reason);
  const arm = (): void => {
    clearTimeout(timer);
    const limitMs = bytes === 0 ? firstMs : idleMs;
    timer = setTimeout(() => fail(stalledFailure(host, limitMs)), limitMs);
  };

  message.pause();
  message.on('data', (chunk: Buffer) => {
    if (isOver) return;
    bytes += chunk.length;
    const newline = chunk.lastIndexOf(lineFeed);
    lineBytes = newline === -1 ? lineBytes + chunk.length : chunk.length - newline - 1;
    if (bytes > maxBytes || (isStream && lineBytes > maxLineBytes)) return fail(endlessFailure(host));
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      return fail(new ModelFailure('bad-answer', `${host} answered with bytes that are no text.`));
    }
    output?.enqueue(chunk);
    // While nobody reads, nothing can stall.
    clearTimeout(timer);
    if ((output?.desiredSize ?? 0) <= 0) message.pause();
    else arm();
  });
  message.on('end', () => {
    if (!message.complete) fail(cutOffFailure(host));
    else if (release()) output?.close();
  });
  message.on('error', () => fail(cutOffFailure(host)));
  message.on('close', () => fail(cutOffFailure(host)));

  return new ReadableStream<Uint8Array>({
    start(controller) {
      output = controller;
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
    },
    pull() {
      if (isOver) return;
      arm();
      message.resume();
    },
    cancel() {
      if (release()) tear(message);
    },
  });
}

/**
 * Closes a connection so that the other side learns of it at its next write, not at the one after: a server that generates
 * looks no sooner.
 */
export function tear(message: { readonly socket: Socket | null; destroy(): unknown }): void {
  const { socket } = message;
  if (socket !== null && !socket.destroyed && !('encrypted' in socket)) socket.resetAndDestroy();
  message.destroy();
}

/** What a refusal says; the beginning of it, and as much as comes. */
export async function readWhole(message: IncomingMessage, limits: BodyLimits): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of streamBody(message, limits)) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > maxRefusalChars) break;
    }
  } catch {
    limits.signal.throwIfAborted();
  }
  return text;
}

const lineFeed = 0x0a;
const maxRefusalChars = 65_536;
const maxLineBytes = 1_048_576;
const maxStreamBytes = 33_554_432;
const maxWholeBytes = 134_217_728;

function endlessFailure(host: string): ModelFailure {
  return new ModelFailure('bad-answer', `The answer of ${host} does not end.`, {
    remedy: 'Its server may be damaged; restart it, or use another backend.',
  });
}
