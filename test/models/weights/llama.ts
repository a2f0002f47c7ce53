import type { GgufTensor, GgufValue } from './gguf.js';
import { vocabularyHeader, vocabularySize } from './byteVocabulary.js';

/** Sizes of a model of the llama architecture with one attention head in each layer. */
export interface LlamaShape {
  readonly name: string;
  readonly layers: number;
  readonly width: number;
  readonly headWidth: number;
  readonly feedForward: number;
  readonly contextTokens: number;
  readonly ropeBase: number;
}

/** A linear map, one row of weights for each output. */
export interface Matrix {
  readonly inputs: number;
  readonly outputs: number;
  readonly data: Float32Array;
}

export interface LlamaLayer {
  /** Multiplied with what the layer reads, after its root mean square has been made 1. */
  readonly norm: Float32Array;
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly output: Matrix;
  readonly feedForwardNorm: Float32Array;
  readonly gate: Matrix;
  readonly up: Matrix;
  readonly down: Matrix;
}

export interface LlamaWeights {
  readonly embedding: Matrix;
  readonly layers: readonly LlamaLayer[];
  readonly outputNorm: Float32Array;
  readonly output: Matrix;
}

export const rmsEpsilon = 1e-6;

export function zeros(outputs: number, inputs: number): Matrix {
  return { inputs, outputs, data: new Float32Array(inputs * outputs) };
}

export function set(matrix: Matrix, output: number, input: number, weight: number): void {
  matrix.data[output * matrix.inputs + input] = weight;
}

export function llamaHeader(shape: LlamaShape): Readonly<Record<string, GgufValue>> {
  const uint32 = (value: number): GgufValue => ({ type: 'uint32', value });
  return {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: shape.name },
    'general.license': { type: 'string', value: 'apache-2.0' },
    'llama.block_count': uint32(shape.layers),
    'llama.context_length': uint32(shape.contextTokens),
    'llama.embedding_length': uint32(shape.width),
    'llama.feed_forward_length': uint32(shape.feedForward),
    'llama.attention.head_count': uint32(1),
    'llama.attention.head_count_kv': uint32(1),
    'llama.attention.key_length': uint32(shape.headWidth),
    'llama.attention.value_length': uint32(shape.headWidth),
    'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: rmsEpsilon },
    'llama.rope.dimension_count': uint32(shape.headWidth),
    'llama.rope.freq_base': { type: 'float32', value: shape.ropeBase },
    'llama.vocab_size': uint32(vocabularySize),
    ...vocabularyHeader(),
  };
}

export function llamaTensors(weights: LlamaWeights): readonly GgufTensor[] {
  return [
    matrix('token_embd.weight', weights.embedding),
    ...weights.layers.flatMap((layer, index) => [
      vector(`blk.${index}.attn_norm.weight`, layer.norm),
      matrix(`blk.${index}.attn_q.weight`, layer.query),
      matrix(`blk.${index}.attn_k.weight`, layer.key),
      matrix(`blk.${index}.attn_v.weight`, layer.value),
      matrix(`blk.${index}.attn_output.weight`, layer.output),
      vector(`blk.${index}.ffn_norm.weight`, layer.feedForwardNorm),
      matrix(`blk.${index}.ffn_gate.weight`, layer.gate),
      matrix(`blk.${index}.ffn_up.weight`, layer.up),
      matrix(`blk.${index}.ffn_down.weight`, layer.down),
    ]),
    vector('output_norm.weight', weights.outputNorm),
    matrix('output.weight', weights.output),
  ];
}

function matrix(name: string, { inputs, outputs, data }: Matrix): GgufTensor {
  return { name, shape: [inputs, outputs], data };
}

function vector(name: string, data: Float32Array): GgufTensor {
  return { name, shape: [data.length], data };
}
