import type { CheckRequest, CheckResult, Trees } from '../../../grammars/trees.js';

const mostTries = 3;

/**
 * Where a whole suggestion is refused, its lines may still be good without the last: what they close can be right, and
 * only what comes after be not. `typed` units of the text stand there already.
 */
export async function checkByLines(
  trees: Trees,
  request: CheckRequest,
  typed: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { text } = request;
  let { length } = text;
  for (let tries = 0; tries < mostTries; tries++) {
    const result = await trees.check({ ...request, text: text.slice(0, length) }, signal);
    if (result.verdict !== 'refused') return length === text.length ? result : cutAt(length, result);
    const lineBreak = text.lastIndexOf('\n', length - 1);
    length = text.slice(0, Math.max(0, lineBreak)).trimEnd().length;
    if (length <= typed) break;
  }
  return { keep: 0, verdict: 'refused' };
}

function cutAt(length: number, { keep, verdict }: CheckResult): CheckResult {
  return { keep: verdict === 'cut' ? keep : length, verdict: 'cut' };
}
