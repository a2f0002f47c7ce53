import type { Chunk, CodeSymbol } from '../codeIndex.js';
import { searchWords, splitIdentifier, stem } from '../identifiers.js';

/** What a chunk is found by in the BM25 ranking, separated by spaces. */
export function chunkWords(chunk: Chunk): string {
  return searchWords(`${chunk.name}\n${chunk.signatures}\n${chunk.text}`).join(' ');
}

/** What a chunk's vector is made of. */
export function chunkEmbeddingText(chunk: Chunk): string {
  return `${chunk.name}\n${chunk.signatures}\n${chunk.text}`;
}

/** What a symbol is found by: the parts of its name, the whole name, and the parts of its innermost container. */
export function symbolWords(name: string): string {
  const parts = splitIdentifier(name);
  const words = parts.map(stem);
  if (parts.length > 1) words.push(parts.join(''));
  return words.join(' ');
}

/** The chunk that a symbol is found in: the smallest that holds its start; -1 when none does. */
export function chunkOfSymbol(symbol: CodeSymbol, chunks: readonly Chunk[]): number {
  const { startLine, startColumn } = symbol.nameSpan;
  let best = -1;
  let bestLines = Infinity;
  for (const [index, { span }] of chunks.entries()) {
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
