import { badAnswer } from '../transportFailures.js';

/** What a line of a stream is: fine, the last one, or nothing that the protocol allows. */
export type LineKind = 'fine' | 'last' | 'bad';

/**
 * The same answer, read through line by line: it errors at a line that makes no sense, and it ends behind the last one even if
 * the server holds the connection. Client libraries print such lines to the console, wait on, or leave the connection unread.
 */
export function checkLines(response: Response, host: string, judge: (line: string) => LineKind): Response {
  const { body } = response;
  if (body === null) throw badAnswer(host);
  const source = body.getReader();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  /** The beginning of a line, in pieces: joined once, however small they come. */
  let held: string[] = [];
  let heldUnits = 0;
  let isOver = false;

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (!isOver) {
        const { done, value } = await source.read();
        const fresh = done ? decoder.decode() : decoder.decode(value, { stream: true });
        if (!done && !fresh.includes('\n')) {
          held.push(fresh);
          heldUnits += fresh.length;
          if (heldUnits <= maxLineUnits) continue;
          isOver = true;
          controller.error(badAnswer(host));
          await source.cancel();
          return;
        }
        const text = held.join('') + fresh;
        const end = done ? text.length : text.lastIndexOf('\n') + 1;
        held = [text.slice(end)];
        heldUnits = text.length - end;
        let passed = 0;
        while (passed < end) {
          const newline = text.indexOf('\n', passed);
          const next = newline === -1 ? end : newline + 1;
          const kind = judge(text.slice(passed, next).trim());
          if (kind === 'bad') {
            isOver = true;
            controller.error(badAnswer(host));
            await source.cancel();
            return;
          }
          passed = next;
          if (kind === 'last') {
            isOver = true;
            break;
          }
        }
        if (passed > 0) controller.enqueue(encoder.encode(`${text.slice(0, passed)}${isOver ? '\n\n' : ''}`));
        if (isOver || done) {
          controller.close();
          if (!done) void drain(source);
          isOver = true;
          return;
        }
        if (passed > 0) return;
      }
    },
    cancel: reason => source.cancel(reason),
  });
  return new Response(stream, { status: response.status, headers: response.headers });
}

/** Reads what little follows the last line, so that the connection can be used again; not for long. */
async function drain(source: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void source.cancel().catch(() => {}), drainMs);
  try {
    while (!(await source.read()).done);
  } catch {
    // Whole is whole: how the connection ends afterwards is nobody's concern.
  } finally {
    clearTimeout(timer);
  }
}

const drainMs = 500;
/** An answer in one piece has its vectors or its text in one line; what is longer never ends. */
const maxLineUnits = 8_000_000;

/** A line of server-sent events whose data are JSON, as all of these protocols have them. */
export function judgeEventLine(line: string): LineKind {
  if (line === '' || line.startsWith(':')) return 'fine';
  const data = /^data: ?(.*)$/.exec(line)?.[1];
  if (data === undefined) return /^(?:event|id|retry|error)(?::|$)/.test(line) ? 'fine' : 'bad';
  if (data === '[DONE]') return 'last';
  return isJson(data) ? 'fine' : 'bad';
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
