import { createHash } from 'node:crypto';
import type { Chunk, CodeSymbol } from '../codeIndex.js';
import { searchWords, splitIdentifier, stem } from '../identifiers.js';

/**
 * What a chunk is found by in the BM25 ranking, separated by spaces. Each word of its body counts once, since what a
 * function says ten times is not what it is about; its name and the line that declares it count more.
 */
export function chunkWords(chunk: Chunk): string {
  const name = searchWords(chunk.name);
  const declaration = searchWords(declarationLine(chunk));
  const body = searchWords(chunk.text, undefined, searchWords(chunk.signatures));
  return [...new Set(body), ...name, ...name, ...name, ...name, ...declaration].join(' ');
}

/** What a chunk's vector is made of, for an embedder that takes texts; the first line is its headline. */
export function chunkEmbeddingText(chunk: Chunk): string {
  return `${chunk.name} ${chunk.name} ${declarationLine(chunk)}\n${chunk.signatures}\n${chunk.text}`;
}

/** What a model makes a vector of. Never the path: the same text has the same vector, wherever it stands. */
export function modelText({ signatures, text }: Chunk): string {
  return signatures === '' ? text : `${signatures}\n${text}`;
}

/** Short for a text: with 96 bits, two texts of one workspace do not meet. */
export function textKey(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** What a symbol is found by: its name twice, in parts and whole, and once each the words of its signature and container. */
export function symbolWords(symbol: string | Pick<CodeSymbol, 'name' | 'signature' | 'container'>): string {
  const { name, signature, container } =
    typeof symbol === 'string' ? { name: symbol, signature: '', container: '' } : symbol;
  const parts = splitIdentifier(name);
  const words = parts.map(stem);
  if (parts.length > 1) words.push(parts.join(''));
  const around = new Set([...splitIdentifier(container).map(stem), ...searchWords(signature)]);
  return [...words, ...words, ...around].join(' ');
}

const maxLineUnits = 300;

/** The line of the chunk in which its name first stands; empty when it has none. */
export function declarationLine({ name, text }: Chunk): string {
  const at = name === '' ? -1 : text.indexOf(name);
  if (at < 0) return '';
  const start = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(Math.max(start, at - maxLineUnits), Math.min(end < 0 ? text.length : end, at + maxLineUnits));
}

/** The chunk that a symbol is found in: the smallest that holds its start; -1 when none does. */
export function chunkOfSymbol(symbol: CodeSymbol, chunks: readonly Chunk[]): number {
  const { startLine, startColumn } = symbol.nameSpan;
  let best = -1;
  let bestLines = Infinity;
  for (let index = 0; index < chunks.length; index++) {
    const span = chunks[index]?.span;
    if (span === undefined || span.startLine > startLine || span.endLine < startLine) continue;
    const startsBefore =
      span.startLine < startLine || (span.startLine === startLine && span.startColumn <= startColumn);
    const endsAfter = span.endLine > startLine || (span.endLine === startLine && span.endColumn > startColumn);
    if (startsBefore && endsAfter && span.endLine - span.startLine < bestLines) {
      best = index;
      bestLines = span.endLine - span.startLine;
    }
  }
  return best;
}
