import type { Chunk, CodeSymbol, Embedder } from '../codeIndex.js';
import type { WordEmbedder } from '../embed/hashedEmbedder.js';
import { createWordVectors } from '../embed/wordVectors.js';
import { splitIdentifier, stem } from '../identifiers.js';
import { createWordTable } from '../wordTable.js';
import { chunkEmbeddingText, declarationLine } from './wording.js';

/** The columns of words and of vectors, for many rows: the same as `chunkWords`, `symbolWords` and the embedder give. */
export interface WordRows {
  chunks(chunks: readonly Chunk[]): Promise<ChunkWordRows>;
  symbols(symbols: readonly CodeSymbol[]): string[];
}

export interface ChunkWordRows {
  readonly words: readonly string[];
  /** One vector after the other. */
  readonly vectors: Float32Array;
}

const maxNames = 20_000;

export function createWordRows(embedder: Embedder): WordRows {
  const { dimensions } = embedder;
  const table = createWordTable();
  const wordVectors = isWordEmbedder(embedder) ? createWordVectors(table, embedder) : null;
  const partsOf = new Map<string, readonly string[]>();

  const stems = (name: string): readonly string[] => {
    const known = partsOf.get(name);
    if (known !== undefined) return known;
    const parts = splitIdentifier(name);
    const words = parts.map(stem);
    // What a name is found by as a whole, at the end; a container is not.
    words.push(parts.length > 1 ? parts.join('') : '');
    if (partsOf.size >= maxNames) partsOf.clear();
    partsOf.set(name, words);
    return words;
  };
  const clearWhenFull = (): void => {
    if (!table.isFull) return;
    table.clear();
    wordVectors?.clear();
  };
  const read = (text: string): number[] => {
    const numbers: number[] = [];
    table.read(text, numbers);
    return numbers;
  };
  const joined = (numbers: Iterable<number>): string => {
    let line = '';
    for (const number of numbers) line += (line === '' ? '' : ' ') + table.word(number);
    return line;
  };

  return {
    async chunks(chunks) {
      const vectors = new Float32Array(chunks.length * dimensions);
      const words = chunks.map((chunk, at) => {
        clearWhenFull();
        const name = read(chunk.name);
        const declaration = read(declarationLine(chunk));
        const body = read(chunk.signatures);
        table.read(chunk.text, body);
        wordVectors?.write(
          [...name, ...name, ...declaration],
          body,
          vectors.subarray(at * dimensions, (at + 1) * dimensions),
        );
        const own = joined(name);
        return [joined(new Set(body)), own, own, own, own, joined(declaration)].filter(part => part !== '').join(' ');
      });
      if (wordVectors === null) {
        const embedded = await embedder.embed(chunks.map(chunkEmbeddingText), new AbortController().signal);
        for (const [at, values] of embedded.entries()) vectors.set(values, at * dimensions);
      }
      return { words, vectors };
    },

    symbols: symbols =>
      symbols.map(({ name, signature, container }) => {
        clearWhenFull();
        const parts = stems(name);
        const own = (parts.at(-1) === '' ? parts.slice(0, -1) : parts).join(' ');
        const around = new Set(stems(container).slice(0, -1));
        for (const number of read(signature)) around.add(table.word(number));
        return (own === '' ? [...around] : [own, own, ...around]).join(' ');
      }),
  };
}

function isWordEmbedder(embedder: Embedder): embedder is WordEmbedder {
  return 'featuresOf' in embedder;
}
