import { probeTokens } from '../fim/detect.js';
import type { Transport } from '../transport.js';
import { escapeRegExp } from '../../base/escapeRegExp.js';

/**
 * Which of the tokens that tell families apart a model of Ollama has. They stand in what it shows at length, which is
 * megabytes: that is searched as it comes, as to parse it would hold up everything else for a long moment.
 */
export async function readOllamaPieces(
  { fetch }: Transport,
  base: string,
  model: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const body = JSON.stringify({ model, verbose: true });
  const response = await fetch(`${base}/api/show`, { method: 'POST', body, signal });
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const text = rest + decoder.decode(chunk, { stream: true });
    for (const [, token = ''] of text.matchAll(quotedTokens)) found.add(unescape(token));
    rest = text.slice(-longestChars);
  }
  return found;
}

/** Ollama writes angle brackets as escapes, which other writers of JSON do not. */
function escapesOf(token: string): string {
  return escapeRegExp(token).replaceAll('<', '(?:<|\\\\u003c)').replaceAll('>', '(?:>|\\\\u003e)');
}

function unescape(token: string): string {
  return token.replaceAll('\\u003c', '<').replaceAll('\\u003e', '>');
}

const quotedTokens = new RegExp(`"(${probeTokens.map(escapesOf).join('|')})"`, 'g');
const longestChars = 2 * 6 + 2 + Math.max(...probeTokens.map(({ length }) => length));
