import { isRecord } from '../../base/record.js';
import { badAnswer, failureInside } from '../transportFailures.js';
import { checkLines, judgeEventLine } from './lines.js';

/** The objects of a stream of server-sent events. Throws ModelFailure for an error among them. */
export async function* eventsOf(
  response: Response,
  host: string,
  sent: readonly string[],
): AsyncGenerator<Readonly<Record<string, unknown>>, void, void> {
  const { body } = checkLines(response, host, judgeEventLine);
  if (body === null) throw badAnswer(host);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const data = /^(?:data|error): ?(.+)$/.exec(line.trim())?.[1];
      if (data === undefined || data === '[DONE]') continue;
      const value: unknown = JSON.parse(data);
      if (!isRecord(value)) throw badAnswer(host);
      if (line.startsWith('error')) throw failureInside(host, value, sent);
      if (value['error'] !== undefined && value['error'] !== null) throw failureInside(host, value['error'], sent);
      yield value;
    }
  }
}

/** A whole answer, as an object. */
export async function readObject(response: Response, host: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message holds a piece of the text.
    throw badAnswer(host);
  }
  if (!isRecord(value)) throw badAnswer(host);
  return value;
}
