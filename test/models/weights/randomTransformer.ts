import { vocabularySize } from './byteVocabulary.js';
import { encodeGguf } from './gguf.js';
import { llamaHeader, llamaTensors, zeros, type LlamaShape, type Matrix } from './llama.js';
import { createRandom } from './random.js';

/** A model that says nothing but noise, and needs next to nothing: for what does not look at the text. */
export function randomTransformer(): readonly Uint8Array[] {
  const random = createRandom(1);
  const noise = (outputs: number, inputs: number): Matrix => {
    const matrix = zeros(outputs, inputs);
    for (let index = 0; index < matrix.data.length; index++)
      matrix.data[index] = (random() - 0.5) * (2 / Math.sqrt(inputs));
    return matrix;
  };
  const { width, headWidth, feedForward } = shape;
  const ones = new Float32Array(width).fill(1);
  return encodeGguf(
    llamaHeader(shape),
    llamaTensors({
      embedding: noise(vocabularySize, width),
      layers: Array.from({ length: shape.layers }, () => ({
        norm: ones,
        query: noise(headWidth, width),
        key: noise(headWidth, width),
        value: noise(headWidth, width),
        output: noise(width, headWidth),
        feedForwardNorm: ones,
        gate: noise(feedForward, width),
        up: noise(feedForward, width),
        down: noise(width, feedForward),
      })),
      outputNorm: ones,
      output: noise(vocabularySize, width),
    }),
  );
}

const shape: LlamaShape = {
  name: 'understudy-random',
  layers: 2,
  width: 64,
  headWidth: 64,
  feedForward: 128,
  contextTokens: 4096,
  ropeBase: 10_000,
};
